// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Defers goes down a recursion in which every level defers a closure, each time
// on a goroutine of its own. Its loop calls the same closure as often without
// going down.
//
// level-bytes is how far apart the frames of two levels are; first-growth is
// the number of levels at which a new goroutine's stack grows for the first
// time, known on spade's runtime only.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/metrics"
	"unsafe"

	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	which := flag.String("mode", "recursion", "recursion or loop")
	depth := flag.Int("depth", 256, "levels")
	n := flag.Int("n", 10_000, "goroutines to start")
	flag.Parse()
	down, found := map[string]func(int, *int){"recursion": recurse, "loop": loop}[*which]
	if !found {
		fmt.Fprintf(os.Stderr, "defers: no mode %q: use recursion or loop\n", *which)
		os.Exit(2)
	}
	var figures []sample.Figure
	if *which == "recursion" {
		figures = append(figures, sample.Figure{Value: float64(levelBytes()), Unit: "level-bytes"})
		if levels := firstGrowth(); levels > 0 {
			figures = append(figures, sample.Figure{Value: float64(levels), Unit: "first-growth"})
		}
	}
	run := func(n int) {
		done := make(chan int)
		for range n {
			go func() {
				sum := 0
				down(*depth, &sum)
				done <- sum
			}()
			<-done
		}
	}
	run(min(*n, 1000))
	stretch := sample.Begin()
	run(*n)
	stretch.End(os.Stdout, fmt.Sprintf("Defers/%s/%d", *which, *depth), *n, figures...)
}

//go:noinline
func recurse(levels int, sum *int) {
	defer func() { *sum += levels }()
	if levels > 1 {
		recurse(levels-1, sum)
	}
}

func loop(levels int, sum *int) {
	for ; levels > 0; levels-- {
		call(func() { *sum += levels })
	}
}

//go:noinline
func call(f func()) { f() }

// levelBytes is measured on a twin of recurse that notes where its argument's
// copy lies, on a stack that is large enough already.
func levelBytes() uintptr {
	span := make(chan uintptr)
	go func() {
		var sum int
		recurse(256, &sum)
		var first, second uintptr
		noting(2, &sum, &first, &second)
		span <- first - second
	}()
	return <-span
}

//go:noinline
func noting(levels int, sum *int, first, second *uintptr) {
	defer func() { *sum += levels }()
	at := uintptr(unsafe.Pointer(&levels))
	if levels > 1 {
		*first = at
		noting(levels-1, sum, first, second)
		return
	}
	*second = at
}

// firstGrowth returns the fewest levels that make a new goroutine's stack grow,
// or 0 if growths are not counted or none is seen.
func firstGrowth() int {
	count := []metrics.Sample{{Name: "/spade/stack/growths:growths"}}
	growths := func() uint64 {
		metrics.Read(count)
		if count[0].Value.Kind() != metrics.KindUint64 {
			return 0
		}
		return count[0].Value.Uint64()
	}
	growths() // the first reading goes deep itself
	done := make(chan int)
	for levels := 1; levels <= 256; levels++ {
		before := growths()
		go func() {
			sum := 0
			recurse(levels, &sum)
			done <- sum
		}()
		<-done
		if growths() > before {
			return levels
		}
	}
	return 0
}
