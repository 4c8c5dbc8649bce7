// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Park starts many goroutines that go deep once and then wait, in a process
// that has done nothing before: it measures from the start to all of them
// parked.
//
// With -bottom they wait where they are deepest. The floor parks shallow
// goroutines, and goes down and up as often on one stack that is deep already.
package main

import (
	"flag"
	"fmt"
	"os"
	"sync"

	"github.com/spadego/spade/lab/internal/dig"
	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	shaped := dig.Flags(flag.CommandLine, 10<<10)
	n := flag.Int("n", 100_000, "goroutines to park")
	bottom := flag.Bool("bottom", false, "wait in the deepest frame")
	floor := flag.Bool("floor", false, "measure the floor instead")
	flag.Parse()
	shape := shaped()

	name := fmt.Sprintf("Park/%v", shape)
	run := park
	switch {
	case *floor:
		shape.Down()
		run = shallowAndWarm
	case *bottom:
		run = parkAtBottom
		name += "/bottom"
	}
	stretch := sample.BeginFresh()
	run(*n, shape)
	stretch.End(os.Stdout, name, *n)
}

func park(n int, shape dig.Shape) {
	var parked sync.WaitGroup
	parked.Add(n)
	leave := make(chan struct{})
	for range n {
		go func() {
			shape.Down()
			parked.Done()
			<-leave
		}()
	}
	parked.Wait()
}

func parkAtBottom(n int, shape dig.Shape) {
	var parked sync.WaitGroup
	parked.Add(n)
	leave := make(chan struct{})
	wait := func() {
		parked.Done()
		<-leave
	}
	for range n {
		go shape.DownThen(wait)
	}
	parked.Wait()
}

func shallowAndWarm(n int, shape dig.Shape) {
	var parked sync.WaitGroup
	parked.Add(n)
	leave := make(chan struct{})
	for range n {
		go func() {
			parked.Done()
			<-leave
		}()
		shape.Down()
	}
	parked.Wait()
}
