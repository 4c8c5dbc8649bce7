// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Stacks reads the stacks of other goroutines, as tracebacks and the garbage
// collector do, with a given GOMAXPROCS.
//
//	self   runtime.Stack of the goroutine that calls it, 16 KB deep
//	all    runtime.Stack of all of 100 parked goroutines, which stops the world
//	scan   a garbage collection with 1,000 goroutines parked 16 KB deep and
//	       hardly any heap
//
// An operation is one call. p50 and p99 are of the calls of one sample.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/spadego/spade/lab/internal/dig"
	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	which := flag.String("mode", "self", "self, all or scan")
	procs := flag.Int("procs", 1, "GOMAXPROCS")
	n := flag.Int("n", 1000, "calls")
	flag.Parse()
	runtime.GOMAXPROCS(*procs)
	shape, err := dig.Of(16<<10, dig.Large)
	if err != nil {
		panic(err)
	}
	text := make([]byte, 4<<20)
	stretch := func(do func()) { measure(fmt.Sprintf("Stacks/%s/%d", *which, *procs), *n, do) }
	switch *which {
	case "self":
		shape.DownThen(func() { stretch(func() { runtime.Stack(text, false) }) })
	case "all":
		park(100, shape)
		stretch(func() { runtime.Stack(text, true) })
	case "scan":
		park(parked, shape)
		stretch(runtime.GC)
	default:
		fmt.Fprintf(os.Stderr, "stacks: no mode %q: use self, all or scan\n", *which)
		os.Exit(2)
	}
}

const parked = 1000

func measure(name string, n int, do func()) {
	do()
	times := make([]time.Duration, n)
	stretch := sample.Begin()
	for i := range times {
		began := time.Now()
		do()
		times[i] = time.Since(began)
	}
	stretch.End(os.Stdout, name, n, sample.Quantiles(times)...)
}

// park leaves n goroutines waiting in the deepest frame of shape.
func park(n int, shape dig.Shape) {
	var deep sync.WaitGroup
	deep.Add(n)
	leave := make(chan struct{})
	for range n {
		go shape.DownThen(func() {
			deep.Done()
			<-leave
		})
	}
	deep.Wait()
}
