// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Small is the program that the suite releases builds with every release of Go: goroutines that go deep, a goroutine that
// grows step by step, a garbage collection in between. It prints what the runtime says of itself.
package main

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	sums := make([]int, 200)
	for i := range sums {
		wg.Go(func() {
			for depth := 1; depth < 2000; depth *= 3 {
				sums[i] += deep(depth)
				if i%50 == 0 {
					runtime.GC()
				}
			}
		})
	}
	wg.Wait()
	total := 0
	for _, s := range sums {
		total += s
	}
	fmt.Printf("sum %d inplace %s\n", total, read("/spade/stack/inplace:enabled"))
}

// deep uses a frame of some 300 bytes per level.
//
//go:noinline
func deep(n int) int {
	var frame [32]int
	frame[n%len(frame)] = n
	if n > 0 {
		return deep(n-1) + frame[n%len(frame)]
	}
	return 0
}

// read returns a metric as text, "unknown" where the runtime has none of that name.
func read(name string) string {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return "unknown"
	}
	return fmt.Sprint(sample[0].Value.Uint64())
}
