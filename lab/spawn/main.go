// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Spawn says how long goroutines take from their go statement to their first
// instruction: one at a time, started by a goroutine that then waits for it.
// An operation is one such start, with its end and the clock read twice.
package main

import (
	"flag"
	"os"
	"time"

	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	n := flag.Int("n", 500_000, "goroutines to start")
	flag.Parse()
	start(min(*n, 20_000))
	stretch := sample.Begin()
	times := start(*n)
	stretch.End(os.Stdout, "Spawn/latency", *n, sample.Quantiles(times)...)
}

func start(n int) []time.Duration {
	times := make([]time.Duration, n)
	began := time.Now()
	running := make(chan time.Duration)
	for i := range times {
		before := time.Since(began)
		go func() { running <- time.Since(began) }()
		times[i] = <-running - before
	}
	return times
}
