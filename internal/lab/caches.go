// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// The events that callgrind counts when it simulates caches, by their place in its line.
const (
	eventInstructions = iota
	eventReads
	eventWrites
	eventCodeMisses
	eventReadMisses
	eventWriteMisses
	eventKinds = 9 // those of the last level follow
)

// unitMissShare is the share of data accesses that miss the first level of the simulated cache.
const unitMissShare = "sim-d1-miss-share"

// cacheFigures are what a sample of simulated caches has.
var cacheFigures = []string{unitMissShare, "sim-d1-misses/op", "sim-data-accesses/op"}

// simulateCaches returns how often an operation of w misses the first level of a data cache, as callgrind simulates one of
// this processor's size, without its prefetching.
func (r *run) simulateCaches(ctx context.Context, w Workload, lane Lane, base start) (*benchfmt.Result, error) {
	if r.valgrind == "" {
		path, err := findValgrind()
		if err != nil {
			return nil, skip{"caches are simulated by valgrind, which is not installed"}
		}
		r.valgrind = path
	}
	n := r.operations(w)
	perOp, err := r.perOperation(ctx, w, lane, base, n, "--cache-sim=yes")
	if err != nil {
		return nil, err
	}
	if len(perOp) != eventKinds {
		return nil, errors.New("callgrind simulated no caches")
	}
	accesses := perOp[eventReads] + perOp[eventWrites]
	misses := max(0, perOp[eventReadMisses]+perOp[eventWriteMisses]) // start-up may have had more than the warm part
	text := fmt.Sprintf("%s\nBenchmark%s %d %.2f sim-instructions/op %.2f sim-data-accesses/op %.3f sim-d1-misses/op %.5f %s\n",
		strings.Join(base.config, "\n"), w.Name, (countTimes-1)*n, perOp[eventInstructions], accesses, misses, misses/accesses, unitMissShare)
	return firstResult(strings.NewReader(text))
}
