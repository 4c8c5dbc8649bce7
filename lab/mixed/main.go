// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Mixed has one go statement whose goroutines mostly stay shallow: one in a few
// goes deep, at random but the same way in every run.
//
// Its floor starts shallow goroutines only, and goes down and up in their place
// on a stack that is deep already.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/spadego/spade/lab/internal/dig"
	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	shaped := dig.Flags(flag.CommandLine, 16<<10)
	every := flag.Int("every", 10, "one goroutine in this many goes deep")
	n := flag.Int("n", 300_000, "goroutines to start")
	floor := flag.Bool("floor", false, "measure the floor instead")
	flag.Parse()
	shape := shaped()
	deep := choose(*n, max(*every, 1))

	run := mixed
	if *floor {
		run = shallowAndWarm
	}
	run(deep[:min(*n, 3000)], shape)
	stretch := sample.Begin()
	run(deep, shape)
	stretch.End(os.Stdout, fmt.Sprintf("Mixed/%d/%v", *every, shape), *n)
}

// choose says for each of n goroutines whether it goes deep.
func choose(n, every int) []bool {
	random := rand.New(rand.NewPCG(1, 2))
	deep := make([]bool, n)
	for i := range deep {
		deep[i] = random.IntN(every) == 0
	}
	return deep
}

func mixed(deep []bool, shape dig.Shape) {
	done := make(chan uint32)
	for _, deep := range deep {
		go func() {
			if deep {
				done <- shape.Down()
				return
			}
			done <- 0
		}()
		<-done
	}
}

func shallowAndWarm(deep []bool, shape dig.Shape) {
	done := make(chan uint32)
	for _, deep := range deep {
		go func() { done <- 0 }()
		<-done
		if deep {
			shape.Down()
		}
	}
}
