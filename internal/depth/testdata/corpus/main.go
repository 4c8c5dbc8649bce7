// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Corpus drives one goroutine after the other down a path, and prints how many bytes of its stack it used at most where it called
// mark, and how large the stack was then. A comment "want" says what spade depth has to find of a function that goroutines start with:
// its status; for a cycle, the functions; the kind of an unknown, or of the entry; and by how much the bound may be too large, 5% of what was used if it says nothing.
package main

import (
	"fmt"
	"os"
)

// used returns how far the place of the stack pointer on entry to it is below the stack's upper end.
func used() uintptr

// size returns how large the stack is.
func size() uintptr

var (
	deepest uintptr // since the last report
	largest uintptr
	done    = make(chan bool)
)

// mark is called where a goroutine is deepest.
//
//go:nosplit
func mark() {
	deepest = max(deepest, used())
	largest = max(largest, size())
}

// pad is a frame that is larger than all that the runtime does on a goroutine's stack.
type pad [16 << 10]byte

//go:noinline
//go:nosplit
func use(p *pad) { p[1] = 1 }

// deep is as deep as a goroutine of the corpus gets, unless it is about more.
//
//go:noinline
func deep() {
	var p pad
	use(&p)
	mark()
	use(&p)
}

// shallow has a small frame.
//
//go:noinline
func shallow() { mark() }

func report(name string) {
	<-done
	fmt.Fprintln(os.Stdout, name, deepest, largest)
	deepest, largest = 0, 0
}

func main() {
	startRecursion()
	startCalls()
	startPanics()
	startGenerics()
	startAssembly()
	startOthers()
	startSizes()
}
