// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// A claim is a statement of the articles that docs/articles.md lists, with what decides it.
type claim struct {
	id   string
	from string // article and section, as docs/articles.md has them
	text string // what is claimed
	by   []string
	rule func(e *readings) finding
	rest string // what the experiment leaves out, and why
}

// A verdict is what the samples say of a claim.
type verdict string

const (
	holds       verdict = "holds"
	holdsPartly verdict = "holds partly"
	fails       verdict = "does not hold"
	undecided   verdict = "undecided"
	notMeasured verdict = "not measured here" // since this machine can't
)

// A finding is a verdict and what it rests on.
type finding struct {
	verdict     verdict
	value       string
	why         string // of a verdict that is none: what is missing
	provisional bool   // fewer samples than an interval needs
}

// String returns the verdict with its reservation.
func (f finding) String() string {
	if f.provisional && f.verdict != undecided && f.verdict != notMeasured {
		return string(f.verdict) + ", provisionally"
	}
	return string(f.verdict)
}

// judge returns what the samples of one Go version say of the claim.
func (c claim) judge(s *sheet) finding {
	e := &readings{sheet: s}
	for _, name := range c.by {
		if w := byName(name); w.Test != "" {
			e.fact(w)
		}
	}
	found := c.rule(e)
	found.provisional = found.provisional || e.few
	if len(e.missing) > 0 {
		found = finding{verdict: undecided, why: strings.Join(e.missing, "; ")}
		if e.skipped == len(e.missing) {
			found.verdict = notMeasured
		}
		return found
	}
	if found.verdict == undecided && found.why == "" {
		if s.setting.values[keyWork] == workQuick {
			found = c.rule(&readings{sheet: s, middle: true})
			found.provisional = true
		}
		found.why = "the interval has both answers: quieten the machine or take more samples"
	}
	return found
}

// commands returns what a reader runs to reproduce the verdict.
func (c claim) commands() []string {
	var list []string
	measured := false
	for _, name := range c.by {
		if w := byName(name); w.Test != "" {
			list = append(list, w.testCommand())
		} else {
			measured = true
		}
	}
	if measured {
		list = append(list, "spade lab run "+c.id)
	}
	return list
}

func (c claim) command() string { return strings.Join(c.commands(), "; ") }

// begun reports whether samples were to be taken of all that the claim rests on, but for what a quick run leaves out.
func (c claim) begun(s *sheet) bool {
	return !slices.ContainsFunc(c.by, func(name string) bool { return s.cells[name] == nil && !byName(name).Slow })
}

// verdicts writes what the samples say of the claims that they are about.
func (s *sheet) verdicts(w io.Writer) error {
	for _, c := range claims {
		if !c.begun(s) {
			continue
		}
		found := c.judge(s)
		if _, err := fmt.Fprintf(w, "\n%s %v: %s\n", c.id, found, c.text); err != nil {
			return err
		}
		for _, more := range []string{found.value, found.why} {
			if more != "" {
				fmt.Fprintf(w, "    %s\n", more)
			}
		}
	}
	return nil
}

// readings takes what a rule needs from the samples of one Go version, and remembers what was not there.
type readings struct {
	sheet   *sheet
	missing []string
	skipped int  // how many of those this machine can't take
	few     bool // a reading rests on fewer samples than an interval needs
	middle  bool // readings are to have no interval
}

// lack notes that something is missing, once.
func (e *readings) lack(what string) {
	if !slices.Contains(e.missing, what) {
		e.missing = append(e.missing, what)
	}
}

// failed notes that something is missing because a sample could not be taken.
func (e *readings) failed(what string, f failure) {
	had := len(e.missing)
	if e.lack(what + ": " + f.message); f.skipped && len(e.missing) > had {
		e.skipped++
	}
}

