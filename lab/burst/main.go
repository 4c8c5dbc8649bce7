// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Burst starts many goroutines that are alive at once, each with a stack that
// has been deep, lets all of them exit, and does it again.
//
// Its floor starts shallow goroutines instead, and goes down and up as often on
// one stack that is deep already: it has no memory of many stacks to touch.
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
	shaped := dig.Flags(flag.CommandLine, 16<<10)
	alive := flag.Int("alive", 500, "goroutines alive at once")
	n := flag.Int("n", 100_000, "goroutines to start, rounded up to whole bursts")
	floor := flag.Bool("floor", false, "measure the floor instead")
	flag.Parse()
	shape := shaped()
	*alive = max(*alive, 1)
	bursts := (*n + *alive - 1) / *alive

	run := burst
	if *floor {
		run = shallowAndWarm
	}
	for range min(bursts, 3) {
		run(*alive, shape)
	}
	stretch := sample.Begin()
	for range bursts {
		run(*alive, shape)
	}
	stretch.End(os.Stdout, fmt.Sprintf("Burst/%d/%v", *alive, shape), bursts**alive)
}

func burst(alive int, shape dig.Shape) {
	var deep, exited sync.WaitGroup
	leave := make(chan struct{})
	deep.Add(alive)
	exited.Add(alive)
	for range alive {
		go func() {
			shape.Down()
			deep.Done()
			<-leave
			exited.Done()
		}()
	}
	deep.Wait()
	close(leave)
	exited.Wait()
}

func shallowAndWarm(alive int, shape dig.Shape) {
	var started, exited sync.WaitGroup
	leave := make(chan struct{})
	started.Add(alive)
	exited.Add(alive)
	for range alive {
		go func() {
			started.Done()
			<-leave
			exited.Done()
		}()
		shape.Down()
	}
	started.Wait()
	close(leave)
	exited.Wait()
}
