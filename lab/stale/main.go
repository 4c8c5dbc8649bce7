// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Stale keeps the address of a variable on the stack as a number, which Go does
// not adjust, and says what a reader finds there later: kept is the part of the
// bytes there that have the variable's last value.
//
//	dead    the variable's function has returned, and others have been called
//	moved   the stack has grown and then the variable was changed: it is
//	        elsewhere or, where stacks grow in place, where it was
//	ended   the goroutine has ended
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"github.com/spadego/spade/lab/internal/dig"
	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	which := flag.String("mode", "dead", "dead, moved or ended")
	n := flag.Int("n", 1000, "goroutines to look at")
	flag.Parse()
	look, found := map[string]func() int{"dead": dead, "moved": moved, "ended": ended}[*which]
	if !found {
		fmt.Fprintf(os.Stderr, "stale: no mode %q: use dead, moved or ended\n", *which)
		os.Exit(2)
	}
	stretch := sample.Begin()
	kept := 0
	counts := make(chan int)
	for range *n {
		go func() { counts <- look() }()
		kept += <-counts
	}
	stretch.End(os.Stdout, "Stale/"+*which, *n, sample.Figure{Value: float64(kept) / float64(*n*size), Unit: "kept"})
}

const (
	size  = 256
	first = 0x5a
	last  = 0xa5
)

func dead() int {
	stale := leave()
	down(2 << 10)
	return count(stale, last)
}

// leave returns the address of an array of its own.
//
//go:noinline
func leave() uintptr {
	var local [size]byte
	fill(&local, last)
	return uintptr(unsafe.Pointer(&local))
}

func moved() int {
	down(4 << 10) // under spade, from the small stack into a slot
	var local [size]byte
	fill(&local, first)
	stale := uintptr(unsafe.Pointer(&local))
	down(24 << 10)
	fill(&local, last)
	return count(stale, last)
}

func ended() int {
	others := runtime.NumGoroutine()
	address := make(chan uintptr, 1)
	go func() {
		down(24 << 10)
		address <- leave()
	}()
	for runtime.NumGoroutine() > others {
		runtime.Gosched()
	}
	runtime.Gosched()
	return count(<-address, last)
}

func down(depth int) {
	shape, err := dig.Of(depth, dig.Large)
	if err != nil {
		panic(err)
	}
	shape.Down()
}

//go:noinline
func fill(bytes *[size]byte, value byte) {
	for i := range bytes {
		bytes[i] = value
	}
}

// count returns how many bytes at a stale address have a value. The memory
// is mapped: the runtime keeps freed stacks.
//
//go:nocheckptr
//go:noinline
func count(stale uintptr, value byte) int {
	n := 0
	for i := range uintptr(size) {
		at := stale + i
		if **(**byte)(unsafe.Pointer(&at)) == value {
			n++
		}
	}
	return n
}
