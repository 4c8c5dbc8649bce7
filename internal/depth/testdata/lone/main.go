// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Lone compares values that hold nothing but an interface, and keeps keys in a sync.Map. No value in it holds others without end.
package main

import (
	"sync"

	"github.com/spadego/spade/internal/depth/testdata/stack"
)

// A lone is a type of its own for each A.
type lone[A any] struct{ x any }

//go:noinline
func wrapped[A any](x any) any { return lone[A]{x} }

func wrapped2[A any](x any) any  { return wrapped[[1]A](wrapped[[2]A](x)) }
func wrapped4[A any](x any) any  { return wrapped2[[3]A](wrapped2[[4]A](x)) }
func wrapped8[A any](x any) any  { return wrapped4[[5]A](wrapped4[[6]A](x)) }
func wrapped16[A any](x any) any { return wrapped8[[7]A](wrapped8[[8]A](x)) }
func wrapped32[A any](x any) any { return wrapped16[[9]A](wrapped16[[10]A](x)) }
func wrapped64[A any](x any) any { return wrapped32[[11]A](wrapped32[[12]A](x)) }

type array [1]any

//go:noinline
func nested(x any) any { return wrapped64[int](array{x}) }

var same bool

// comparesLone panics where it compares what can't be: so that a deferred function runs on top of all that compares.
func comparesLone(a, b any) {
	defer func() {
		_ = recover()
		stack.Deep()
		stack.Done <- true
	}()
	same = a == b
}

type key struct{ name, of string }

var (
	kept  sync.Map
	count int
)

func mapped() {
	for _, name := range []string{"a", "b", "c"} {
		kept.Store(name, 1)
		kept.Store(key{name, "d"}, 2)
	}
	if _, known := kept.Load("b"); known {
		count++
	}
	if kept.CompareAndDelete(key{"a", "d"}, 2) {
		count++
	}
	stack.Deep()
	stack.Done <- true
}

func main() {
	go comparesLone(nested([]int{1}), nested([]int{1}))
	stack.Report("main.comparesLone")
	go mapped()
	stack.Report("main.mapped")
}
