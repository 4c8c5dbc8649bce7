// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sample

import (
	"slices"
	"time"
)

// A Figure is one measurement that a program took by itself. A unit in nanoseconds ends in -ns or has -ns before a slash.
type Figure struct {
	Value float64
	Unit  string
}

// Quantiles returns the median and the 99th percentile of times, which it sorts.
func Quantiles(times []time.Duration) []Figure {
	if len(times) == 0 {
		return nil
	}
	slices.Sort(times)
	at := func(percent int) float64 { return float64(times[(len(times)-1)*percent/100].Nanoseconds()) }
	return []Figure{{at(50), "p50-ns"}, {at(99), "p99-ns"}}
}