// fact notes it if a test has not passed.
func (e *readings) fact(w Workload) {
	c := e.sheet.cells[w.Name][factLane.Name]
	switch {
	case c != nil && len(c.values[unitPassed]) > 0:
	case c == nil || len(c.failures) == 0:
		e.lack(w.Name + " was not run")
	default:
		e.failed(w.Name, c.failures[0])
	}
}

// A reading is a median, or what follows from some, and between which bounds it lies.
type reading struct {
	mid, lo, hi float64
}

// read returns the median of a unit of a workload in a lane.
func (e *readings) read(workload, lane, unit string) reading {
	c := e.sheet.cells[workload][lane]
	median, found := c.median(unit)
	switch {
	case found:
	case c != nil && len(c.failures) > 0:
		e.failed(workload+" "+lane, c.failures[0])
		return reading{}
	case c != nil && len(c.values) > 0:
		e.lack("no " + unitName(unit) + " in the samples of " + workload + " " + lane)
		return reading{}
	default:
		e.lack("no samples of " + workload + " " + lane)
		return reading{}
	}
	few := math.IsInf(median.Lo, 0) || math.IsInf(median.Hi, 0) || math.IsNaN(median.Lo)
	if e.few = e.few || few && byName(workload).Test == ""; few || e.middle {
		return reading{median.Center, median.Center, median.Center}
	}
	return reading{median.Center, median.Lo, median.Hi}
}

// has reports whether there is any sample of a workload in a lane that a rule can do without.
func (e *readings) has(workload, lane string) bool {
	c := e.sheet.cells[workload][lane]
	return c != nil && len(c.values) > 0
}

// over returns r ÷ under.
func (r reading) over(under reading) reading {
	return reading{r.mid / under.mid, r.lo / under.hi, r.hi / under.lo}
}

// minus returns r less what other is.
func (r reading) minus(other reading) reading {
	return reading{r.mid - other.mid, r.lo - other.hi, r.hi - other.lo}
}

// in returns r in a unit of which there are part to that of r.
func (r reading) in(part float64) reading {
	return reading{r.mid * part, r.lo * part, r.hi * part}
}

// An answer is no, unsure or yes.
type answer int

const (
	no answer = iota
	unsure
	yes
)

// within answers whether r lies between lo and hi.
func (r reading) within(lo, hi float64) answer {
	switch {
	case r.lo >= lo && r.hi <= hi:
		return yes
	case r.hi < lo || r.lo > hi:
		return no
	}
	return unsure
}

// about answers whether r is the value that is claimed, give or take the factor that lies between machines.
func (r reading) about(claimed float64) answer { return r.within(claimed/machines, claimed*machines) }

// machines is how far apart a time may be on two machines of which nothing else is known.
const machines = 2

// above answers whether r is larger than limit.
func (r reading) above(limit float64) answer { return r.within(limit, math.Inf(1)) }

// ratio returns a reading that is a ratio as text.
func (r reading) ratio() string {
	if r.lo == r.hi {
		return fmt.Sprintf("%.3g", r.mid)
	}
	return fmt.Sprintf("%.3g (%.3g–%.3g)", r.mid, r.lo, r.hi)
}

// of returns a reading in a unit as text.
func (r reading) of(unit string) string { return quantity(r.mid, unit) }

// verdict returns the verdict that an answer stands for.
func (a answer) verdict() verdict {
	switch a {
	case yes:
		return holds
	case no:
		return fails
	}
	return undecided
}

// parts returns the verdict on a claim of several parts.
func parts(answers ...answer) verdict {
	switch {
	case slices.Contains(answers, yes) && slices.Contains(answers, no):
		return holdsPartly
	case slices.Contains(answers, unsure):
		return undecided
	case slices.Contains(answers, yes):
		return holds
	}
	return fails
}

// shown is the rule of a claim that tests decide alone: if they pass, the verdict is v.
func shown(v verdict, value string) func(*readings) finding {
	return func(*readings) finding { return finding{verdict: v, value: value} }
}
