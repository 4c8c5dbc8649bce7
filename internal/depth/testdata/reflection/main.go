// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Reflection has functions called and variables set by package reflect, and prints how deep goroutines got, as corpus does.
package main

import (
	"reflect"
	"runtime"
	"sync/atomic"
	"unsafe"

	"github.com/spadego/spade/internal/depth/testdata/stack"
)

func main() {
	go called()
	stack.Report("main.called")
	reflect.ValueOf(&theHolder).Elem().Field(0).Set(reflect.ValueOf(doer(deepDoer{})))
	go set()
	stack.Report("main.set")
	value.Store(caller(deepCaller{}))
	go stored()
	stack.Report("main.stored")
	go punned()
	stack.Report("main.punned")
	go maker()
	stack.Report("main.maker")
	go handed()
	stack.Report("main.handed")
	go functionMade()
	stack.Report("main.functionMade")
	go methodTaken()
	stack.Report("main.methodTaken")
	clean()
	runtime.GC()
	stack.Report("main.cleaned")
}

func called() {
	reflect.ValueOf(stack.Deep).Call(nil)
	stack.Done <- true
}

// The methods below are not called for what the source says is in the variable.
type doer interface{ do(n int) int }

type deepDoer struct{}

//go:noinline
func (deepDoer) do(n int) int {
	stack.Deep()
	return n
}

type shallowDoer struct{}

//go:noinline
func (shallowDoer) do(n int) int { return n + 1 }

type holder struct{ Doer doer }

var theHolder = holder{shallowDoer{}}

func set() {
	theHolder.Doer.do(1)
	stack.Done <- true
}

type caller interface{ call(n int8) int8 }

type deepCaller struct{}

//go:noinline
func (deepCaller) call(n int8) int8 {
	stack.Deep()
	return n
}

var value atomic.Value

func stored() {
	value.Load().(caller).call(2)
	stack.Done <- true
}

//go:noinline
func deepFunction(n int16) int16 {
	stack.Deep()
	return n
}

var hidden = unsafe.Pointer(func() *func(int16) int16 { f := deepFunction; return &f }())

func punned() {
	f := *(*func(int16) int16)(hidden)
	f(3)
	stack.Done <- true
}

// What a call returns whose target is not known, and what it is given, is that of all it may call.
type makes interface{ make(n int32) made }

type made interface{ use(n int32) }

type deepMade struct{}

//go:noinline
func (deepMade) use(n int32) { stack.Deep() }

type deepMaker struct{ n int }

//go:noinline
func (deepMaker) make(n int32) made { return deepMade{} }

var hiddenMaker = unsafe.Pointer(func() *makes { var m makes = deepMaker{1}; return &m }())

func maker() {
	m := *(*makes)(hiddenMaker)
	m.make(1).use(2)
	stack.Done <- true
}

type hands interface{ hand(to receiver, n uint16) }

type receiver interface{ receive(n uint16) }

type deepReceiver struct{}

//go:noinline
func (deepReceiver) receive(n uint16) { stack.Deep() }

type deepHands struct{ n int }

//go:noinline
func (deepHands) hand(to receiver, n uint16) { to.receive(n) }

var hiddenHands = unsafe.Pointer(func() *hands { var h hands = deepHands{1}; return &h }())

func handed() {
	h := *(*hands)(hiddenHands)
	h.hand(deepReceiver{}, 1)
	stack.Done <- true
}

// What a function returns that package reflect has made may be anything.
type returned interface{ come(n uint32) }

type deepReturned struct{ n int }

//go:noinline
func (deepReturned) come(n uint32) { stack.Deep() }

type shallowReturned struct{ n int }

//go:noinline
func (shallowReturned) come(n uint32) {}

//go:noinline
func returnsShallow(n uint32) returned { return shallowReturned{1} }

func functionMade() {
	f := returnsShallow
	reflect.ValueOf(&f).Elem().Set(reflect.MakeFunc(reflect.TypeOf(f), func([]reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(deepReturned{1}).Convert(reflect.TypeFor[returned]())}
	}))
	f(1).come(2)
	stack.Done <- true
}

// So it is with what the value of a method returns.
type taken interface{ go2(n int64) }

type deepTaken struct{ n int }

//go:noinline
func (deepTaken) go2(n int64) { stack.Deep() }

type Holder struct{ n int }

//go:noinline
func (Holder) Taken(n int64) taken { return deepTaken{1} }

func methodTaken() {
	f := reflect.ValueOf(Holder{1}).Method(0).Interface().(func(int64) taken)
	f(1).go2(2)
	stack.Done <- true
}

// What a function is given for a cleanup comes back by package unsafe.
type cleaner interface{ clean(n uint64) }

type deepCleaner struct{ n int }

//go:noinline
func (deepCleaner) clean(n uint64) { stack.Deep() }

//go:noinline
func clean() { runtime.AddCleanup(&struct{ p *int }{new(int)}, cleaned, cleaner(deepCleaner{1})) }

func cleaned(c cleaner) {
	c.clean(1)
	stack.Done <- true
}
