// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Deep starts goroutines one after another; each goes deep once and exits.
//
// Its floor is a goroutine that stays shallow, plus the same way down and up on
// the main goroutine's stack, which is deep already.
package main

import (
	"flag"
	"os"

	"github.com/spadego/spade/lab/internal/dig"
	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	shaped := dig.Flags(flag.CommandLine, 16<<10)
	n := flag.Int("n", 100_000, "goroutines to start")
	floor := flag.Bool("floor", false, "measure the floor instead")
	flag.Parse()
	shape := shaped()

	run := deep
	if *floor {
		run = shallowAndWarm
	}
	run(min(*n, 1000), shape)
	stretch := sample.Begin()
	run(*n, shape)
	stretch.End(os.Stdout, "Deep/"+shape.String(), *n)
}

func deep(n int, shape dig.Shape) {
	done := make(chan uint32)
	for range n {
		go func() { done <- shape.Down() }()
		<-done
	}
}

func shallowAndWarm(n int, shape dig.Shape) {
	done := make(chan uint32)
	for range n {
		go func() { done <- 0 }()
		<-done
		shape.Down()
	}
}
