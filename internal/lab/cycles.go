// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"os/exec"
	"runtime"

	"golang.org/x/perf/benchfmt"
)

// processorEvents are counted in each process where the processor counts, which virtual ones hardly ever do: by unit, for the whole
// process and without the kernel.
var processorEvents = map[string]event{"process-cycles/op": cycles, "process-instructions/op": instructions}

// runCounted runs a command and returns what the machine has counted of the events.
func runCounted(cmd *exec.Cmd, events map[string]event) (counts map[string]int64, err error) {
	runtime.LockOSThread() // counters are the thread's
	defer runtime.UnlockOSThread()
	counts = map[string]int64{}
	open := map[string]counter{}
	for unit, e := range events {
		if c, ok := e.count(); ok {
			open[unit] = c
		}
	}
	err = cmd.Run()
	for unit, c := range open {
		if n, ok := c.end(); ok {
			counts[unit] = n
		}
	}
	return counts, err
}

// with adds the counts of a process to the result that it has printed.
func (e ended) with(result *benchfmt.Result, err error) (*benchfmt.Result, error) {
	if err != nil {
		return nil, err
	}
	for unit, n := range e.counts {
		result.Values = append(result.Values, benchfmt.Value{Value: float64(n) / float64(result.Iters), Unit: unit})
	}
	return result, nil
}
