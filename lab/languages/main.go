// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Languages does in Go what the programs in the folder foreign do in other
// languages. Each says in its own comment what an operation is there.
//
//	start    start a goroutine that ends at once, and wait for its end
//	switch   yield to the other one of two goroutines
//	add      add an integer to a sum
//
// Go does moreOften times the operations that -n asks for: what is quick has to
// be repeated to be timed.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"

	"github.com/spadego/spade/lab/internal/sample"
)

const moreOften = 20

func main() {
	which := flag.String("mode", "start", "start, switch or add")
	n := flag.Int("n", 10_000, "operations, before they are multiplied")
	flag.Parse()
	run, found := map[string]func(int){"start": start, "switch": yield, "add": add}[*which]
	if !found {
		fmt.Fprintf(os.Stderr, "languages: no mode %q: use start, switch or add\n", *which)
		os.Exit(2)
	}
	stretch := sample.Begin()
	run(moreOften * *n)
	stretch.End(os.Stdout, "Languages/"+*which, moreOften**n)
}

func start(n int) {
	var ended sync.WaitGroup
	for range n {
		ended.Add(1)
		go ended.Done()
		ended.Wait()
	}
}

func yield(n int) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // each yield is then a switch
	var ended sync.WaitGroup
	for range 2 {
		ended.Go(func() {
			for range (n + 1) / 2 {
				runtime.Gosched()
			}
		})
	}
	ended.Wait()
}

var sum int

func add(n int) {
	total := 0
	for i := range n {
		total += i
	}
	sum = total
}
