// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spadego/spade/internal/finding"
	"github.com/spadego/spade/internal/report/html"
	jsonreport "github.com/spadego/spade/internal/report/json"
	"github.com/spadego/spade/internal/report/pprof"
	"github.com/spadego/spade/internal/report/text"
	"github.com/spadego/spade/internal/startup"
)

// Exit codes of spade start.
const (
	exitStartProgram = 1 // the program can't be built, or does not get to main.main
	exitStartLimit   = 3 // it takes longer than -max-total or -max-package allows
)

// startFlags are the flags of "spade start".
type startFlags struct {
	json, inittrace      bool
	dir, tags            string
	base, fix            string
	html, pprof          string
	top, runs, cold      int
	maxTotal, maxPackage time.Duration // 0 for no limit
	timeout              time.Duration
	program              string
	args                 []string // of the program
}

func (f *startFlags) define(flags *flag.FlagSet) {
	flags.BoolVar(&f.json, "json", false, "")
	flags.BoolVar(&f.inittrace, "inittrace", false, "")
	flags.StringVar(&f.dir, "C", "", "")
	flags.StringVar(&f.tags, "tags", "", "")
	flags.StringVar(&f.base, "base", "", "")
	flags.StringVar(&f.html, "html", "", "")
	flags.StringVar(&f.pprof, "pprof", "", "")
	flags.StringVar(&f.fix, "fix", "", "")
	flags.IntVar(&f.top, "top", 12, "")
	flags.IntVar(&f.runs, "n", 20, "")
	flags.IntVar(&f.cold, "cold", 5, "")
	flags.DurationVar(&f.maxTotal, "max-total", 0, "")
	flags.DurationVar(&f.maxPackage, "max-package", 0, "")
	flags.DurationVar(&f.timeout, "timeout", time.Minute, "")
}

