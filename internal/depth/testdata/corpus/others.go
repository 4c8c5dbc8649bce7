// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"context"
	"iter"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"github.com/spadego/spade/internal/depth/testdata/corpus/other"
)

func startOthers() {
	go variableSize(1 << 20)
	report("main.variableSize")
	time.AfterFunc(0, afterwards)
	report("main.afterwards")
	f := fromVariable
	if len(held2) > 0 {
		f = held2[0]
	}
	go f()
	report("main.fromVariable")
	startEntries()
	go copies(&struct{ words [400]uintptr }{})
	report("main.copies")
	go stops()
	report("main.stops")
	go sameName(1)
	report("main.sameName")
	go ranges()
	report("main.ranges")
	go linkedValue()
	report("main.linkedValue")
	for i := range 10_000 {
		stored.Store(i, i)
	}
	go walksMap()
	report("main.walksMap")
}

type looper interface{ each() iter.Seq[int] }

type deepLooper struct{ n int }

//go:noinline
func (l deepLooper) each() iter.Seq[int] {
	return func(yield func(int) bool) {
		deep()
		yield(l.n)
	}
}

type shallowLooper struct{}

//go:noinline
func (shallowLooper) each() iter.Seq[int] { return func(yield func(int) bool) {} }

var loopers = []looper{deepLooper{3}, shallowLooper{}}

// The loop calls what the method returns, in the line in which that is called.
//
// want upper bound
func ranges() {
	for n := range loopers[0].each() {
		sink += n
	}
	done <- true
}

//go:linkname linkedAway github.com/spadego/spade/internal/depth/testdata/corpus/other.linkedAway
func linkedAway(f func())

//go:noinline
func callLinked(f func(func())) { f(deep) }

// A function that has its body elsewhere is used as a value.
//
// want exact
func linkedValue() {
	callLinked(linkedAway)
	done <- true
}

var stored sync.Map

// The nodes of the map are not deeper in each other than its hashes have bits for.
//
// want upper bound 20%
func walksMap() {
	stored.Range(func(k, v any) bool {
		deep()
		return false
	})
	done <- true
}

// Goroutines that are not started by a go statement of the program's, or by one that starts what it is given.
func startEntries() {
	next, stop := iter.Pull(pulled)
	next()
	stop()
	report("main.pulled")
	next, stop = iter.Pull(pulledFlat)
	next()
	stop()
	report("main.pulledFlat")
	ctx, cancel := context.WithCancel(context.Background())
	context.AfterFunc(ctx, cancelled)
	cancel()
	report("main.cancelled")
	var group sync.WaitGroup
	group.Go(grouped)
	report("main.grouped")
	groupOf(&group, groupedFlat)
	report("main.groupedFlat")
	finalize()
	runtime.GC()
	report("main.finalized")
	clean()
	runtime.GC()
	report("main.cleaned")
}

//go:noinline
func groupOf(group *sync.WaitGroup, f func()) { group.Go(f) }

type owner struct{ p *int }

//go:noinline
func finalize() { runtime.SetFinalizer(&owner{new(int)}, finalized) }

//go:noinline
func clean() { runtime.AddCleanup(&owner{new(int)}, cleaned, 7) }

// want exact finalizer
func finalized(o *owner) [3]int {
	deep()
	done <- true
	return [3]int{*o.p}
}

// want upper bound cleanup
func cleaned(n int) {
	deep()
	sink = n
	done <- true
}

// want upper bound coroutine 37%
func pulled(yield func(int) bool) {
	deep()
	go func() { done <- true }()
	yield(1)
}

// want upper bound coroutine 72%
func pulledFlat(yield func(int) bool) {
	deepLess()
	go func() { done <- true }()
	yield(1)
}

// want exact context
func cancelled() {
	deep()
	done <- true
}

// want upper bound go 40%
func grouped() {
	deep()
	done <- true
}

// want upper bound go 80%
func groupedFlat() {
	deepLess()
	done <- true
}

// deepLess is half as deep as deep.
//
//go:noinline
func deepLess() {
	var p [8 << 10]byte
	use((*pad)(unsafe.Pointer(&p)))
	mark()
	use((*pad)(unsafe.Pointer(&p)))
}

// A large value is copied by code that may push what it needs.
//
// want exact
func copies(from *struct{ words [400]uintptr }) {
	to := *from
	copied(&to)
	done <- true
}

//go:noinline
func copied(to *struct{ words [400]uintptr }) {
	from := *to
	from.words[7]++
	deep()
	*to = from
}

// What runs on the thread's own stack takes nothing of the goroutine's.
//
// want exact
func stops() {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	sink = runtime.Stack(make([]byte, 1<<10), true)
	deep()
	done <- true
}

// Another package has a file of the same name, with another function in the same line.
//
// want exact
func sameName(n int) {
	sink = other.SameName(n, deep)
	done <- true
}

var held2 []func()

// What is made with a size that is not known is not on the stack.
//
// want exact
func variableSize(n int) {
	b := make([]byte, n)
	sink = len(b[n/2:])
	deep()
	done <- true
}

// want exact timer
func afterwards() {
	deep()
	done <- true
}

// want exact
func fromVariable() {
	deep()
	done <- true
}

// unused is in the source and not in the binary.
func unused() {
	go unusedToo()
}

func unusedToo() { deep() }
