// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Pools gives short jobs, each of which goes deep, to goroutines in one of three ways: a go statement for each job, the pool ants,
// the pool gopool. Programs use such pools to keep grown stacks.
//
// Jobs come in batches of which each is waited for. An operation is a job. The floor goes down and up as often on one stack that
// is deep already, and starts a shallow goroutine for each job.
package main

import (
	"flag"
	"fmt"
	"os"
	"sync"

	"github.com/bytedance/gopkg/util/gopool"
	"github.com/panjf2000/ants/v2"

	"github.com/spadego/spade/lab/internal/dig"
	"github.com/spadego/spade/lab/internal/sample"
)

// batch is how many jobs there are at once, and how many workers a pool may have.
const batch = 100

func main() {
	shaped := dig.Flags(flag.CommandLine, 16<<10)
	n := flag.Int("n", 100_000, "jobs, rounded up to whole batches")
	which := flag.String("pool", "none", "none, ants or gopool")
	floor := flag.Bool("floor", false, "measure the floor instead")
	flag.Parse()
	shape := shaped()
	job, mine := func() { shape.Down() }, func() {}
	if *floor {
		job, mine = mine, job
	}
	hand, err := pool(*which)
	if err != nil {
		fmt.Fprintf(os.Stderr, "pools: %v\n", err)
		os.Exit(2)
	}
	batches := (*n + batch - 1) / batch
	run(min(batches, 10), hand, job, mine)
	stretch := sample.Begin()
	run(batches, hand, job, mine)
	stretch.End(os.Stdout, "Pools/"+shape.String(), batches*batch)
}

// pool returns what hands a job to a goroutine.
func pool(name string) (func(func()), error) {
	switch name {
	case "none":
		return func(job func()) { go job() }, nil
	case "ants":
		workers, err := ants.NewPool(batch)
		if err != nil {
			return nil, fmt.Errorf("making a pool of ants: %w", err)
		}
		return func(job func()) {
			if err := workers.Submit(job); err != nil {
				panic(err)
			}
		}, nil
	case "gopool":
		return gopool.NewPool("lab", batch, gopool.NewConfig()).Go, nil
	}
	return nil, fmt.Errorf("no pool %q: use none, ants or gopool", name)
}

func run(batches int, hand func(func()), job, mine func()) {
	var done sync.WaitGroup
	for range batches {
		done.Add(batch)
		for range batch {
			hand(func() {
				job()
				done.Done()
			})
			mine()
		}
		done.Wait()
	}
}
