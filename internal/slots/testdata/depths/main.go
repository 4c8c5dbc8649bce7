// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Depths runs goroutines of several entries, each to a depth that it measures and prints, writes the profile stackgrowth, and ends:
// depths LEVELS PROFILE.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync/atomic"
	"unsafe"
)

// deepest is how far the goroutines of each entry were seen to reach, in bytes.
var deepest = map[string]*atomic.Int64{"shallow": {}, "once": {}, "back": {}, "parked": {}, "waiting": {}}

func main() {
	levels, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	done := make(chan bool)
	for range 100 {
		go shallow(done)
		<-done
	}
	for range 20 {
		go once(levels, done)
		<-done
	}
	for range 20 {
		go back(levels, done)
		<-done
	}
	go parked(levels, done)
	<-done
	for range 3 {
		runtime.GC() // shrinks parked's stack
	}
	go waiting(done)
	<-done
	for name, n := range deepest {
		fmt.Println(name, n.Load())
	}
	file, err := os.Create(os.Args[2])
	if err != nil {
		panic(err)
	}
	if err := pprof.Lookup("stackgrowth").WriteTo(file, 0); err != nil {
		panic(err)
	}
}

func shallow(done chan bool) {
	var top byte
	note("shallow", &top, &top)
	done <- true
}

func once(levels int, done chan bool) {
	var top byte
	dig("once", levels, &top)
	done <- true
}

// back goes deep, comes back, and outgrows its stack from higher up.
func back(levels int, done chan bool) {
	var top byte
	dig("back", levels, &top)
	runtime.GC()
	wide(&top)
	done <- true
}

// parked has been deep, and never ends.
func parked(levels int, done chan bool) {
	var top byte
	dig("parked", levels, &top)
	done <- true
	select {}
}

// waiting never ends, and has never grown.
func waiting(done chan bool) {
	var top byte
	dig("waiting", 1, &top)
	done <- true
	select {}
}

//go:noinline
func dig(name string, n int, top *byte) int {
	var frame [200]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		note(name, top, &frame[0])
		return 1
	}
	return dig(name, n-1, top) + int(frame[n%len(frame)])
}

//go:noinline
func wide(top *byte) {
	var frame [3000]byte
	for i := range frame {
		frame[i] = byte(i)
	}
	note("back", top, &frame[0])
}

func note(name string, top, bottom *byte) {
	n := int64(uintptr(unsafe.Pointer(top)) - uintptr(unsafe.Pointer(bottom)))
	d := deepest[name]
	for old := d.Load(); old < n && !d.CompareAndSwap(old, n); old = d.Load() {
	}
}
