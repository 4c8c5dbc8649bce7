// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Reflection has functions called and variables set by package reflect, and prints how deep goroutines got, as corpus does.
package main

import (
	"os"
	"reflect"
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
