// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/spadego/spade/internal/finding"
	"github.com/spadego/spade/internal/pclntab"
)

// An initLine is what a runtime under GODEBUG=inittrace=1 prints of a package.
type initLine struct {
	pkg           string
	begin, clock  uint64 // nanoseconds, since the main goroutine began
	bytes, allocs int64
}

// An initRun is one start of a program.
type initRun struct {
	lines []initLine
	code  int // that it exited with by itself, or less than 1
}

// stageBetween is what lies between the initializations of packages, and before the first one.
const stageBetween = "runtime: between packages"

// quiet is how long a program that has printed lines is waited for to print another one, if it is not known which is the last.
const quiet = 2 * time.Second

// MeasureInittrace measures programs by what their runtime prints of packages. It works with any Go since 1.16, on any system, and sees
// less than Measure. The programs reach main.main; they are ended when they have told of all packages that the binary initializes or, if
// that can't be seen, when they have told nothing for a while.
func MeasureInittrace(ctx context.Context, subjects []*Subject, o Options) ([]*Timeline, error) {
	runs := make([][]initRun, len(subjects))
	for i := range o.Runs {
		for j, s := range subjects {
			o.Progress("%s: run %d of %d", s.Name, i+1, o.Runs)
			r, err := inittraced(ctx, s, o.Timeout)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Name, err)
			}
			runs[j] = append(runs[j], r)
		}
	}
	var timelines []*Timeline
	for j, s := range subjects {
		m := &measured{subject: s, program: newProgram(s.Packages), scale: 1}
		timelines = append(timelines, m.inittraceTimeline(runs[j]))
	}
	return timelines, nil
}

// inittraced starts a program once.
func inittraced(ctx context.Context, s *Subject, timeout time.Duration) (initRun, error) {
	expected, patience := initialized(s.Binary), quiet
	if expected != nil {
		patience = timeout
	}
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(limited, s.Binary, s.Args...)
	cmd.Dir, cmd.Env = s.Dir, append(slices.Clone(s.Env), "GODEBUG="+godebug(s.Env))
	r, w, err := os.Pipe()
	if err != nil {
		return initRun{}, err
	}
	defer r.Close()
	cmd.Stderr = w
	err = cmd.Start()
	w.Close()
	if err != nil {
		return initRun{}, err
	}
	silence := time.AfterFunc(timeout, func() {
		cancel()
		r.Close() // a child of the program may have the other end
	})
	var list []initLine
	var others []string
	for lines := bufio.NewScanner(r); lines.Scan(); {
		if line, ok := parseInitLine(lines.Text()); ok {
			list = append(list, line)
			if delete(expected, line.pkg); len(expected) == 0 && expected != nil {
				break
			}
			silence.Reset(patience)
		} else {
			others = append(others, lines.Text())
			others = others[max(0, len(others)-10):]
		}
	}
	silent := !silence.Stop()
	cancel()
	cmd.Wait() // killed, most often
	switch {
	case ctx.Err() != nil:
		return initRun{}, ctx.Err()
	case silent && len(expected) > 0:
		return initRun{}, fmt.Errorf("it has not initialized all packages, %d of %d, after %v", len(list), len(list)+len(expected), timeout)
	case len(list) == 0:
		return initRun{}, &FailedError{errors.New("it has not said that it initialized a package"), strings.Join(others, "\n")}
	}
	return initRun{list, cmd.ProcessState.ExitCode()}, nil
}

// initialized returns the packages that a binary initializes, or nil if that can't be seen.
func initialized(binary string) map[string]bool {
	file, err := os.Open(binary)
	if err != nil {
		return nil
	}
	defer file.Close()
	data, _, err := pclntab.Section(file)
	if err != nil {
		return nil
	}
	table, err := pclntab.New(data)
	if err != nil {
		return nil
	}
	packages := map[string]bool{}
	for i := range table.Len() {
		f, err := table.Func(i)
		if err != nil {
			return nil
		}
		if pkg, _, ok := initName(f.Name); ok {
			packages[pkg] = true
		}
	}
	return packages
}

// godebug is the variable GODEBUG of an environment, with inittrace added.
func godebug(env []string) string {
	value := ""
	for _, setting := range env {
		if v, found := strings.CutPrefix(setting, "GODEBUG="); found {
			value = v + ","
		}
	}
	return value + "inittrace=1"
}

// parseInitLine reads a line such as "init fmt @0.12 ms, 0.003 ms clock, 48 bytes, 2 allocs".
func parseInitLine(text string) (initLine, bool) {
	var line initLine
	var begin, clock float64 // milliseconds
	n, _ := fmt.Sscanf(text, "init %s @%f ms, %f ms clock, %d bytes, %d allocs", &line.pkg, &begin, &clock, &line.bytes, &line.allocs)
	const most = 1e9
	if n != 5 || !(0 <= begin && begin < most && 0 <= clock && clock < most) || line.bytes < 0 || line.allocs < 0 {
		return initLine{}, false
	}
	line.pkg = unescape(line.pkg)
	line.begin, line.clock = uint64(begin*1e6), uint64(clock*1e6)
	return line, true
}

// inittraceTimeline makes a timeline of several runs.
func (m *measured) inittraceTimeline(runs []initRun) *Timeline {
	t := &Timeline{Start: finding.Start{
		Set: m.subject.Set, Program: m.subject.Name, Go: m.subject.Go, Runs: int64(len(runs)), Inittrace: true,
		Unseen: []string{
			"exec, loader and the runtime's start up to the main goroutine",
			"init functions and package-level variables, CPU time, goroutines, system calls and page faults: the runtime tells of packages only",
			"what other goroutines do, and a cold page cache",
		},
	}}
	parts := map[string]*sum{}
	var order []*sum
	add := func(run int, part finding.StartPart, ticks uint64) *sum {
		s := parts[part.Name]
		if s == nil {
			s = &sum{part: part, ticks: make([]uint64, len(runs))}
			parts[part.Name] = s
			order = append(order, s)
		}
		s.ticks[run] += ticks
		return s
	}
	var totals []uint64
	for i, r := range runs {
		between := add(i, finding.StartPart{Set: m.subject.Set, Kind: finding.PartStage, Name: stageBetween}, 0)
		end, all := uint64(0), uint64(0)
		for _, line := range r.lines {
			p := m.packagePart(line.pkg, int64(line.begin))
			p.Set, p.Bytes, p.Allocs = m.subject.Set, line.bytes, line.allocs
			add(i, p, line.clock)
			end, all = max(end, line.begin+line.clock), all+line.clock
		}
		between.ticks[i] = max(end, all) - all
		totals = append(totals, max(end, all))
	}
	if code := runs[0].code; code > 0 {
		t.Start.Unseen = append(t.Start.Unseen, fmt.Sprintf("whether it was before main.main that it ended with exit code %d", code))
	}
	faster := fastest(totals)
	t.Start.Total = m.spread(totals, faster)
	t.Start.Plain = t.Start.Total
	for _, s := range order {
		s.part.Clock = m.spread(s.ticks, faster)
		t.Parts = append(t.Parts, s.part)
		t.Start.Parts += s.part.Clock.Mean
	}
	return t
}
