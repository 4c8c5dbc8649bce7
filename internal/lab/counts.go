// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// collected is where callgrind says how many it has seen of each kind of event, instructions first.
var collected = regexp.MustCompile(`Collected : ([\d ]+)`)

// findValgrind returns the path of valgrind.
func findValgrind() (string, error) {
	path, err := exec.LookPath("valgrind")
	if err != nil {
		return "", fmt.Errorf("-counts needs valgrind: %w\ninstall your system's package valgrind, or leave out -counts", err)
	}
	return path, nil
}

// countTimes is how many times more operations the longer of two counts has.
const countTimes = 5

// countEnvironment keeps the count free of what differs between two starts:
// processors that look for work, collections, and preemption by signals, which
// also ends callgrind 3.19 with a failed assertion. With 2 stacks without checks obey,
// which can't do without in earnest; to others it is as good as 1.
var countEnvironment = []string{"GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=2"}

// count returns the instructions that one operation of w takes in lane.
func (r *run) count(ctx context.Context, w Workload, lane Lane, base start) (*benchfmt.Result, error) {
	n := max(1, w.Counts/r.shrink())
	perOp, err := r.perOperation(ctx, w, lane, base, n)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s\nBenchmark%s %d %.2f sim-instructions/op\n", strings.Join(base.config, "\n"), w.Name, (countTimes-1)*n, perOp[eventInstructions])
	return firstResult(strings.NewReader(text))
}

// perOperation returns how often each event that callgrind counts happens in an operation. The program runs twice, with n operations
// and with more: what the counts differ by has neither start-up nor warm-up in it.
func (r *run) perOperation(ctx context.Context, w Workload, lane Lane, base start, n int, flags ...string) ([]float64, error) {
	once, err := r.events(ctx, base, w.arguments(lane, n), flags)
	if err != nil {
		return nil, err
	}
	more, err := r.events(ctx, base, w.arguments(lane, countTimes*n), flags)
	if err != nil {
		return nil, err
	}
	if len(once) != len(more) {
		return nil, errors.New("callgrind counted other events the second time")
	}
	var perOp []float64
	for i := range once {
		perOp = append(perOp, float64(more[i]-once[i])/float64((countTimes-1)*n))
	}
	return perOp, nil
}

// events returns what callgrind counts in one run of a program.
func (r *run) events(ctx context.Context, base start, args, flags []string) ([]int64, error) {
	base.argv = slices.Concat([]string{r.valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null"}, flags, base.argv[:1], args) // a flag that comes again counts
	base.environ = slices.Concat(base.environ, countEnvironment)
	run, err := base.output(ctx)
	if err != nil {
		return nil, err
	}
	match := collected.FindStringSubmatch(run.stderr)
	if match == nil {
		return nil, errors.New("callgrind printed no count of instructions: " + firstLine(run.stderr))
	}
	var counts []int64
	for _, field := range strings.Fields(match[1]) {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("a count of callgrind's: %w", err)
		}
		counts = append(counts, n)
	}
	return counts, nil
}
