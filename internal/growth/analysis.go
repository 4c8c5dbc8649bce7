// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"errors"
	"fmt"
	"io"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

// An Analysis is one run of spade growth: inputs are read one after the other, then the findings are emitted.
type Analysis struct {
	opener   Opener
	new      *Tally
	base     *Tally
	newCount *Count // of stackgrowth profiles
	oldCount *Count // the base's
	compares bool   // base holds something
	sources  []finding.Source
}

// NewAnalysis returns an Analysis without inputs. sizes may be nil.
func NewAnalysis(o Opener, sizes Sizes, keepStacks bool) *Analysis {
	return &Analysis{
		opener: o, new: NewTally(finding.New, sizes, keepStacks), base: NewTally(finding.Base, sizes, false),
		newCount: NewCount(finding.New), oldCount: NewCount(finding.Base),
	}
}

// Read adds the input called name to the set that is looked at. Findings that were saved bring their base along.
func (a *Analysis) Read(name string) error {
	return a.read(name, finding.New, a.new, a.newCount, func(m finding.Message) error {
		if setOf(m) == finding.Base {
			a.compares = true
			a.base.Add(m)
			a.oldCount.Add(m)
		} else {
			a.new.Add(m)
			a.newCount.Add(m)
		}
		return nil
	})
}

// ReadBase adds the input called name to the set that is compared with.
func (a *Analysis) ReadBase(name string) error {
	a.compares = true
	return a.read(name, finding.Base, a.base, a.oldCount, func(m finding.Message) error {
		if setOf(m) == finding.New {
			a.base.Add(m)
			a.oldCount.Add(m)
		}
		return nil
	})
}

func (a *Analysis) read(name, set string, into *Tally, count *Count, replay func(finding.Message) error) error {
	note := func(name, problem string, skipped bool) {
		a.sources = append(a.sources, finding.Source{Set: set, Name: name, Problem: problem, Skipped: skipped})
	}
	use := func(name string, r io.Reader) error {
		fold := func(p *profile.Profile) error {
			if IsCount(p) {
				return count.Fold(p)
			}
			if doubt := doubtGo(p); doubt != "" {
				note(name, doubt, false)
			}
			return into.Fold(p)
		}
		return Read(r, fold, func(m finding.Message) error {
			if m.Config != nil && m.Config.Analysis != "growth" {
				return errors.New("the findings are " + m.Config.Analysis + "'s, not those of growth")
			}
			if m.Source != nil {
				a.sources = append(a.sources, *m.Source)
			}
			return replay(m)
		})
	}
	return a.opener.Each(name, use, func(name string, err error) { note(name, err.Error(), true) })
}

// doubtGo says why p may not be of a Go program, or returns "".
func doubtGo(p *profile.Profile) string {
	if len(p.Sample) < 20 {
		return ""
	}
	for _, f := range p.Function {
		if f.Name == "runtime.mcall" || f.Name == "runtime.main" || f.Name == "runtime.newstack" || f.Name == "runtime.mstart" {
			return ""
		}
	}
	return "no function of Go's scheduler is in it: is it of a Go program, with function names?"
}

// setOf returns the set that a message belongs to, or "".
func setOf(m finding.Message) string {
	switch {
	case m.Growth != nil:
		return m.Growth.Set
	case m.Payer != nil:
		return m.Payer.Set
	case m.Stack != nil:
		return m.Stack.Set
	case m.Counts != nil:
		return m.Counts.Set
	case m.Counter != nil:
		return m.Counter.Set
	}
	return ""
}

// OnlyCounts reports whether no CPU profile was among the inputs, but what spade's runtime has counted.
func (a *Analysis) OnlyCounts() bool {
	return a.newCount.total.Profiles > 0 && a.new.total.Profiles == 0
}

// results returns those of CPU profiles, and those of stackgrowth profiles, as far as there are any.
func (a *Analysis) results() (messages []finding.Message) {
	if !a.OnlyCounts() {
		messages = a.new.Results()
		if a.compares && (a.base.total.Profiles > 0 || a.oldCount.total.Profiles == 0) {
			messages = append(messages, a.base.Results()...)
		}
	}
	if a.newCount.total.Profiles > 0 {
		messages = append(messages, a.newCount.Results()...)
		if a.oldCount.total.Profiles > 0 {
			messages = append(messages, a.oldCount.Results()...)
		}
	}
	return messages
}

// Emit hands the stream of findings to h, and returns the share of growth, from 0 to 1.
func (a *Analysis) Emit(version string, h finding.Handler) (share float64, err error) {
	var report finding.Report
	var counts finding.CountReport
	emit := func(m finding.Message) {
		if err == nil {
			report.Handle(m)
			counts.Handle(m)
			err = h.Handle(m)
		}
	}
	emit(finding.Message{Config: &finding.Config{Protocol: finding.Protocol, Analysis: "growth", Spade: version}})
	for i := range a.sources {
		emit(finding.Message{Source: &a.sources[i]})
	}
	for _, m := range a.results() {
		emit(m)
	}
	verdict := finding.Verdict{Analysis: "growth"}
	if report.New != nil {
		verdict = Verdict(&report)
	}
	countVerdict(&counts, func(format string, args ...any) {
		verdict.Sentences = append(verdict.Sentences, fmt.Sprintf(format, args...))
	})
	emit(finding.Message{Verdict: &verdict})
	if err == nil {
		err = h.Flush()
	}
	if report.New != nil {
		share = report.New.Share()
	}
	return share, err
}
