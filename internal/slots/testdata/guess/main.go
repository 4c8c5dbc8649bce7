// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Guess starts goroutines whose needs are easy or hard to guess, and prints how often the guess was wrong, kind by kind.
package main

import (
	"fmt"
	"runtime/debug"
	"runtime/metrics"
)

var names = []string{"/spade/slots/starts:goroutines", "/spade/slots/unneeded:goroutines", "/spade/stack/outgrown:goroutines"}

func main() {
	debug.SetGCPercent(-1)
	c := make(chan int, 1)
	const n = 20000
	measure("shallow", n, func(int) { go shallow(c); <-c })
	measure("deep", n, func(int) { go deep(c); <-c })
	measure("half", n, func(i int) { go half(i, c); <-c })
	measure("deeper", n, func(i int) { go deeper(i, c); <-c })
}

func measure(what string, n int, start func(i int)) {
	before := read()
	for i := range n {
		start(i)
	}
	after := read()
	for i, name := range []string{"starts", "unneeded", "outgrown"} {
		fmt.Println(what+"-"+name, after[i]-before[i])
	}
}

func read() (values [3]uint64) {
	samples := make([]metrics.Sample, len(names))
	for i, name := range names {
		samples[i].Name = name
	}
	metrics.Read(samples)
	for i := range samples {
		values[i] = samples[i].Value.Uint64()
	}
	return values
}

//go:noinline
func shallow(c chan int) { c <- 1 }

// deep needs 16 to 32 KB.
func deep(c chan int) { n := dig(100); c <- n }

// half needs that every other time.
func half(i int, c chan int) { n := dig(100 * (i % 2)); c <- n }

// deeper needs 16 to 32 KB at first and 66 to 120 KB later.
func deeper(i int, c chan int) { n := dig(100 + 300*(i/10000)); c <- n }

//go:noinline
func dig(n int) int {
	var frame [200]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		return 1
	}
	return dig(n-1) + int(frame[n%len(frame)])
}
