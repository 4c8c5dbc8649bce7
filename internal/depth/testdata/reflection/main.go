// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Reflection has functions called and variables set by package reflect, and prints how deep goroutines got, as corpus does.
package main

import (
	"os"
	"reflect"
	"runtime"
	"strconv"
	"sync/atomic"
	"unsafe"

	"github.com/spadego/spade/internal/depth/testdata/stack"
)

var (
	deepest uintptr
	done    = make(chan bool)
)

//go:nosplit
func mark() { deepest = max(deepest, stack.Used()) }

type pad [16 << 10]byte

//go:noinline
//go:nosplit
func use(p *pad) { p[1] = 1 }

//go:noinline
func deep() {
	var p pad
	use(&p)
	mark()
	use(&p)
}

func report(name string) {
	<-done
	os.Stdout.WriteString(name + " " + strconv.Itoa(int(deepest)) + " 0\n")
	deepest = 0
}

func main() {
	go called()
	report("main.called")
	reflect.ValueOf(&theHolder).Elem().Field(0).Set(reflect.ValueOf(doer(deepDoer{})))
	go set()
	report("main.set")
	value.Store(caller(deepCaller{}))
	go stored()
	report("main.stored")
	go punned()
	report("main.punned")
	go maker()
	report("main.maker")
	go handed()
	report("main.handed")
	go functionMade()
	report("main.functionMade")
	go methodTaken()
	report("main.methodTaken")
	clean()
	runtime.GC()
	report("main.cleaned")
}

func called() {
	reflect.ValueOf(deep).Call(nil)
	done <- true
}

// The methods below are not called for what the source says is in the variable.
type doer interface{ do(n int) int }

type deepDoer struct{}

//go:noinline
func (deepDoer) do(n int) int {
	deep()
	return n
}

type shallowDoer struct{}

//go:noinline
func (shallowDoer) do(n int) int { return n + 1 }

type holder struct{ Doer doer }

var theHolder = holder{shallowDoer{}}

func set() {
	theHolder.Doer.do(1)
	done <- true
}

type caller interface{ call(n int8) int8 }

type deepCaller struct{}

//go:noinline
func (deepCaller) call(n int8) int8 {
	deep()
	return n
}

var value atomic.Value

func stored() {
	value.Load().(caller).call(2)
	done <- true
}

//go:noinline
func deepFunction(n int16) int16 {
	deep()
	return n
}

var hidden = unsafe.Pointer(func() *func(int16) int16 { f := deepFunction; return &f }())

func punned() {
	f := *(*func(int16) int16)(hidden)
	f(3)
	done <- true
}

// What a call returns whose target is not known, and what it is given, is that of all it may call.
type makes interface{ make(n int32) made }

type made interface{ use(n int32) }

type deepMade struct{}

//go:noinline
func (deepMade) use(n int32) { deep() }

type deepMaker struct{ n int }

//go:noinline
func (deepMaker) make(n int32) made { return deepMade{} }

var hiddenMaker = unsafe.Pointer(func() *makes { var m makes = deepMaker{1}; return &m }())

func maker() {
	m := *(*makes)(hiddenMaker)
	m.make(1).use(2)
	done <- true
}

type hands interface{ hand(to receiver, n uint16) }

type receiver interface{ receive(n uint16) }

type deepReceiver struct{}

//go:noinline
func (deepReceiver) receive(n uint16) { deep() }

type deepHands struct{ n int }

//go:noinline
func (deepHands) hand(to receiver, n uint16) { to.receive(n) }

var hiddenHands = unsafe.Pointer(func() *hands { var h hands = deepHands{1}; return &h }())

func handed() {
	h := *(*hands)(hiddenHands)
	h.hand(deepReceiver{}, 1)
	done <- true
}

// What a function returns that package reflect has made may be anything.
type returned interface{ come(n uint32) }

type deepReturned struct{ n int }

//go:noinline
func (deepReturned) come(n uint32) { deep() }

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
	done <- true
}

// So it is with what the value of a method returns.
type taken interface{ go2(n int64) }

type deepTaken struct{ n int }

//go:noinline
func (deepTaken) go2(n int64) { deep() }

type Holder struct{ n int }

//go:noinline
func (Holder) Taken(n int64) taken { return deepTaken{1} }

func methodTaken() {
	f := reflect.ValueOf(Holder{1}).Method(0).Interface().(func(int64) taken)
	f(1).go2(2)
	done <- true
}

// What a function is given for a cleanup comes back by package unsafe.
type cleaner interface{ clean(n uint64) }

type deepCleaner struct{ n int }

//go:noinline
func (deepCleaner) clean(n uint64) { deep() }

//go:noinline
func clean() { runtime.AddCleanup(&struct{ p *int }{new(int)}, cleaned, cleaner(deepCleaner{1})) }

func cleaned(c cleaner) {
	c.clean(1)
	done <- true
}
