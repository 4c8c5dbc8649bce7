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

// collected is where callgrind says how many instructions it has seen.
var collected = regexp.MustCompile(`Collected : (\d+)`)

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
// also ends callgrind 3.19 with a failed assertion.
var countEnvironment = []string{"GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1"}

// count returns the instructions that one operation of w takes in lane. The
// program runs twice under callgrind with different numbers of operations: what
// the counts differ by has neither start-up nor warm-up in it.
func (r *run) count(ctx context.Context, w Workload, lane Lane, base start) (*benchfmt.Result, error) {
	n := max(1, w.Counts/r.shrink())
	once, err := r.instructions(ctx, base, w.arguments(lane, n))
	if err != nil {
		return nil, err
	}
	more, err := r.instructions(ctx, base, w.arguments(lane, countTimes*n))
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s\nBenchmark%s %d %.2f sim-instructions/op\n",
		strings.Join(base.config, "\n"), w.Name, (countTimes-1)*n, float64(more-once)/float64((countTimes-1)*n))
	return firstResult(strings.NewReader(text))
}

func (r *run) instructions(ctx context.Context, base start, args []string) (int64, error) {
	argv := []string{r.valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", base.argv[0]}
	base.argv = append(argv, args...)
	base.environ = slices.Concat(base.environ, countEnvironment)
	run, err := base.output(ctx)
	if err != nil {
		return 0, err
	}
	match := collected.FindStringSubmatch(run.stderr)
	if match == nil {
		return 0, errors.New("callgrind printed no count of instructions: " + firstLine(run.stderr))
	}
	return strconv.ParseInt(match[1], 10, 64)
}
