// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

func startRecursion() {
	for turns := 1; turns <= 2; turns++ {
		go direct(turns)
		report("main.direct")
		go mutual(turns)
		report("main.mutual")
		go throughInterface(turns)
		report("main.throughInterface")
		go throughPanic(turns)
		report("main.throughPanic")
		go throughLinks(turns)
		report("main.throughLinks")
		go chosen(turns)
		report("main.chosen")
		go deferring(turns)
		report("main.deferring")
	}
}

// want unbounded main.countDown
func direct(turns int) {
	countDown(8 * turns)
	done <- true
}

//go:noinline
func countDown(n int) {
	if n == 0 {
		deep()
		return
	}
	countDown(n - 1)
	mark()
}

// want unbounded main.even main.odd
func mutual(turns int) {
	even(16 * turns)
	done <- true
}

//go:noinline
func even(n int) {
	if n == 0 {
		deep()
		return
	}
	var local [10]int
	local[n%10] = n
	odd(n - 1)
	sink = local[n%7]
}

//go:noinline
func odd(n int) {
	even(n - 1)
	mark()
}

var sink int

// A node's method calls the same method of another node, of which nothing but the interface is known.
type walker interface{ walk(n int) }

type step struct{ next walker }

//go:noinline
func (s *step) walk(n int) {
	if n == 0 {
		deep()
		return
	}
	s.next.walk(n - 1)
	mark()
}

// want unbounded main.(*step).walk
func throughInterface(turns int) {
	s := &step{}
	s.next = s
	var w walker = s
	w.walk(8 * turns)
	done <- true
}

// Each turn panics, and what recovers takes the next one on top of the frames of the panic.
//
// want unbounded main.fall main.fall.func1 1%
func throughPanic(turns int) {
	fall(8 * turns)
	done <- true
}

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

// A chain ends somewhere, with a link of another kind: for all that is known of what a ring calls, it need not be a ring again.
type link interface{ follow() }

type ring struct{ next link }

type end struct{}

//go:noinline
func (r *ring) follow() {
	r.next.follow()
	mark()
}

//go:noinline
func (*end) follow() { deep() }

// want unbounded possible main.(*ring).follow
func throughLinks(turns int) {
	var l link = &end{}
	for range 8 * turns {
		l = &ring{l}
	}
	l.follow()
	done <- true
}

var choices = []func(n int){countDown, func(int) { deep() }}

// want unbounded reachable main.countDown
func chosen(turns int) {
	choices[turns-turns](8 * turns)
	done <- true
}

// The only function that is called so, beside what is deferred.
//
// want unbounded main.countDown
func deferring(turns int) {
	given(8*turns, countDown)
	done <- true
}

//go:noinline
func given(n int, f func(n int)) {
	defer add(n)
	f(n)
}

//go:noinline
func add(n int) { sink += n }
