// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Workers keeps goroutines for long; each goes deep for every message that it
// gets, and a garbage collection between the rounds takes its stack back.
//
// Its floor gives the same messages to workers that stay shallow, and goes down
// and up as often on one stack that is deep already.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"

	"github.com/spadego/spade/lab/internal/dig"
	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	shaped := dig.Flags(flag.CommandLine, 16<<10)
	workers := flag.Int("workers", 2000, "long-lived goroutines")
	n := flag.Int("n", 200_000, "messages, rounded up to whole rounds of one for each worker")
	floor := flag.Bool("floor", false, "measure the floor instead")
	flag.Parse()
	shape := shaped()
	*workers = max(*workers, 1)
	rounds := (*n + *workers - 1) / *workers

	work, mine := func() { shape.Down() }, func() {}
	if *floor {
		work, mine = mine, work
	}
	crew := hire(*workers, work)
	for range 3 {
		crew.round(mine)
	}
	stretch := sample.Begin()
	for range rounds {
		crew.round(mine)
	}
	stretch.End(os.Stdout, fmt.Sprintf("Workers/%d/%v", *workers, shape), rounds**workers)
}

// A crew is workers with one inbox each.
type crew struct {
	inboxes []chan struct{}
	done    chan struct{}
}

func hire(workers int, work func()) *crew {
	c := &crew{done: make(chan struct{}, workers)}
	for range workers {
		inbox := make(chan struct{}, 1)
		c.inboxes = append(c.inboxes, inbox)
		go func() {
			for range inbox {
				work()
				c.done <- struct{}{}
			}
		}()
	}
	return c
}

// round gives every worker a message, does mine as often, waits for all of
// them, and collects garbage.
func (c *crew) round(mine func()) {
	for _, inbox := range c.inboxes {
		inbox <- struct{}{}
		mine()
	}
	for range c.inboxes {
		<-c.done
	}
	runtime.GC()
}
