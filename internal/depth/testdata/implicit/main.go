// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Implicit drives goroutines into what the compiler calls without a call in the source, and prints how many bytes of stack were touched
// in doing so: the stack is filled with a pattern first. Run it with GODEBUG=asyncpreemptoff=1,gcshrinkstackoff=1.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// callFilled calls f on a stack that is filled with a pattern, and returns how far below the stack pointer's place on entry to f the lowest
// word lies that was overwritten.
func callFilled(f func()) uintptr

//go:noinline
func grow() byte {
	var big [128 << 10]byte
	return use(big[:])
}

//go:noinline
func use(b []byte) byte {
	b[len(b)/2]++
	return b[len(b)/3]
}

// above is what lies above a goroutine's first function, as a bound counts it.
const above = 40

var (
	done = make(chan bool)
	quit = make(chan bool)
	m    = map[key]int{}
	sink any
	text string
	list []key
	mu   sync.Mutex
	zero int
	none map[string]int
	anys = []any{1, "a", key{text: "b"}}
)

type key struct {
	value any
	text  string
	more  [3]float64
}

type stringer interface{ String() string }

func (k key) String() string { return k.text + text }

func mapAssign() { m[key{value: len(m), text: text}]++; done <- true }
func mapDelete() { delete(m, key{value: 1}); done <- true }
func mapRange() {
	for k := range m {
		sink = k
	}
	done <- true
}
func concat()     { text = text + "x" + fmt.Sprint() + text; done <- true }
func grows()      { list = append(list, key{text: text}); done <- true }
func compares()   { sink = anys[0] == anys[1] || m[key{value: anys[2]}] > 1; done <- true }
func converts()   { sink = any(key{text: text}).(stringer); done <- true }
func bytesOf()    { sink = []byte(text + "a long text that does not fit"); done <- true }
func allocates()  { sink = new([1 << 20]byte); done <- true }
func starts()     { go func() { quit <- true }(); <-quit; done <- true }
func locks()      { mu.Lock(); go mu.Unlock(); mu.Lock(); mu.Unlock(); done <- true }
func sleeps()     { time.Sleep(time.Millisecond); done <- true }
func yields()     { runtime.Gosched(); done <- true }
func collects()   { runtime.GC(); done <- true }
func traces()     { sink = runtime.Stack(make([]byte, 100), true); done <- true }
func formats()    { sink = fmt.Sprintf("%v %q %d", anys, text, len(m)); done <- true }
func outOfRange() { recovers(func() { sink = list[len(list)+zero] }); done <- true }
func divides()    { recovers(func() { sink = 1 / zero }); done <- true }
func badType()    { recovers(func() { sink = sink.(stringer).String() + anys[0].(string) }); done <- true }
func nilMap()     { recovers(func() { none[text] = 1 }); done <- true }
func selects() {
	select {
	case <-quit:
	case <-time.After(time.Millisecond):
	}
	done <- true
}

//go:noinline
func recovers(f func()) {
	defer func() { sink = recover() }()
	f()
}

func main() {
	debug.SetGCPercent(-1)
	go mapAssign()
	<-done
	go mapDelete()
	<-done
	go mapRange()
	<-done
	go concat()
	<-done
	go grows()
	<-done
	go compares()
	<-done
	go converts()
	<-done
	go bytesOf()
	<-done
	go allocates()
	<-done
	go starts()
	<-done
	go locks()
	<-done
	go sleeps()
	<-done
	go yields()
	<-done
	go collects()
	<-done
	go traces()
	<-done
	go formats()
	<-done
	go outOfRange()
	<-done
	go divides()
	<-done
	go badType()
	<-done
	go nilMap()
	<-done
	go selects()
	<-done
	for i, f := range []func(){
		mapAssign, mapDelete, mapRange, concat, grows, compares, converts, bytesOf, allocates, starts, locks, sleeps, yields, collects, traces, formats, outOfRange, divides,
		badType, nilMap, selects,
	} {
		touched := make(chan uintptr)
		go func() {
			grow()
			touched <- callFilled(f)
		}()
		<-done
		fmt.Fprintln(os.Stdout, names[i], above+<-touched, 0)
	}
}

var names = []string{
	"main.mapAssign", "main.mapDelete", "main.mapRange", "main.concat", "main.grows", "main.compares", "main.converts", "main.bytesOf", "main.allocates",
	"main.starts", "main.locks", "main.sleeps", "main.yields", "main.collects", "main.traces", "main.formats", "main.outOfRange", "main.divides", "main.badType", "main.nilMap",
	"main.selects",
}
