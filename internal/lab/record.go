// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bufio"
	"fmt"
	"io"
	"os"
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
}

func (r *results) failed() bool { return len(r.failures) > 0 }

// failureMark starts the line of a failure. Readers of the benchmark format
// pass over such a line.
const failureMark = "# no sample\t"

// A record keeps results and writes each as it comes, so that a run that is cut
// short leaves what it had.
type record struct {
	results results
	w       io.Writer
	format  *benchfmt.Writer
}

func newRecord(w io.Writer) *record {
	return &record{w: w, format: benchfmt.NewWriter(w)}
}

func (r *record) add(result *benchfmt.Result) error {
	r.results.samples = append(r.results.samples, result)
	if err := r.format.Write(result); err != nil {
		return fmt.Errorf("writing a sample: %w", err)
	}
	return nil
}

func (r *record) fail(f failure) error {
	r.results.failures = append(r.results.failures, f)
	message := strings.Join(strings.Fields(f.message), " ")
	if _, err := fmt.Fprintf(r.w, "%s%s\t%s\t%s\t%s\n", failureMark, f.version, f.workload, f.lane, message); err != nil {
		return fmt.Errorf("writing a failure: %w", err)
	}
	return nil
}

// compare prints the table of samples that a run has written.
func (c *Command) compare(paths []string) error {
	if len(paths) == 0 {
		return usage("compare needs files that spade lab run -o has written")
	}
	var all results
	for _, path := range paths {
		if err := c.readFile(&all, path); err != nil {
			return err
		}
	}
	if len(all.samples)+len(all.failures) == 0 {
		return fmt.Errorf("no samples in %s: give files that spade lab run -o has written", strings.Join(paths, ", "))
	}
	if err := report(c.Stdout, all); err != nil {
		return err
	}
	if all.failed() {
		return errIncomplete
	}
	return nil
}

func (c *Command) readFile(all *results, path string) error {
	absolute, err := c.absolute(path)
	if err != nil {
		return err
	}
	file, err := os.Open(absolute)
	if err != nil {
		return err
	}
	defer file.Close()
	return all.read(file, path)
}

// read adds what a record has written.
func (r *results) read(from io.Reader, name string) error {
	var text strings.Builder
	lines := bufio.NewScanner(io.TeeReader(from, &text))
	for lines.Scan() {
		rest, found := strings.CutPrefix(lines.Text(), failureMark)
		if !found {
			continue
		}
		if fields := strings.SplitN(rest, "\t", 4); len(fields) == 4 {
			r.failures = append(r.failures, failure{fields[0], fields[1], fields[2], fields[3]})
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
