// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import "runtime"

func startPanics() {
	go recovers()
	report("main.recovers")
	go unlocks()
	report("main.unlocks")
	go exits()
	report("main.exits")
	go nilPointer(nil)
	report("main.nilPointer")
	go nilAtOnce(nil)
	report("main.nilAtOnce")
	go panicsTwice()
	report("main.panicsTwice")
	go defersValue(8)
	report("main.defersValue")
	go defersInRange()
	report("main.defersInRange")
}

//go:noinline
func panicDeep() {
	var p pad
	use(&p)
	panic("deep")
}

// The deferred function runs on top of the frame that panics.
//
// want upper bound
func recovers() {
	guarded()
	done <- true
}

//go:noinline
func guarded() {
	defer func() {
		recover()
		deep()
	}()
	panicDeep()
}

// Nobody recovers here, so a panic would be the end: what is deferred runs when the function ends.
//
// want exact
func unlocks() {
	locked()
	done <- true
}

//go:noinline
func locked() {
	defer deep()
	shallow()
}

// Goexit runs deferred functions where it is called.
//
// want upper bound
func exits() {
	defer func() { done <- true }()
	exiting()
}

//go:noinline
func exiting() {
	defer deep()
	exitDeep()
}

//go:noinline
func exitDeep() {
	var p pad
	use(&p)
	runtime.Goexit()
}

// want upper bound
func nilPointer(p *int) {
	guardedFault(p)
	done <- true
}

//go:noinline
func guardedFault(p *int) {
	defer func() {
		recover()
		deep()
	}()
	fault(p)
}

//go:noinline
func fault(p *int) int {
	var q pad
	use(&q)
	return *p + int(q[2])
}

// The function that faults has no frame, and is left by the instruction in which it starts.
//
// want upper bound 19%
func nilAtOnce(p *int) {
	guardedAtOnce(p)
	done <- true
}

//go:noinline
func guardedAtOnce(p *int) {
	defer func() {
		recover()
		deep()
	}()
	faultAtOnce(p)
}

//go:noinline
func faultAtOnce(p *int) int { return *p }

// What is deferred panics again, on top of the first panic; what recovers runs on top of both.
//
// want upper bound 15%
func panicsTwice() {
	guardedTwice()
	done <- true
}

//go:noinline
func guardedTwice() {
	defer func() {
		recover()
		deep()
	}()
	defer panicDeep()
	panicDeep()
}

// A function value is deferred with an argument.
//
// want upper bound
func defersValue(n int) {
	deferValue(n)
	done <- true
}

//go:noinline
func deferValue(n int) {
	f := shallowNumber
	if second {
		f = deepNumber
	}
	defer f(n)
	shallow()
}

//go:noinline
func shallowNumber(n int) { sink = n }

//go:noinline
func deepNumber(n int) {
	deep()
	sink = n
}

// The body of the loop is a function, and what it defers runs when the function around the loop ends.
//
// want exact
func defersInRange() {
	rangeAndDefer()
	done <- true
}

//go:noinline
func rangeAndDefer() {
	for range twice {
		defer deep()
	}
}

//go:noinline
func twice(yield func() bool) {
	if yield() && yield() {
		mark()
	}
}
