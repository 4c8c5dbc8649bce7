// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Wrapper starts a shallow and a deep job in turn, both through
// sync.WaitGroup.Go: one go statement for two kinds of goroutine.
//
// With -sites each job has a go statement of its own, which is what a runtime
// that tells the kinds apart has to equal.
package main

import (
	"flag"
	"os"
	"sync"

	"github.com/spadego/spade/lab/internal/dig"
	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	shaped := dig.Flags(flag.CommandLine, 16<<10)
	n := flag.Int("n", 60_000, "pairs of jobs")
	sites := flag.Bool("sites", false, "give each job a go statement of its own")
	floor := flag.Bool("floor", false, "measure the floor instead")
	flag.Parse()
	shape := shaped()

	run := wrapped
	switch {
	case *floor:
		run = shallowAndWarm
	case *sites:
		run = twoSites
	}
	run(min(*n, 1000), shape)
	stretch := sample.Begin()
	run(*n, shape)
	stretch.End(os.Stdout, "Wrapper/"+shape.String(), *n)
}

// atOnce is how many pairs run before they are waited for.
const atOnce = 16

func wrapped(pairs int, shape dig.Shape) {
	var jobs sync.WaitGroup
	for i := range pairs {
		jobs.Go(func() {})
		jobs.Go(func() { shape.Down() })
		if i%atOnce == 0 {
			jobs.Wait()
		}
	}
	jobs.Wait()
}

func twoSites(pairs int, shape dig.Shape) {
	var jobs sync.WaitGroup
	for i := range pairs {
		jobs.Add(2)
		go func() {
			defer jobs.Done()
		}()
		go func() {
			defer jobs.Done()
			shape.Down()
		}()
		if i%atOnce == 0 {
			jobs.Wait()
		}
	}
	jobs.Wait()
}

func shallowAndWarm(pairs int, shape dig.Shape) {
	var jobs sync.WaitGroup
	for i := range pairs {
		jobs.Go(func() {})
		jobs.Go(func() {})
		shape.Down()
		if i%atOnce == 0 {
			jobs.Wait()
		}
	}
	jobs.Wait()
}
