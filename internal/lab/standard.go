// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
)

// Benchmarks of Go's standard library are workloads too: they show what spade costs where stacks hardly ever grow. The program
// is the package's test; an operation is one iteration of each of the benchmarks.

// standard reports whether the workload is of that kind.
func (w Workload) standard() bool { return w.Bench != "" }

// benchArguments returns the arguments of a test that make n iterations of each benchmark.
func (w Workload) benchArguments(n int) []string {
	return []string{"-test.run=^$", "-test.bench=" + w.Bench, "-test.benchtime=" + strconv.Itoa(n) + "x", "-test.timeout=0"}
}

// packageDir returns where the sources of a package are.
func (b builder) packageDir(ctx context.Context, pkg string) (string, error) {
	return b.output(ctx, b.dir, "list", "-f", "{{.Dir}}", pkg)
}

// sampleProcess starts the program and returns the time that the whole process took, over n operations: a test of the standard
// library measures no CPU time itself.
func (s start) sampleProcess(ctx context.Context, name string, n int) (*benchfmt.Result, error) {
	began := time.Now()
	run, err := s.output(ctx)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(run.stdout, "\nBenchmark") {
		return nil, errors.New("ran no benchmark")
	}
	line := fmt.Sprintf("Benchmark%s %d %d ns/op %d cpu-ns/op", name, n, time.Since(began).Nanoseconds()/int64(n), run.cpu.Nanoseconds()/int64(n))
	return run.with(firstResult(strings.NewReader(strings.Join(s.config, "\n") + "\n" + line + run.memory.figures(n) + "\n")))
}
