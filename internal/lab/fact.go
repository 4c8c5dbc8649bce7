// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
)

// A fact is a workload that takes no time: a test of spade's sources that reads Go's own source, its compiler's output or what a
// program does, and passes or fails. Its sample says that it passed, and has the numbers that the test gives as attributes.

// unitPassed is 1 in the sample of a test that has passed.
const unitPassed = "passed"

// factLane is the only lane of a fact: tests are built by the stock go command.
var factLane = Lane{Name: laneStock, Stacks: "copy", Stock: true}

// fact returns the workload of a test in the directory dir of spade's sources.
func fact(name, dir, test, about string) Workload {
	return Workload{Name: "Fact/" + name, Program: dir, Test: test, N: 1, Lanes: []Lane{factLane}, Takes: 100 * time.Millisecond, About: about}
}

// testArguments returns the arguments of a test's program that run the test and nothing else.
func (w Workload) testArguments() []string {
	return []string{"-test.run=" + w.testPattern(), "-test.v", "-test.timeout=0"}
}

// testPattern returns what selects the test.
func (w Workload) testPattern() string {
	var parts []string
	for part := range strings.SplitSeq(w.Test, "/") {
		parts = append(parts, "^"+part+"$")
	}
	return strings.Join(parts, "/")
}

// testCommand returns what a user types to run the test.
func (w Workload) testCommand() string {
	if w.Program == "." {
		return "go test . -run " + w.Test
	}
	return "go test ./" + w.Program + " -run " + w.Test
}

// A skip is the error of a sample that can't be taken here, for no fault of the program.
type skip struct{ reason string }

func (s skip) Error() string { return s.reason }

// sampleTest runs a test and returns the sample of its success.
func (s start) sampleTest(ctx context.Context, w Workload) (*benchfmt.Result, error) {
	run, err := s.output(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: the test fails: %s shows how", err, w.testCommand())
	}
	switch {
	case strings.Contains(run.stdout, "--- SKIP: "+w.Test):
		return nil, skip{"the test was skipped: " + w.testCommand() + " -v says why"}
	case !strings.Contains(run.stdout, "--- PASS: "+w.Test):
		return nil, errors.New("there is no test " + w.Test)
	}
	figures := "1 " + unitPassed
	for _, m := range attribute.FindAllStringSubmatch(run.stdout, -1) {
		figures += " " + m[2] + " " + m[1]
	}
	return firstResult(strings.NewReader(fmt.Sprintf("%s\nBenchmark%s 1 %s\n", strings.Join(s.config, "\n"), w.Name, figures)))
}

// attribute is how a test prints what it has found out by testing.T.Attr: a unit and a number.
var attribute = regexp.MustCompile(`(?m)^=== ATTR  \S+ (\S+) ([\d.]+)$`)
