// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Corpus drives one goroutine after the other down a path, and prints how many bytes of its stack it used at most where it called
// mark, and how large the stack was then. A comment "want" says what spade depth has to find of a function that goroutines start with:
// its status; for a cycle, the functions, after "possible" or "reachable" if it is not certain, or only once it is reached; the kind of an unknown, or of the entry; and by how much the bound may be too large, 5% of what was used if it says nothing.
//
// Given the name of a file, it writes there the frames of all goroutines where they called mark, as their frame pointers tell: the address that a
// frame's callee returns to, and how far the stack pointer was there below its place on entry. An empty line ends each goroutine's.
package main

import (
	"fmt"
	"os"

	"github.com/spadego/spade/internal/depth/testdata/stack"
)

// framePointer returns the frame pointer of its caller: the place where that has put its caller's.
func framePointer() uintptr

// frameAt returns what is at a frame pointer: that of the caller, and where the function returns to.
func frameAt(pointer uintptr) (caller, pc uintptr)

// A frame is one of those that are observed; an empty one ends a goroutine's.
type frame struct{ pc, height uintptr }

var (
	frames [1 << 17]frame
	filled int
)

var (
	deepest uintptr // since the last report
	largest uintptr
	done    = make(chan bool)
)

// mark is called where a goroutine is deepest.
//
//go:nosplit
func mark() {
	deepest = max(deepest, stack.Used())
	largest = max(largest, stack.Size())
	for pointer := framePointer(); filled < len(frames); filled++ {
		caller, pc := frameAt(pointer)
		if caller == 0 {
			filled++
			break
		}
		frames[filled] = frame{pc, caller - pointer - 8} // the caller's return address, and ours
		pointer = caller
	}
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
	startPromoted()
	startOthers()
	startSizes()
	if len(os.Args) > 1 {
		writeFrames(os.Args[1])
	}
}

func writeFrames(name string) {
	var text []byte
	for _, f := range frames[:min(filled, len(frames))] {
		if f.pc != 0 {
			text = fmt.Appendf(text, "%x %d", f.pc, f.height)
		}
		text = append(text, '\n')
	}
	if err := os.WriteFile(name, text, 0o666); err != nil {
		panic(err)
	}
}
