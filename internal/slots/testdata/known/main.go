// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Known runs goroutines whose growths are known by construction, and writes the profile stackgrowth: known PROFILE GOROUTINES. The
// growths that the runtime has counted are printed before and after, kind by kind.
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"runtime/pprof"
	"strconv"
	"sync"
)

func main() {
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	debug.SetGCPercent(-1) // nothing shrinks
	c := make(chan int, 1)
	go first(c)
	<-c
	go second(c)
	<-c
	for range n {
		go twice(c)
		<-c
	}
	var all sync.WaitGroup
	all.Add(n)
	for range n {
		go sixTimes(&all)
	}
	all.Wait()
	var profile bytes.Buffer
	profile.Grow(1 << 20)
	write(&profile) // once before, so that this goroutine has all the stack that it needs
	profile.Reset()
	read()
	before := read()
	write(&profile)
	for i, v := range read() {
		if v != before[i] {
			fmt.Println("changed", names[i])
		}
		fmt.Println(names[i], v)
	}
	if err := os.WriteFile(os.Args[1], profile.Bytes(), 0o666); err != nil {
		panic(err)
	}
}

func write(to *bytes.Buffer) {
	if err := pprof.Lookup("stackgrowth").WriteTo(to, 0); err != nil {
		panic(err)
	}
}

// first and second are the first of their kind and need 66 to 120 KB: 2 -> 4 -> 8 -> 16 -> 32 -> 64 -> 128.
func first(c chan int)  { n := dig(400); c <- n }
func second(c chan int) { n := dig(400); c <- n }

// twice needs 4 to 7 KB: 2 -> 4 -> 8.
func twice(c chan int) { n := dig(22); c <- n }

// sixTimes needs what first needs.
func sixTimes(all *sync.WaitGroup) { dig(400); all.Done() }

// dig has frames of about 240 bytes.
//
//go:noinline
func dig(n int) int {
	var frame [200]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		return 1
	}
	return dig(n-1) + int(frame[n%len(frame)])
}

var names = []string{"/spade/stack/growths-inplace:growths", "/spade/stack/growths-copied:growths", "/spade/stack/copied:bytes"}

func read() (values [3]uint64) {
	samples := make([]metrics.Sample, len(names))
	for i, name := range names {
		samples[i].Name = name
	}
	metrics.Read(samples)
	for i := range samples {
		values[i] = samples[i].Value.Uint64()
	}
	return values
}
