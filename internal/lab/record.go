// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// results are samples and the failures to take one, in the order in which they
// came.
type results struct {
	samples  []*benchfmt.Result
	failures []failure
}

// A failure is a sample that could not be taken.
type failure struct {
	version, workload, lane string
	message                 string
	skipped                 bool // this machine can't take it: the program is not to blame
}

// failed reports whether a sample is missing that could have been taken.
func (r *results) failed() bool {
	return slices.ContainsFunc(r.failures, func(f failure) bool { return !f.skipped })
}

// A mark starts the line of a failure. Readers of the benchmark format pass over such a line.
const (
	failureMark = "# no sample\t"
	skipMark    = "# skipped\t"
)

// A record keeps results and writes each as it comes, so that a run that is cut
// short leaves what it had.
type record struct {
	results results
	w       io.Writer
	format  *benchfmt.Writer
	taken   tally
}

func newRecord(w io.Writer) *record {
	return &record{w: w, format: benchfmt.NewWriter(w), taken: tally{}}
}

func (r *record) add(result *benchfmt.Result) error {
	r.results.samples = append(r.results.samples, result)
	r.taken.sample(result)
	if err := r.format.Write(result); err != nil {
		return fmt.Errorf("writing a sample: %w", err)
	}
	return nil
}

func (r *record) fail(f failure) error {
	r.results.failures = append(r.results.failures, f)
	r.taken.failure(f)
	message := strings.Join(strings.Fields(f.message), " ")
	mark := failureMark
	if f.skipped {
		mark = skipMark
	}
	if _, err := fmt.Fprintf(r.w, "%s%s\t%s\t%s\t%s\n", mark, f.version, f.workload, f.lane, message); err != nil {
		return fmt.Errorf("writing a failure: %w", err)
	}
	return nil
}

// read adds what a record has written.
func (r *results) read(from io.Reader, name string) error {
	var text strings.Builder
	lines := bufio.NewScanner(io.TeeReader(from, &text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		mark, rest, found := strings.Cut(lines.Text(), "\t")
		mark += "\t"
		if fields := strings.SplitN(rest, "\t", 4); found && len(fields) == 4 && (mark == failureMark || mark == skipMark) {
			r.failures = append(r.failures, failure{fields[0], fields[1], fields[2], fields[3], mark == skipMark})
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	reader := benchfmt.NewReader(strings.NewReader(text.String()), name)
	for reader.Scan() {
		switch record := reader.Result().(type) {
		case *benchfmt.Result:
			r.samples = append(r.samples, record.Clone())
		case *benchfmt.SyntaxError:
			return record
		}
	}
	return reader.Err()
}

// only returns the results of the workloads that a pattern chooses, as that of a run does.
func (r results) only(pattern string) (results, error) {
	if pattern == "" {
		return r, nil
	}
	chosen, err := choose(pattern, false)
	if err != nil {
		return r, err
	}
	other := func(name string) bool {
		return !slices.ContainsFunc(chosen, func(w Workload) bool { return w.Name == name })
	}
	return results{
		samples:  slices.DeleteFunc(slices.Clone(r.samples), func(sample *benchfmt.Result) bool { return other(placeOf(sample).workload) }),
		failures: slices.DeleteFunc(slices.Clone(r.failures), func(f failure) bool { return other(f.workload) }),
	}, nil
}
