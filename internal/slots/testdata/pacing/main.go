// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Pacing parks 10,000 goroutines 12 KB deep, then runs collections that the program outruns by allocating, and prints
// what the collector's pacer made of it: the highest heap, the highest goal, and the stack bytes scanned.
package main

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
)

type node struct {
	next *node
	_    [14]uintptr
}

var live, garbage *node

func main() {
	const deep = 10000
	var parked sync.WaitGroup
	parked.Add(deep)
	stop := make(chan bool)
	for range deep {
		go dig(24, func() { parked.Done(); <-stop })
	}
	parked.Wait()
	for range 400_000 { // 48 MB that take a while to mark
		live = &node{next: live}
	}
	runtime.GC()

	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/gc/heap/goal:bytes"},
		{Name: "/gc/scan/stack:bytes"},
	}
	var highest [3]uint64
	for range 150 {
		for range 40_000 {
			garbage = &node{}
		}
		metrics.Read(samples)
		for i, s := range samples {
			highest[i] = max(highest[i], s.Value.Uint64())
		}
	}
	fmt.Println("heap", highest[0])
	fmt.Println("goal", highest[1])
	fmt.Println("stack", highest[2])
	close(stop)
}

//go:noinline
func dig(n int, bottom func()) int {
	var frame [400]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		bottom()
		return int(frame[0])
	}
	return dig(n-1, bottom) + int(frame[n%len(frame)])
}