// start is "spade start [flags] [PROGRAM] [-- ARGUMENTS]".
func (c *Command) start(args []string) (int, error) {
	f := startFlags{program: "."}
	if i := slices.Index(args, "--"); i >= 0 {
		args, f.args = args[:i], args[i+1:]
	}
	rest, err := parse("start", f.define, args)
	if err != nil {
		return 0, err
	}
	if len(rest) > 0 {
		f.program = rest[0]
	}
	if err := f.validate(rest); err != nil {
		return 0, err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	temp, err := os.MkdirTemp("", "spade-start-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(temp)
	if f.fix != "" {
		return c.fixStart(ctx, &f, temp)
	}
	report, err := c.measureStart(ctx, &f, temp)
	if err != nil {
		return c.startFailed(err)
	}
	if err := c.writeStart(&f, report.messages); err != nil {
		return 0, err
	}
	return c.startLimits(&f, &report.StartReport), nil
}

func (f *startFlags) validate(rest []string) error {
	problem := ""
	switch {
	case len(rest) > 1:
		problem = "name one program, after the flags; what the program itself is to get comes after --"
	case strings.HasPrefix(f.program, "-"):
		problem = "flags come before the program"
	case f.runs < 1 || f.cold < 0:
		problem = "-n takes a number from 1, and -cold one from 0"
	case f.fix != "" && (f.base != "" || f.json || f.html != "" || f.pprof != "" || f.inittrace):
		problem = "-fix compares before with after: leave -base, -json, -html, -pprof and -inittrace out"
	case f.html != "" && f.html == f.pprof:
		problem = "-html and -pprof name the same file"
	case f.maxTotal < 0 || f.maxPackage < 0 || f.timeout <= 0:
		problem = "-max-total, -max-package and -timeout take a duration, such as 50ms"
	}
	if problem != "" {
		return &usageError{"start", problem}
	}
	return nil
}

// startFailed prints an error about the program, or returns one of spade's own.
func (c *Command) startFailed(err error) (int, error) {
	var failed *startup.FailedError
	var built *buildError
	switch {
	case errors.As(err, &built):
		return exitStartProgram, nil // the go command has said why
	case errors.As(err, &failed):
		fmt.Fprintf(c.Stderr, "spade: start: %v\n", err)
		if failed.Output != "" {
			fmt.Fprintf(c.Stderr, "It wrote:\n%s\n", failed.Output)
		}
		fmt.Fprintln(c.Stderr, "Give it the arguments and the environment that it needs: what comes after -- is its own.")
		return exitStartProgram, nil
	case errors.Is(err, context.Canceled):
		return 0, errors.New("start: interrupted")
	case errors.Is(err, startup.ErrSystem) || errors.Is(err, startup.ErrNoCuts) || errors.Is(err, syscall.EPERM):
		return 0, fmt.Errorf("start: %w; with -inittrace, the runtime tells what packages take, but then main.main is run", err)
	}
	return 0, fmt.Errorf("start: %w", err)
}

// A startReport is a stream of findings, sorted, and as it came.
type startReport struct {
	finding.StartReport
	messages []finding.Message
}

func (r *startReport) Handle(m finding.Message) error {
	r.messages = append(r.messages, m)
	return r.StartReport.Handle(m)
}

func (r *startReport) Flush() error { return nil }

// measureStart builds what has to be built, and measures it.
func (c *Command) measureStart(ctx context.Context, f *startFlags, temp string) (*startReport, error) {
	report := &startReport{}
	report.Handle(finding.Message{Config: &finding.Config{Protocol: finding.Protocol, Analysis: "start", Spade: ownVersion()}})
	var subjects []*startup.Subject
	for _, p := range []struct{ set, name string }{{finding.New, f.program}, {finding.Base, f.base}} {
		if p.name == "" {
			continue
		}
		saved, err := c.savedStart(f, p.name, p.set, report)
		if err != nil {
			return nil, err
		}
		if saved {
			continue
		}
		s, err := c.subject(ctx, f, p.name, temp+"/"+p.set)
		if err != nil {
			return nil, err
		}
		s.Set = p.set
		subjects = append(subjects, s)
	}
	if len(subjects) == 0 {
		return report, nil
	}
	if err := c.measure(ctx, f, subjects, report); err != nil {
		return nil, err
	}
	return report, nil
}

// measure measures programs and adds what it finds to the report.
func (c *Command) measure(ctx context.Context, f *startFlags, subjects []*startup.Subject, report *startReport) error {
	progress := newProgressLine(c.Stderr)
	measure := startup.Measure
	if f.inittrace {
		measure = startup.MeasureInittrace
	}
	timelines, err := measure(ctx, subjects, startup.Options{Runs: f.runs, Cold: f.cold, Timeout: f.timeout, Progress: progress.say})
	progress.clear()
	if err != nil {
		return err
	}
	for _, t := range timelines {
		if err := t.Emit(report); err != nil {
			return err
		}
	}
	return nil
}

// savedStart adds findings that were saved as JSON, if name is a file of those.
func (c *Command) savedStart(f *startFlags, name, set string, report *startReport) (bool, error) {
	data, err := os.ReadFile(c.below(f.dir, name))
	if err != nil || !bytes.HasPrefix(data, []byte("{")) {
		return false, nil
	}
	found := false
	err = finding.Replay(bytes.NewReader(data), func(m finding.Message) error {
		switch {
		case m.Start != nil && m.Start.Set == finding.New:
			m.Start.Set, found = set, true
		case m.StartPart != nil && m.StartPart.Set == finding.New:
			m.StartPart.Set = set
		case m.Touched != nil && m.Touched.Set == finding.New:
			m.Touched.Set = set
		default:
			return nil // what it was compared with, and the configuration
		}
		return report.Handle(m)
	})
	if err == nil && !found {
		err = errors.New("it holds no findings of spade start")
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", name, err)
	}
	return true, nil
}

// writeStart writes the output.
func (c *Command) writeStart(f *startFlags, messages []finding.Message) error {
	var h finding.Handler = text.NewStart(c.Stdout, f.top)
	if f.json {
		h = jsonreport.New(c.Stdout)
	}
	handlers := finding.Tee{h}
	files := map[string]*bytes.Buffer{}
	if f.html != "" {
		files[f.html] = &bytes.Buffer{}
		handlers = append(handlers, html.NewStart(files[f.html]))
	}
	if f.pprof != "" {
		files[f.pprof] = &bytes.Buffer{}
		handlers = append(handlers, pprof.NewStart(files[f.pprof]))
	}
	for _, m := range messages {
		if err := handlers.Handle(m); err != nil {
			return err
		}
	}
	if err := handlers.Flush(); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(c.below(f.dir, name), content.Bytes(), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// startLimits reports what takes longer than it may.
func (c *Command) startLimits(f *startFlags, report *finding.StartReport) int {
	code := exitOK
	over := func(name string, took int64, limit time.Duration, flag string) {
		if limit > 0 && took > limit.Nanoseconds() {
			fmt.Fprintf(c.Stderr, "spade: start: %s takes %s ms, more than %s %v\n", name, finding.Millis(took), flag, limit)
			code = exitStartLimit
		}
	}
	if report.New == nil {
		return code
	}
	over(report.New.Program, report.New.Plain.Mean, f.maxTotal, "-max-total")
	for _, row := range report.Packages() {
		if row.New != nil {
			over("the initialization of "+row.New.Name, row.New.Clock.Mean, f.maxPackage, "-max-package")
		}
	}
	return code
}
