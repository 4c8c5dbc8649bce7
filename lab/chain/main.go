// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Chain calls 1,024 small functions, each of which calls the next through a
// table: more code than a first-level instruction cache holds, and a check on
// the stack at the head of every piece of it. An operation is one call.
package main

import (
	"flag"
	"os"
	"unsafe"

	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	n := flag.Int("n", 1_000_000, "calls, rounded up to whole chains")
	flag.Parse()
	var table []link
	grow10[struct{}](&table)
	chains := (*n + len(table) - 1) / len(table)
	run(table, min(chains, 3))
	stretch := sample.Begin()
	run(table, chains)
	stretch.End(os.Stdout, "Chain/indirect", chains*len(table))
}

var sink uintptr

func run(table []link, chains int) {
	for range chains {
		sink += table[0](table, sink)
	}
}

// A link calls the first function of rest, and has a part in the value.
type link func(rest []link, value uintptr) uintptr

// step is a link for each T of another shape, for which the compiler makes a function of its own.
func step[T any](rest []link, value uintptr) uintptr {
	var shape T
	value ^= unsafe.Sizeof(shape)
	if rest = rest[1:]; len(rest) == 0 {
		return value
	}
	return rest[0](rest, value) + 1
}

// Each of these has two shapes for each shape that it is given, so that there are two to the tenth of them in the end.
type (
	narrow[T any] struct {
		_ T
		_ int8
	}
	broad[T any] struct {
		_ T
		_ int64
	}
)

func grow10[T any](t *[]link) { grow9[narrow[T]](t); grow9[broad[T]](t) }
func grow9[T any](t *[]link)  { grow8[narrow[T]](t); grow8[broad[T]](t) }
func grow8[T any](t *[]link)  { grow7[narrow[T]](t); grow7[broad[T]](t) }
func grow7[T any](t *[]link)  { grow6[narrow[T]](t); grow6[broad[T]](t) }
func grow6[T any](t *[]link)  { grow5[narrow[T]](t); grow5[broad[T]](t) }
func grow5[T any](t *[]link)  { grow4[narrow[T]](t); grow4[broad[T]](t) }
func grow4[T any](t *[]link)  { grow3[narrow[T]](t); grow3[broad[T]](t) }
func grow3[T any](t *[]link)  { grow2[narrow[T]](t); grow2[broad[T]](t) }
func grow2[T any](t *[]link)  { grow1[narrow[T]](t); grow1[broad[T]](t) }
func grow1[T any](t *[]link)  { *t = append(*t, step[narrow[T]], step[broad[T]]) }
