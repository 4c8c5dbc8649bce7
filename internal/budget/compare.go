// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"cmp"
	"slices"

	"github.com/spadego/spade/internal/finding"
)

// Options say what is compared.
type Options struct {
	Team     string // whose budgets alone count; "" for all
	Baseline *Baseline
	// BaselineName is the file that the baseline was read from.
	BaselineName string
}

// Compare says what breaks a budget, and what is not as in the baseline, and hands it to h. It returns the number of violations.
func Compare(f *File, programs []Program, o Options, version string, h finding.Handler) (violations int, err error) {
	c := &comparison{file: f, options: o, used: make([]bool, len(f.Budgets))}
	c.check = finding.Check{Budgets: f.Name, Team: o.Team}
	for i := range programs {
		c.compare(&programs[i])
	}
	c.stale(programs)
	messages := []finding.Message{
		{Config: &finding.Config{Protocol: finding.Protocol, Analysis: "check", Spade: version}},
		{Check: &c.check},
	}
	for i := range programs {
		messages = append(messages, finding.Message{Program: &programs[i].Program})
	}
	for _, v := range c.violations {
		messages = append(messages, finding.Message{Violation: v})
	}
	for _, change := range c.changes {
		messages = append(messages, finding.Message{Change: change})
	}
	for _, m := range messages {
		if err := h.Handle(m); err != nil {
			return 0, err
		}
	}
	return len(c.violations), h.Flush()
}

type comparison struct {
	file       *File
	options    Options
	check      finding.Check
	used       []bool // by budget: whether an entry matches
	violations []*finding.Violation
	changes    []*finding.Change
}

func (c *comparison) compare(p *Program) {
	before := map[baselineKey]*BaselineEntry{}
	base := c.options.Baseline.find(p.Path, p.Machine)
	if base != nil {
		c.check.Baseline = c.options.BaselineName
		before = base.byKey()
	}
	for _, e := range p.named() {
		names := e.patternNames(p.Path)
		budget, matching := c.file.budgetOf(names, p.Path)
		for _, i := range matching {
			c.used[i] = true
		}
		mine := c.options.Team == "" || budget != nil && budget.Team == c.options.Team
		c.check.Entries++
		key := baselineKey{e.name, e.Kind, e.copy}
		old := before[key]
		delete(before, key)
		if budget != nil && mine {
			c.check.Budgeted++
			c.judge(p, e, budget, old)
		}
		if base != nil && mine {
			c.change(p, e, old)
		}
	}
	if c.options.Team == "" {
		c.gone(p, base, before)
	}
}

// judge looks for what breaks the entry's budget.
func (c *comparison) judge(p *Program, e named, b *Budget, old *BaselineEntry) {
	v := finding.Violation{Program: p.Path, Entry: e.Entry, Name: e.name, Copy: e.copy, Budget: b.Budget, Grown: grown(e, old)}
	if !slices.Contains(b.Status, e.Status) {
		broken := v
		broken.Rule = finding.RuleStatus
		broken.Text = statusSentence(&broken)
		c.violations = append(c.violations, &broken)
	}
	if b.Bytes != nil && e.Bound > *b.Bytes || b.Growths != nil && e.Forecast.Growths > *b.Growths {
		broken := v
		broken.Rule = finding.RuleBudget
		broken.Text = budgetSentence(&broken, old != nil)
		c.violations = append(c.violations, &broken)
	}
}

// stale looks for budgets that nothing has: their goroutines are gone, or have other names, and nobody looks at those.
func (c *comparison) stale(programs []Program) {
	for i := range c.file.Budgets {
		b := &c.file.Budgets[i]
		concerns := slices.ContainsFunc(programs, func(p Program) bool { return b.concerns(p.Path) })
		mine := c.options.Team == "" || c.options.Team == b.Team
		if c.used[i] || !concerns || !mine {
			continue
		}
		v := &finding.Violation{Rule: finding.RuleStale, Name: b.Entries, Budget: b.Budget}
		v.Text = staleSentence(v, programs)
		c.violations = append(c.violations, v)
	}
}

// A baselineKey is what tells the entries of a program apart.
type baselineKey struct {
	name, kind string
	copy       int64
}

func (p *BaselineProgram) byKey() map[baselineKey]*BaselineEntry {
	entries := map[baselineKey]*BaselineEntry{}
	for i := range p.Entries {
		e := &p.Entries[i]
		key := baselineKey{e.Entry, e.Kind, 0}
		for entries[key] != nil {
			key.copy++
		}
		entries[key] = e
	}
	return entries
}

// change says how the entry differs from the baseline, if it does.
func (c *comparison) change(p *Program, e named, old *BaselineEntry) {
	change := finding.Change{Program: p.Path, Name: e.name, EntryKind: e.Kind, After: e.depth(), Kind: finding.ChangeNew}
	if old != nil {
		change.Before = &finding.Depth{Status: old.Status, Bytes: old.Bytes, Growths: old.Growths}
		change.Grown = grown(e, old)
		switch more := cmp.Or(cmp.Compare(e.Bound, old.Bytes), cmp.Compare(e.Forecast.Growths, old.Growths)); {
		case e.Status != old.Status:
			change.Kind = finding.ChangeStatus
		case more > 0:
			change.Kind = finding.ChangeWorse
		case more < 0:
			change.Kind = finding.ChangeBetter
		default:
			return
		}
	}
	c.changes = append(c.changes, &change)
}

func (c *comparison) gone(p *Program, base *BaselineProgram, left map[baselineKey]*BaselineEntry) {
	if base == nil {
		return
	}
	for i := range base.Entries {
		e := &base.Entries[i]
		for _, old := range left {
			if old == e {
				c.changes = append(c.changes, &finding.Change{
					Kind: finding.ChangeGone, Program: p.Path, Name: e.Entry, EntryKind: e.Kind,
					Before: &finding.Depth{Status: e.Status, Bytes: e.Bytes, Growths: e.Growths},
				})
			}
		}
	}
}

// grown compares what functions take of the witness paths. If the baseline does not have the whole path, a function that it does not have
// took at most what the last one does that it has.
func grown(e named, old *BaselineEntry) []finding.Grown {
	if old == nil {
		return nil
	}
	before, least := map[string]int64{}, int64(0)
	for _, text := range old.Path {
		t, _ := readTaken(text)
		before[t.function] = t.bytes
		least = t.bytes
	}
	cut := len(old.Path) >= kept
	var list []finding.Grown
	for _, t := range takes(e.Path) {
		bytes, known := before[t.function]
		g := finding.Grown{Func: t.function, Before: bytes, After: t.bytes}
		if !known && cut {
			g.Before, g.AtMost = least, true
		}
		if g.After > g.Before {
			list = append(list, g)
		}
	}
	slices.SortStableFunc(list, func(a, b finding.Grown) int { return cmp.Compare(b.After-b.Before, a.After-a.Before) })
	return list[:min(len(list), kept)]
}
