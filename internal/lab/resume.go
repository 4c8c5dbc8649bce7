// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"

	"golang.org/x/perf/benchfmt"
)

// work names what decides how much a sample does. Samples of different work don't go together.
func (r *run) work() string {
	switch {
	case r.counts:
		return "counts"
	case r.quick:
		return workQuick
	case r.command.shrink > 1:
		return "1/" + strconv.Itoa(r.command.shrink)
	}
	return "full"
}

// reopen opens a file of samples to add to, and reads what it has. A file that isn't there is made.
func (r *run) reopen(path string) (closeRecord func() error, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("-o: %w", err)
	}
	r.record = newRecord(file)
	if err := r.takeUp(file); err != nil {
		file.Close()
		return nil, fmt.Errorf("-resume: %w", err)
	}
	return file.Close, nil
}

// takeUp reads the results in file, cuts off a last line that was not written to its end, and leaves file where the next one goes.
func (r *run) takeUp(file *os.File) error {
	text, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	whole := bytes.LastIndexByte(text, '\n') + 1
	if err := file.Truncate(int64(whole)); err != nil {
		return err
	}
	if _, err := file.Seek(int64(whole), io.SeekStart); err != nil {
		return err
	}
	if err := r.record.results.read(bytes.NewReader(text[:whole]), r.output); err != nil {
		return err
	}
	for _, f := range r.record.results.failures {
		r.record.taken.failure(f)
	}
	for _, sample := range r.record.results.samples {
		r.record.taken.sample(sample)
		if text := r.setting.differs(settingIn(sample)); text != "" {
			return fmt.Errorf("the samples in %s are of another kind (%s): give another file, or the flags that it was made with", r.output, text)
		}
	}
	return nil
}

// A place is where a sample belongs.
type place struct{ version, workload, lane string }

// placeOf returns the place of a sample.
func placeOf(sample *benchfmt.Result) place {
	return place{sample.GetConfig("go"), workloadName(sample), sample.GetConfig("lane")}
}

// A tally is how many samples a place has or, its lane being broken, should have had.
type tally map[place]int

// enough is more samples than any run takes: what a skipped lane counts as having.
const enough = 1 << 30

func (t tally) sample(s *benchfmt.Result) { t[placeOf(s)]++ }

func (t tally) failure(f failure) {
	at := place{f.version, f.workload, f.lane}
	t[at]++
	if f.skipped {
		t[at] = enough
	}
}

// misses reports whether samples are wanted that the program is needed for.
func (r *run) misses(version string, p program) bool {
	for _, w := range r.workloads {
		for _, lane := range r.lanes(w) {
			if w.programPath("", lane) == p.Workload.programPath("", p.Lane) && r.record.taken[place{version, w.Name, lane.Name}] < r.rounds(w) {
				return true
			}
		}
	}
	return false
}

// writeFile makes the file that the user named, with what write writes.
func (c *Command) writeFile(path string, write func(io.Writer) error) error {
	absolute, err := c.absolute(path)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := os.WriteFile(absolute, text.Bytes(), 0o666); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: make the directory first", err)
		}
		return err
	}
	return nil
}
