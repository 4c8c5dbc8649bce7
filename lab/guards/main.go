// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Guards makes faults of several kinds and looks what becomes of them: told is
// the part of the kinds of which all were taken for what they are.
//
//	deep      a recursion of 30 MB: no panic, the stack has room
//	nil       a nil pointer is followed: a panic
//	wild      a pointer to where nothing is: a panic, with SetPanicOnFault
//	own       a pointer into the guard of the goroutine's own stack, of which
//	          the stack is far: a panic likewise
//	other     a pointer into the guard of another goroutine's stack: likewise
//
// Own and other need slots with guards, of -slot bytes each; without, they are
// left out. An operation is a fault of each kind, or a recursion.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"unsafe"

	"github.com/spadego/spade/lab/internal/dig"
	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	slot := flag.Int("slot", 0, "bytes of a stack's slot; 0: stacks have none")
	n := flag.Int("n", 100, "faults of each kind")
	flag.Parse()
	stretch := sample.Begin()
	told, kinds := 0, 0
	look := func(k kind) {
		kinds++
		if k.told(*n) {
			told++
		}
	}
	look(kind{false, deep})
	crowd(1000) // more than the large slots that goroutines start in while there are some
	look(kind{true, followNil})
	look(kind{true, wild})
	if *slot > 0 {
		look(kind{true, own(*slot)})
		look(kind{true, other(*slot)})
	}
	stretch.End(os.Stdout, "Guards", *n,
		sample.Figure{Value: float64(told) / float64(kinds), Unit: "told"}, sample.Figure{Value: float64(kinds), Unit: "kinds"})
}

// A kind is what a goroutine does, and whether a panic is what should become of it.
type kind struct {
	panics bool
	do     func()
}

// told reports whether n of its kind went as they should.
func (k kind) told(n int) bool {
	right := make(chan bool)
	for range n {
		go func() {
			defer func() { right <- (recover() != nil) == k.panics }()
			debug.SetPanicOnFault(true)
			k.do()
		}()
		if !<-right {
			return false
		}
	}
	return true
}

var nowhere *int

func followNil() { read(uintptr(unsafe.Pointer(nowhere))) }

func wild() { read(0x123456789000) }

func own(slot int) func() {
	return func() { read(guard(slot)) }
}

// other reads the guard of a goroutine that waits meanwhile.
func other(slot int) func() {
	address, leave := make(chan uintptr), make(chan struct{})
	go func() {
		address <- guard(slot)
		<-leave
	}()
	theirs := <-address
	return func() { read(theirs) }
}

// guard returns an address in the guard of the caller's stack. A slot ends 1 MB
// above a multiple of 2 MB, and its guard is at its start.
func guard(slot int) uintptr {
	var here byte
	const align = 2 << 20
	end := (uintptr(unsafe.Pointer(&here))+align/2)&^(align-1) + align/2
	return end - uintptr(slot) + 4096
}

func deep() {
	shape, err := dig.Of(30<<20, dig.Large)
	if err != nil {
		panic(fmt.Sprint("a depth that can't be had: ", err))
	}
	shape.Down()
}

//go:nocheckptr
//go:noinline
func read(address uintptr) byte { return **(**byte)(unsafe.Pointer(&address)) }

// crowd starts goroutines that wait for good.
func crowd(n int) {
	waiting := make(chan struct{})
	for range n {
		go func() {
			waiting <- struct{}{}
			select {}
		}()
		<-waiting
	}
}
