// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
)

const (
	usualSamples       = 8
	quickSamples       = 6
	quickMemorySamples = 3
	quickShrink        = 5 // a quick run does this part of the work
)

// A run is one use of spade lab run.
type run struct {
	command  *Command
	samples  int // 0 means what the kind of run takes usually
	quick    bool
	versions string
	output   string
	counts   bool
	bin      string
	stock    bool
	timeout  time.Duration

	workloads []Workload
	dirs      map[string]string // where the programs of standard workloads run
	valgrind  string
	progress  progress
	record    *record
}

// run measures, and prints the table.
func (c *Command) run(ctx context.Context, args []string) error {
	r := &run{command: c}
	if err := r.parse(args); err != nil {
		return err
	}
	closeRecord, err := r.open()
	if err != nil {
		return err
	}
	r.warnIfBusy()
	err = r.measure(ctx)
	r.progress.clear()
	if closed := closeRecord(); closed != nil && err == nil {
		err = fmt.Errorf("writing samples: %w", closed)
	}
	if err != nil && ctx.Err() == nil {
		return err
	}
	if printed := report(c.Stdout, r.record.results); printed != nil {
		return printed
	}
	if err != nil {
		fmt.Fprintln(c.Stdout, "\ninterrupted: the table has the samples taken so far")
	}
	if err != nil || r.record.results.failed() {
		return errIncomplete
	}
	return nil
}

// open gets ready what may fail before anything is measured.
func (r *run) open() (closeRecord func() error, err error) {
	if r.counts {
		if r.valgrind, err = findValgrind(); err != nil {
			return nil, err
		}
	}
	r.progress = newProgress(r.command.Stderr)
	if r.output == "" {
		r.record = newRecord(io.Discard)
		return func() error { return nil }, nil
	}
	path, err := r.command.absolute(r.output)
	if err != nil {
		return nil, err
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("-o: %w", err)
	}
	r.record = newRecord(file)
	return file.Close, nil
}

// measure takes all samples, one Go version after the other.
func (r *run) measure(ctx context.Context) error {
	if r.bin != "" {
		if err := findPrograms(r.bin, r.workloads); err != nil {
			return err
		}
		return r.measureIn(ctx, r.bin, builtBy(programPath(r.bin, r.workloads[0].Program, false)))
	}
	bin, err := os.MkdirTemp("", "spade-lab-")
	if err != nil {
		return fmt.Errorf("a place for the programs: %w", err)
	}
	defer os.RemoveAll(bin)
	for _, version := range strings.Split(r.versions, ",") {
		name, err := r.build(ctx, bin, version)
		if err != nil {
			return err
		}
		if err := r.measureIn(ctx, bin, name); err != nil {
			return err
		}
	}
	return nil
}

// build makes all programs with a Go version and returns its name.
func (r *run) build(ctx context.Context, bin, version string) (name string, err error) {
	b := builder{gocmd: r.command.Spade, dir: r.command.Dir, environ: r.command.Environ, version: version}
	stock := b
	stock.gocmd = []string{"go"}
	r.progress.say("looking for spade's sources")
	source, err := b.source(ctx)
	if err != nil {
		return "", err
	}
	if name, err = b.goVersion(ctx); err != nil {
		return "", err
	}
	r.dirs = map[string]string{}
	for _, w := range programs(r.workloads) {
		r.progress.say("building %s with %s", w.Program, name)
		if err := b.build(ctx, source, programPath(bin, w.Program, false), w); err != nil {
			return "", err
		}
		if r.stock || w.Level {
			if err := stock.build(ctx, source, programPath(bin, w.Program, true), w); err != nil {
				return "", err
			}
		}
		if w.standard() {
			if r.dirs[w.Program], err = stock.packageDir(ctx, w.Program); err != nil {
				return "", err
			}
		}
	}
	return name, nil
}

// measureIn takes the samples of every workload with the programs in bin, which
// were built by the Go version of that name.
func (r *run) measureIn(ctx context.Context, bin, version string) error {
	for i, w := range r.workloads {
		for round := range r.rounds(w) {
			for _, lane := range r.lanes(w) {
				r.progress.say("[%d/%d] %s %s: %s, %d of %d", i+1, len(r.workloads), version, w.Name, lane.Name, round+1, r.rounds(w))
				if err := r.sample(ctx, w, lane, bin, version); err != nil {
					return err
				}
			}
		}
		r.progress.done("[%d/%d] %s %s", i+1, len(r.workloads), version, w.Name)
	}
	return nil
}

// sample takes one sample and records it, or that there was none. Only the end
// of ctx and a failing record stop the run.
func (r *run) sample(ctx context.Context, w Workload, lane Lane, bin, version string) error {
	n := max(1, w.N/r.shrink())
	if w.Memory && r.command.shrink == 0 {
		n = w.N // what a goroutine holds depends on their number
	}
	s := start{
		argv:    append([]string{programPath(bin, w.Program, lane.Stock)}, w.arguments(lane, n)...),
		dir:     r.dirs[w.Program],
		environ: withStacks(r.command.Environ, lane.Stacks),
		timeout: r.timeout,
		config:  []string{"goos: " + runtime.GOOS, "goarch: " + runtime.GOARCH, "go: " + version, "lane: " + lane.Name},
	}
	var result *benchfmt.Result
	var err error
	switch {
	case r.counts:
		result, err = r.count(ctx, w, lane, s)
	case w.standard():
		result, err = s.sampleProcess(ctx, w.Name, n)
	default:
		result, err = s.sample(ctx)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return r.record.fail(failure{version: version, workload: w.Name, lane: lane.Name, message: err.Error()})
	}
	return r.record.add(result)
}

// lanes returns the lanes in which this run measures w.
func (r *run) lanes(w Workload) []Lane {
	lanes := w.lanes()
	if r.stock && !w.Level {
		lanes = append(lanes, stockLane)
	}
	return lanes
}

// rounds returns how many samples each lane of w gives.
func (r *run) rounds(w Workload) int {
	switch {
	case r.samples > 0:
		return r.samples
	case r.counts:
		return minSamples
	case r.quick && w.Memory:
		return quickMemorySamples
	case r.quick:
		return quickSamples
	}
	return usualSamples
}

// shrink returns what the work of a sample is divided by.
func (r *run) shrink() int {
	shrink := max(1, r.command.shrink)
	if r.quick && !r.counts {
		shrink *= quickShrink
	}
	return shrink
}

// warnIfBusy says on stderr that other programs use the processors.
func (r *run) warnIfBusy() {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return
	}
	var load float64
	if _, err := fmt.Sscan(string(data), &load); err == nil && load > float64(runtime.NumCPU())/2 {
		fmt.Fprintf(r.command.Stderr, "spade lab: the machine is busy (load %.1f on %d processors): expect wide intervals\n", load, runtime.NumCPU())
	}
}
