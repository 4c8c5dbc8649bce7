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
	n := r.operations(w)
	perOp, err := r.simulate(ctx, w, lane, base, n, "--cache-sim=yes")
	if err != nil {
		return nil, err
	}
	if len(perOp) != eventKinds {
		return nil, errors.New("callgrind simulated no caches")
	}
	accesses := perOp[eventReads] + perOp[eventWrites]
	if accesses <= 0 {
		return nil, fmt.Errorf("%d operations have less data accesses than two starts differ by", (countTimes-1)*n)
	}
	misses := max(0, perOp[eventReadMisses]+perOp[eventWriteMisses]) // start-up may have had more than the warm part
	text := fmt.Sprintf("%s\nBenchmark%s %d %.2f sim-instructions/op %.2f sim-data-accesses/op %.3f sim-d1-misses/op %.5f %s\n",
		strings.Join(base.config, "\n"), w.Name, (countTimes-1)*n, perOp[eventInstructions], accesses, misses, misses/accesses, unitMissShare)
	return firstResult(strings.NewReader(text))
}

// countWithin returns the instructions that an operation of w takes in a function of the runtime and in those that it calls.
func (r *run) countWithin(ctx context.Context, w Workload, lane Lane, base start) (*benchfmt.Result, error) {
	n := r.operations(w)
	perOp, err := r.simulate(ctx, w, lane, base, n, "--toggle-collect="+w.Within)
	if err != nil {
		return nil, err
	}
	if perOp[eventInstructions] == 0 {
		return nil, fmt.Errorf("callgrind saw no instruction in %s", w.Within)
	}
	text := fmt.Sprintf("%s\nBenchmark%s %d %.2f %s\n", strings.Join(base.config, "\n"), w.Name, (countTimes-1)*n, perOp[eventInstructions], unitWithin)
	return firstResult(strings.NewReader(text))
}

// unitWithin is the count of a function's instructions. It is not that of the whole operation, by which lanes are compared.
const unitWithin = "sim-instructions-within/op"

// simulate is perOperation for workloads that are simulated in every run, or skipped.
func (r *run) simulate(ctx context.Context, w Workload, lane Lane, base start, n int, flags ...string) ([]float64, error) {
	if err := r.needValgrind(); err != nil {
		return nil, err
	}
	return r.perOperation(ctx, w, lane, base, n, flags...)
}

// needValgrind finds valgrind or says that the sample is to be skipped.
func (r *run) needValgrind() error {
	if r.valgrind != "" {
		return nil
	}
	path, err := findValgrind()
	if err != nil {
		return skip{"instructions are simulated by valgrind, which is not installed"}
	}
	r.valgrind = path
	return nil
}
