// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Assert has goroutines whose bounds rest on what the comments assert. It prints how deep they got, as corpus does.
package main

import (
	"reflect"
	"unsafe"

	"github.com/spadego/spade/internal/depth/testdata/stack"
)

func callsAnything(f func())

var sink int

type pad [16 << 10]byte

//go:noinline
//go:nosplit
func use(p *pad) { p[1] = 1 }

//go:noinline
func deep() { stack.Deep() }

func main() {
	go direct()
	stack.Report("main.direct")
	go twice()
	stack.Report("main.twice")
	go nested()
	stack.Report("main.nested")
	go throughPanic()
	stack.Report("main.throughPanic")
	go generic()
	stack.Report("main.generic")
	go reflected()
	stack.Report("main.reflected")
	go inAssembly()
	stack.Report("main.inAssembly")
	go punned()
	stack.Report("main.punned")
	go (*(*func())(started))() //spade:calls startedDeep
	stack.Report("main.startedDeep")
}

// want 8 turns
func direct() {
	countDown(7)
	stack.Done <- true
}

// countDown is called with 7 at most.
//
//go:noinline
//spade:turns 8
func countDown(n int) {
	if n == 0 {
		deep()
		return
	}
	countDown(n - 1)
	stack.Mark()
}

// want 16 turns: the second descent starts when nothing of the first one is on the stack.
func twice() {
	countDown(3)
	again(15)
	stack.Done <- true
}

//go:noinline
func again(n int) {
	if n == 0 {
		countDown(7)
		return
	}
	var local [10]int
	local[n%10] = n
	otherwise(n - 1)
	sink = local[n%7]
}

//go:noinline
func otherwise(n int) { again(n) }

//spade:turns 16 in main.again

// want 5 turns of one recursion in each of 3 of another
func nested() {
	outer(2)
	stack.Done <- true
}

//spade:turns 3
//go:noinline
func outer(n int) {
	inner(4, n)
	stack.Mark()
}

//go:noinline
func inner(m, n int) {
	if m > 0 {
		inner(m-1, n)
	} else if n > 0 {
		outer(n - 1)
	} else {
		deep()
	}
	stack.Mark()
}

// In the innermost of five calls there is another outer, so five of each.
//
//spade:turns 15 in inner

// want 4 turns, each on top of the frames of a panic
func throughPanic() {
	fall(3)
	stack.Done <- true
}

//go:noinline
func panicDeep() {
	var p pad
	use(&p)
	stack.Mark()
	panic("deep")
}

//spade:turns 4
//go:noinline
func fall(n int) {
	defer func() {
		recover()
		if n == 0 {
			deep()
			return
		}
		fall(n - 1)
	}()
	panicDeep()
}

type list[T any] struct {
	next *list[T]
	item T
}

// want 3 turns
func generic() {
	(&list[int]{item: 1, next: &list[int]{next: &list[int]{}}}).visit()
	stack.Done <- true
}

//spade:turns 3
//go:noinline
func (l *list[T]) visit() {
	if l.next != nil {
		l.next.visit()
	} else {
		deep()
	}
	stack.Mark()
}

// want deep
func reflected() {
	reflect.ValueOf(deep).Call(nil) //spade:calls deep, main.shallow
	stack.Done <- true
}

//go:noinline
func shallow() { stack.Mark() }

// Package reflect calls functions of its own in turn, by the types of what it calls; here there are no arguments.
//
//spade:turns 1 in reflect.(*abiSeq).regAssign
//spade:turns 1 in reflect.addTypeBits
//spade:turns 1 in reflect.haveIdenticalUnderlyingType
//spade:turns 1 in runtime.typehash
//spade:turns 1 in runtime.efaceeq
//spade:turns 1 in runtime.ifaceeq

// want deep
func inAssembly() {
	callsAnything(deep)
	stack.Done <- true
}

//spade:calls deep in main.callsAnything

//go:noinline
func deepFunction(n int16) int16 {
	deep()
	return n
}

//go:noinline
func cyclicFunction(n int16) int16 {
	if n > 0 {
		return cyclicFunction(n - 1)
	}
	return n
}

var (
	hidden = unsafe.Pointer(func() *func(int16) int16 { f := deepFunction; return &f }())
	other  = cyclicFunction
)

// want deep: by its type alone, the call would lead to a recursion
func punned() {
	f := *(*func(int16) int16)(hidden)
	f(3) //spade:calls deepFunction
	stack.Done <- true
}

var started = unsafe.Pointer(func() *func() { f := startedDeep; return &f }())

// want deep
func startedDeep() {
	callsAnything(deep)
	stack.Done <- true
}
