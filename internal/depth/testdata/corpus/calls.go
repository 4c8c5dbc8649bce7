// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"errors"
	"slices"
)

func startCalls() {
	go simple()
	report("main.simple")
	go pointsToItself(new(pointer))
	report("main.pointsToItself")
	go twoMethods()
	report("main.twoMethods")
	go oneMethod()
	report("main.oneMethod")
	go twoFunctions()
	report("main.twoFunctions")
	go methodValue(worker{})
	report("main.methodValue")
	go methodExpression(worker{})
	report("main.methodExpression")
	go promoted()
	report("main.promoted")
	go closure(3)
	report("main.closure")
	go overFunction()
	report("main.overFunction")
	go givenDeep()
	report("main.givenDeep")
	go givenFlat()
	report("main.givenFlat")
	go compares(boxed, errors.ErrUnsupported)
	report("main.compares")
	go profiled()
	report("main.profiled")
	go sorts()
	report("main.sorts")
	go sortsByDeep()
	report("main.sortsByDeep")
	go neverHooked()
	report("main.neverHooked")
	readBy.read = theFile.readDeep
	go embeddedInterface()
	report("main.embeddedInterface")
}

var second = true

// want exact
func simple() {
	deep()
	done <- true
}

// A pointer points to a pointer to a pointer.
type pointer **pointer

// want exact
func pointsToItself(p *pointer) {
	q := pointer(&p)
	*q = p
	deep()
	done <- true
}

type runner interface{ run() }

type near struct{}
type far struct{}

//go:noinline
func (near) run() { shallow() }

//go:noinline
func (far) run() { deep() }

// want upper bound
func twoMethods() {
	var r runner = near{}
	if second {
		r = far{}
	}
	r.run()
	done <- true
}

type only interface{ runAlone() }

type alone [3]int

//go:noinline
func (alone) runAlone() { deep() }

var theOnly only = alone{1, 2, 3}

// want exact
func oneMethod() {
	theOnly.runAlone()
	done <- true
}

type holder struct{ first, second func() }

var held = holder{shallow, deep}

// want upper bound
func twoFunctions() {
	f := held.first
	if second {
		f = held.second
	}
	f()
	done <- true
}

type worker struct{ n [4]int }

//go:noinline
func (w worker) work(n int) {
	sink = w.n[n]
	deep()
}

//go:noinline
func callWith(f func(int), n int) {
	f(n)
	mark()
}

// want exact
func methodValue(w worker) {
	callWith(w.work, 2)
	done <- true
}

//go:noinline
func callOn(f func(worker, int), w worker) {
	f(w, 1)
	mark()
}

// want exact
func methodExpression(w worker) {
	callOn(worker.work, w)
	done <- true
}

// wrapping has the method of what it holds, by a function that the compiler writes.
type wrapping struct {
	n int
	inner
}

type inner interface{ promote() }

type innermost struct{}

//go:noinline
func (*innermost) promote() { deep() }

type promoter interface{ promote() }

var thePromoter promoter = &wrapping{1, &innermost{}}

// want upper bound
func promoted() {
	thePromoter.promote()
	done <- true
}

//go:noinline
func callBack(f func()) {
	f()
	mark()
}

// want exact
func closure(n int) {
	local := n
	callThis(func() {
		local++
		deep()
	})
	sink = local
	done <- true
}

//go:noinline
func callThis(f func()) {
	f()
	mark()
}

//go:noinline
func sequence(yield func(int) bool) {
	for i := range 3 {
		if !yield(i) {
			return
		}
	}
	mark()
}

// want exact
func overFunction() {
	for i := range sequence {
		sink += i
		deep()
	}
	done <- true
}

// What a function is given depends on the call.
//
// want exact
func givenDeep() {
	callsGiven(deep)
	done <- true
}

// want exact
func givenFlat() {
	callsGiven(deepLess)
	done <- true
}

//go:noinline
func callsGiven(f func()) {
	handsOn(f, 1)
	mark()
}

//go:noinline
func handsOn(f func(), n int) {
	f()
	sink = n
	mark()
}

// A pair holds an interface, and may itself be in one; but in this program no pair is ever in a pair.
type pair struct {
	value any
	n     int
}

var boxed any = pair{3, 4}

// want exact
func compares(a any, b error) {
	if a == any(b) || a == any(pair{sink, 1}) {
		sink++
	}
	deep()
	done <- true
}

// hot is too large to be inlined, but for a call that a profile shows to be frequent.
func hot(n int) int {
	var a [64]int
	for i := range a {
		a[i] = n * i
		if n&i == 1 {
			a[i] += a[n&31] + i
		}
		if n&i == 2 {
			a[i] -= a[n&15] - i
		}
		if n&i == 4 {
			a[i] ^= a[n&7] + 3*i
		}
		if n&i == 8 {
			a[i] |= a[n&3] + 5*i
		}
	}
	deep()
	return a[n&63]
}

// want exact
func profiled() {
	sink = hot(sink)
	done <- true
}

// sorts is about a recursion that is known to end: the function that sorts calls itself for at most half of what it has.
//
// want exact
func sorts() {
	slices.Sort(numbers)
	var p pad // deeper than the most turns
	use(&p)
	deep()
	use(&p)
	done <- true
}

var numbers = []int{3, 1, 2}

// want upper bound 100%
func sortsByDeep() {
	slices.SortFunc(numbers, func(a, b int) int {
		deep()
		return a - b
	})
	done <- true
}

var hook struct{ call func(int8) }

// setsHook is not in the binary, nor is what it sets.
func setsHook() {
	hook.call = func(n int8) {
		deep()
		sink = int(n)
	}
}

// want exact
func neverHooked() {
	if hook.call != nil {
		hook.call(1)
	}
	deep()
	done <- true
}

// The value of an interface's method that comes from an interface embedded in it is named by the outer one.
type deepReader interface{ readDeep(n int16) int16 }

type deepFile interface {
	deepReader
	closeDeep()
}

type deepest2 struct{ n int16 }

//go:noinline
func (d *deepest2) readDeep(n int16) int16 {
	deep()
	return n + d.n
}

func (*deepest2) closeDeep() {}

var (
	theFile deepFile = &deepest2{1}
	readBy  struct{ read func(int16) int16 }
)

// want exact
func embeddedInterface() {
	sink = int(readBy.read(2))
	done <- true
}
