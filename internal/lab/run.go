// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
)

const (
	usualSamples       = 8
	quickSamples       = 6
	quickMemorySamples = 3
	quickSimulations   = 2 // counts hardly differ
	quickShrink        = 5 // a quick run does this part of the work
)

// A run is one use of spade lab run.
type run struct {
	command  *Command
	samples  int // 0 means what the kind of run takes usually
	quick    bool
	brief    bool // a quick run of all there is
	versions string
	output   string
	resume   bool
	json     string
	counts   bool
	bin      string
	added    []Lane
	timeout  time.Duration

	workloads []Workload
	dirs      map[string]string // where the programs of standard workloads and tests run
	setting   setting
	valgrind  string
	progress  progress
	record    *record
}

// run measures, and prints the table.
func (c *Command) run(ctx context.Context, args []string) error {
	r := &run{command: c, dirs: map[string]string{}}
	if err := r.parse(args); err != nil {
		return err
	}
	r.setting = settingOf(r.work())
	r.setting.add("tools", r.tools(ctx))
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
	if printed := report(c.Stdout, r.record.results, false); printed != nil {
		return printed
	}
	if err != nil {
		fmt.Fprintln(c.Stdout, "\ninterrupted: the table has the samples taken so far"+r.howToGoOn())
	}
	if r.json != "" {
		if err := c.writeFile(r.json, func(w io.Writer) error { return writeJSON(w, r.record.results) }); err != nil {
			return err
		}
	}
	if err != nil || r.record.results.failed() {
		return errIncomplete
	}
	return nil
}

