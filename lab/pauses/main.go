// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Pauses allocates beside a live heap of about 64 MB in small objects, and says
// how long the garbage collector stopped the world: the median, the 99th
// percentile and the longest of its pauses, as upper bounds of the classes in
// which the runtime counts them.
package main

import (
	"flag"
	"math"
	"os"
	"runtime"
	"runtime/metrics"

	"github.com/spadego/spade/lab/internal/sample"
)

type node struct {
	next *node
	data [6]uint64
}

var (
	live []*node
	sink *node
)

func main() {
	n := flag.Int("n", 10_000_000, "objects to allocate")
	flag.Parse()
	for range 1 << 20 {
		live = append(live, &node{next: sink})
	}
	stretch := sample.Begin()
	before := pauses()
	for i := range *n {
		sink = &node{next: live[i%len(live)]}
	}
	runtime.GC() // few objects make no collection, and there must be one
	after := pauses()
	for i := range after.Counts {
		after.Counts[i] -= before.Counts[i]
	}
	stretch.End(os.Stdout, "Pauses", *n,
		sample.Figure{Value: quantile(after, 0.5), Unit: "p50-ns"},
		sample.Figure{Value: quantile(after, 0.99), Unit: "p99-ns"},
		sample.Figure{Value: quantile(after, 1), Unit: "longest-ns"})
}

// pauses returns a copy of the runtime's histogram of pauses, in seconds.
func pauses() *metrics.Float64Histogram {
	read := []metrics.Sample{{Name: "/sched/pauses/total/gc:seconds"}}
	metrics.Read(read)
	histogram := *read[0].Value.Float64Histogram()
	histogram.Counts = append([]uint64(nil), histogram.Counts...)
	return &histogram
}

// quantile returns the upper bound of the class that holds the part q of all
// pauses, in nanoseconds; 0 without pauses.
func quantile(h *metrics.Float64Histogram, q float64) float64 {
	var total, seen uint64
	for _, count := range h.Counts {
		total += count
	}
	for i, count := range h.Counts {
		seen += count
		if count > 0 && float64(seen) >= q*float64(total) {
			bound := h.Buckets[i+1]
			if math.IsInf(bound, 1) {
				bound = h.Buckets[i]
			}
			return bound * 1e9
		}
	}
	return 0
}
