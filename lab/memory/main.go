// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Memory says what many goroutines hold: resident pages, page tables, address
// space and mappings of the process, in one of these situations.
//
//	shallow   parked, and never deep; shallow/1000 and so on are fewer
//	page      parked in a frame that needs more than a stack of 2 KB
//	outlier   parked, and one in 10,000 of them went deep first
//	parked    all went deep, came back and parked; two collections and 5 s ago
//	exited    a burst of them was deep and has exited, 10 s ago
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/spadego/spade/lab/internal/dig"
	"github.com/spadego/spade/lab/internal/sample"
)

// A situation is what Memory can measure.
type situation struct {
	name        string
	n           int           // goroutines by default
	depth       int           // bytes of those that go deep
	deepEvery   int           // one in this many goes deep; 0: none
	stays       bool          // they wait where they are deepest
	exits       bool          // they exit before the measurement
	collections int           // forced before the measurement
	idle        time.Duration // by default, before the measurement
}

var situations = []situation{
	{name: "shallow", n: 1_000_000, depth: 16 << 10},
	{name: "shallow/1000", n: 1000, depth: 16 << 10},
	{name: "shallow/10000", n: 10_000, depth: 16 << 10},
	{name: "shallow/100000", n: 100_000, depth: 16 << 10},
	{name: "page", n: 100_000, depth: 1536, stays: true},
	{name: "outlier", n: 1_000_000, depth: 16 << 10, deepEvery: 10_000},
	{name: "parked", n: 100_000, depth: 10 << 10, deepEvery: 1, collections: 2, idle: 5 * time.Second},
	{name: "exited", n: 10_000, depth: 16 << 10, deepEvery: 1, exits: true, idle: 10 * time.Second},
}

func main() {
	which := flag.String("situation", "shallow", "what to measure: "+names())
	n := flag.Int("n", 0, "goroutines; 0 means the situation's usual number")
	idle := flag.Duration("idle", -1, "how long to idle before looking; less than 0 means the situation's usual time")
	flag.Parse()
	for _, s := range situations {
		if s.name != *which {
			continue
		}
		if *n > 0 {
			s.n = *n
		}
		if *idle >= 0 {
			s.idle = *idle
		}
		if err := s.measure(); err != nil {
			fmt.Fprintf(os.Stderr, "memory: %v\n", err)
			os.Exit(1)
		}
		return
	}
	fmt.Fprintf(os.Stderr, "memory: no situation %q: use one of %s\n", *which, names())
	os.Exit(2)
}

func names() string {
	var list []string
	for _, s := range situations {
		list = append(list, s.name)
	}
	return strings.Join(list, ", ")
}

func (s situation) measure() error {
	before, err := sample.Look()
	if err != nil {
		return err
	}
	leave := s.start()
	if s.exits {
		leave()
	}
	for range s.collections {
		runtime.GC()
	}
	time.Sleep(s.idle)
	return sample.Memory(os.Stdout, "Memory/"+s.name, s.n, before)
}

// start brings the goroutines up to where they park, and returns what lets
// them exit.
func (s situation) start() (leave func()) {
	shape, err := dig.Of(s.depth, dig.Large)
	if err != nil {
		panic(err)
	}
	var parked, exited sync.WaitGroup
	parked.Add(s.n)
	exited.Add(s.n)
	gate := make(chan struct{})
	wait := func() {
		parked.Done()
		<-gate
		exited.Done()
	}
	for i := range s.n {
		if s.stays {
			go shape.DownThen(wait)
			continue
		}
		deep := s.deepEvery > 0 && i%s.deepEvery == 0
		go func() {
			if deep {
				shape.Down()
			}
			parked.Done()
			<-gate
			exited.Done()
		}()
	}
	parked.Wait()
	return func() {
		close(gate)
		exited.Wait()
	}
}