// howToGoOn tells how to take the samples that an interrupted run lacks, if its samples are in a file.
func (r *run) howToGoOn() string {
	if r.output == "" {
		return ""
	}
	return "; the same command with -resume takes those that are missing"
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
	if r.resume {
		return r.reopen(path)
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
		if err := r.findPrograms(r.bin); err != nil {
			return err
		}
		for _, w := range r.workloads {
			if w.Test != "" {
				r.dirs[w.Program] = filepath.Join(r.command.Dir, w.Program)
			}
		}
		return r.measureIn(ctx, r.bin, builtBy(r.programs(r.bin)[0].path))
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

// build makes with a Go version the programs of which samples are missing, and returns the version's name.
func (r *run) build(ctx context.Context, bin, version string) (name string, err error) {
	b := builder{gocmd: r.command.Spade, dir: r.command.Dir, environ: r.command.Environ, version: version}
	stock := b
	stock.gocmd = []string{"go"}
	r.dirs = map[string]string{}
	r.progress.say("looking for spade's sources")
	source, err := b.source(ctx)
	if err != nil {
		return "", err
	}
	if name, err = b.goVersion(ctx); err != nil {
		return "", err
	}
	for _, p := range r.programs(bin) {
		if !r.misses(name, p) {
			continue
		}
		r.progress.say("building %s with %s", p.Program, name)
		by := b
		if p.Stock {
			by = stock
		}
		switch err := r.buildOne(ctx, by.of(p.Lane), source, p); {
		case err == nil:
		case p.Build != "" && ctx.Err() == nil:
			if err := r.skipAll(name, p, firstRefusal(err)); err != nil {
				return "", err
			}
		case p.Foreign != nil && ctx.Err() == nil:
			if err := r.skipAll(name, p, "can't be built: "+firstLine(err.Error())); err != nil {
				return "", err
			}
		case p.Module && missesModules(err):
			if err := r.skipAll(name, p, firstMissing(err)); err != nil {
				return "", err
			}
		default:
			return "", err
		}
	}
	return name, nil
}

// buildOne makes a program from spade's sources, and finds out where it runs if that matters.
func (r *run) buildOne(ctx context.Context, b builder, source string, p program) (err error) {
	if err := b.build(ctx, source, p.path, p.Workload, p.Lane); err != nil {
		return err
	}
	switch {
	case r.dirs[p.Program] != "":
	case p.standard():
		r.dirs[p.Program], err = b.packageDir(ctx, p.Program)
	case p.Test != "":
		r.dirs[p.Program] = filepath.Join(source, p.Program)
	}
	return err
}

// measureIn takes the samples of every workload with the programs in bin, which
// were built by the Go version of that name.
func (r *run) measureIn(ctx context.Context, bin, version string) error {
	var left time.Duration
	for _, w := range r.workloads {
		left += r.planned(w)
	}
	for i, w := range r.workloads {
		for round := range r.rounds(w) {
			for _, lane := range r.lanes(w) {
				left -= r.plannedSample(w)
				if r.record.taken[place{version, w.Name, lane.Name}] > round {
					continue
				}
				r.progress.say("[%d/%d] %s %s: %s, %d of %d; about %v to go", i+1, len(r.workloads), version, w.Name, lane.Name, round+1,
					r.rounds(w), left.Round(time.Second))
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
	n := r.operations(w)
	s := start{
		argv:    append([]string{w.programPath(bin, lane)}, w.arguments(lane, n)...),
		dir:     r.dirs[w.Program],
		environ: lane.surroundings(r.command.Environ),
		timeout: r.timeout,
		config:  append(r.setting.lines(), "go: "+version, "lane: "+lane.Name),
	}
	var result *benchfmt.Result
	var err error
	switch {
	case r.bin != "" && lane.Build != "" && !exists(s.argv[0]):
		err = skip{"not built"}
	case w.needs(lane) > availableMemory():
		err = skip{fmt.Sprintf("needs %s of memory, and less is available", quantity(float64(w.needs(lane)), "bytes"))}
	case r.counts:
		result, err = r.count(ctx, w, lane, s)
	case w.Caches:
		result, err = r.simulateCaches(ctx, w, lane, s)
	case w.Within != "":
		result, err = r.countWithin(ctx, w, lane, s)
	case w.Checks:
		result, err = r.countChecks(ctx, w, lane, s)
	case lane.Foreign != nil:
		result, err = lane.Foreign.sample(ctx, s)
	case w.standard():
		result, err = s.sampleProcess(ctx, w.Name, n)
	case w.Test != "":
		result, err = s.sampleTest(ctx, w)
	case w.Starts:
		result, err = s.sampleStarts(ctx, w.Name, n, lane.Cold)
	case w.Traced:
		result, err = s.sampleTimeline(ctx, w.Name, n)
	default:
		result, err = s.sample(ctx)
	}
	f := failure{version: version, workload: w.Name, lane: lane.Name}
	switch skipped := (skip{}); {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &skipped):
		f.message, f.skipped = skipped.reason, true
		return r.record.fail(f)
	case err != nil:
		f.message = err.Error()
		return r.record.fail(f)
	}
	return r.record.add(result)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// operations returns how many operations a sample of w has in this run.
func (r *run) operations(w Workload) int {
	if (w.Memory || w.Whole) && r.command.shrink == 0 {
		return w.N // what a goroutine holds depends on their number
	}
	return max(1, w.N/r.shrink())
}

// lanes returns the lanes in which this run measures w.
func (r *run) lanes(w Workload) []Lane {
	lanes := w.lanes()
	lanes = slices.DeleteFunc(slices.Clone(lanes), func(lane Lane) bool {
		return lane.Build != "" && (r.brief || r.counts) || r.brief && (w.Checks || w.Starts || w.Traced) && !lane.Stock
	})
	if !w.compared() {
		return lanes
	}
	for _, lane := range r.added {
		if !slices.ContainsFunc(lanes, func(has Lane) bool { return has.Name == lane.Name }) {
			lanes = append(slices.Clip(lanes), lane)
		}
	}
	return lanes
}

// rounds returns how many samples each lane of w gives.
func (r *run) rounds(w Workload) int {
	switch {
	case w.Test != "":
		return 1
	case r.samples > 0:
		return r.samples
	case r.quick && w.simulated():
		return quickSimulations
	case r.counts, w.simulated():
		return minSamples
	case r.quick && (w.Memory || w.Whole):
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
	if text := r.setting.busy(); text != "" {
		fmt.Fprintf(r.command.Stderr, "spade lab: %s: expect wide intervals\n", text)
	}
}
