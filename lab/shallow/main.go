// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Shallow does what never needs a bigger stack, where other strategies than
// stock's can only lose: it starts goroutines, hands over between them, yields.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/spadego/spade/lab/internal/dig"
	"github.com/spadego/spade/lab/internal/sample"
)

// A mode does n operations of one kind.
type mode struct {
	name string // as -mode has it
	n    int    // operations by default
	run  func(n int)
}

var modes = []mode{
	{"spawn", 2_000_000, spawn},
	{"handoff", 2_000_000, handoff},
	{"gosched", 5_000_000, gosched},
	{"outlier", 1_000_000, burstAfterOutlier},
}

func main() {
	which := flag.String("mode", "spawn", "what to do: "+names())
	n := flag.Int("n", 0, "operations; 0 means a number that takes about a second")
	warm := flag.Int("warm", 20_000, "operations before those that count; no more than -n says")
	flag.Parse()
	for _, m := range modes {
		if m.name != *which {
			continue
		}
		if *n == 0 {
			*n = m.n
		}
		m.run(min(*n, *warm))
		stretch := sample.Begin()
		m.run(*n)
		stretch.End(os.Stdout, "Shallow/"+m.name, *n)
		return
	}
	fmt.Fprintf(os.Stderr, "shallow: no mode %q: use one of %s\n", *which, names())
	os.Exit(2)
}

func names() string {
	var list []string
	for _, m := range modes {
		list = append(list, m.name)
	}
	return strings.Join(list, ", ")
}

// spawn starts goroutines that exit at once, 64 at a time.
func spawn(n int) {
	const batch = 64
	var exited sync.WaitGroup
	for n > 0 {
		count := min(n, batch)
		exited.Add(count)
		for range count {
			go exited.Done()
		}
		exited.Wait()
		n -= count
	}
}

// handoff passes a value through an unbuffered channel and gets it back; an
// operation is one of the two ways.
func handoff(n int) {
	there, back := make(chan int), make(chan int)
	go func() {
		for v := range there {
			back <- v
		}
		close(back)
	}()
	for i := range (n + 1) / 2 {
		there <- i
		<-back
	}
	close(there)
	<-back
}

// gosched yields in turn from two goroutines.
func gosched(n int) {
	var exited sync.WaitGroup
	for range 2 {
		exited.Go(func() {
			for range (n + 1) / 2 {
				runtime.Gosched()
			}
		})
	}
	exited.Wait()
}

// burstAfterOutlier starts bursts of 10,000 goroutines that are alive at once.
// Before each, one goroutine of the same go statement goes deep.
func burstAfterOutlier(n int) {
	const burst = 10_000
	shape, err := dig.Of(16<<10, dig.Large)
	if err != nil {
		panic(err)
	}
	for n > 0 {
		count := min(n, burst)
		startJobs(1, shape.Down)
		startJobs(count, func() uint32 { return 0 })
		n -= count
	}
}

func startJobs(count int, job func() uint32) {
	var started, exited sync.WaitGroup
	started.Add(count)
	exited.Add(count)
	leave := make(chan struct{})
	for range count {
		go func() {
			job()
			started.Done()
			<-leave
			exited.Done()
		}()
	}
	started.Wait()
	close(leave)
	exited.Wait()
}
