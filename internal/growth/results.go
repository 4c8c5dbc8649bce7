// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"cmp"
	"slices"

	"github.com/spadego/spade/internal/finding"
)

// Results are the messages of a Tally: its total, its payers, those with most growth first, and the stacks that it kept.
func (t *Tally) Results() []finding.Message {
	entries := t.settleCut()
	total := t.total
	if t.stacks != nil {
		total.FoldedStacks = finding.Sum(total.FoldedStacks, t.stacks.folded)
	}
	total.Expected = expect(&total, t.first)
	messages := []finding.Message{{Growth: &total}}
	for _, list := range []struct {
		by      string
		charges map[function]*charge
	}{{finding.ByEntry, entries}, {finding.ByTrigger, t.triggers}, {finding.ByFrame, t.frames}} {
		for _, p := range t.payers(list.by, list.charges) {
			messages = append(messages, finding.Message{Payer: p})
		}
	}
	if t.stacks != nil {
		for _, st := range t.stacks.sorted() {
			copied := *st
			copied.Set = total.Set
			messages = append(messages, finding.Message{Stack: &copied})
		}
	}
	return messages
}

// settleCut returns the entries with the growth of cut stacks added: to the entry under which the outermost function that is left
// was seen in whole stacks, if that is one, else to entryCut. It sets total.CutInferred.
func (t *Tally) settleCut() map[function]*charge {
	entries := make(map[function]*charge, len(t.entries))
	for f, c := range t.entries {
		copied := *c
		entries[f] = &copied
	}
	t.total.CutInferred = t.replayedInferred
	for outermost, c := range t.cut {
		entry, seen := t.under[outermost]
		if !seen || entry == several {
			entry = entryCut
		} else {
			t.total.CutInferred = finding.Sum(t.total.CutInferred, c.parts.Total())
		}
		charged(entries, entry).add(c.parts, c.samples)
	}
	return entries
}

func (t *Tally) payers(by string, charges map[function]*charge) []*finding.Payer {
	var list []*finding.Payer
	for f, c := range charges {
		if c.samples == 0 && c.parts.Total() == 0 {
			continue // an entry without growth
		}
		p := &finding.Payer{
			Set: t.total.Set, By: by, Name: f.name, File: f.file, Line: f.line, System: by == finding.ByEntry && isSystem(f.name),
			Growth: c.parts, Samples: c.samples, CPU: c.cpu, Reach: c.reach,
		}
		if t.sizes != nil && by != finding.ByEntry {
			if n, known := t.sizes(f.name); known {
				p.Frame = n
			}
		}
		if c.frame > p.Frame {
			p.Frame = c.frame
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *finding.Payer) int {
		return cmp.Or(cmp.Compare(b.Growth.Total(), a.Growth.Total()), cmp.Compare(a.Name, b.Name), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return list
}

// Add adds what another Tally said as Results, of whichever set. Messages of other types are ignored.
func (t *Tally) Add(m finding.Message) {
	switch {
	case m.Growth != nil:
		t.addTotal(m.Growth)
	case m.Payer != nil:
		p := m.Payer
		charges := map[string]map[function]*charge{finding.ByEntry: t.entries, finding.ByTrigger: t.triggers, finding.ByFrame: t.frames}[p.By]
		if charges == nil {
			return
		}
		c := charged(charges, function{p.Name, p.File, p.Line})
		c.add(positive(p.Growth), max(0, p.Samples))
		c.cpu = finding.Sum(c.cpu, max(0, p.CPU))
		c.reach = max(c.reach, p.Reach)
		c.frame = max(c.frame, p.Frame)
	case m.Stack != nil && t.stacks != nil:
		st := *m.Stack
		st.Frames = slices.Clone(st.Frames)
		st.Nanos, st.Samples = max(0, st.Nanos), max(0, st.Samples)
		t.stacks.put(&st)
	}
}

func (t *Tally) addTotal(g *finding.Growth) {
	add := func(to *int64, n int64) { *to = finding.Sum(*to, max(0, n)) }
	sum := &t.total
	add(&sum.Profiles, g.Profiles)
	add(&sum.Duration, g.Duration)
	add(&sum.CPU, g.CPU)
	add(&sum.Samples, g.Samples)
	sum.Growth = sum.Growth.Plus(positive(g.Growth))
	add(&sum.GrowthSamples, g.GrowthSamples)
	sum.Shrinking = sum.Shrinking.Plus(positive(g.Shrinking))
	add(&sum.Preemption, g.Preemption)
	add(&sum.Turnover, g.Turnover)
	add(&sum.Cut, g.Cut)
	add(&sum.CutSamples, g.CutSamples)
	add(&sum.CutGrowth, g.CutGrowth)
	add(&t.replayedInferred, g.CutInferred)
	add(&sum.Unnamed, g.Unnamed)
	add(&sum.FoldedStacks, g.FoldedStacks)
	sum.OnSpade = sum.OnSpade || g.OnSpade
	sum.Sized = sum.Sized || g.Sized
	if g.Sized {
		add(&t.first, g.Expected.Most-g.Expected.Least)
	}
}

// positive makes saved numbers that are negative zero: nobody but an editor wrote those.
func positive(p finding.Parts) finding.Parts {
	return finding.Parts{
		Unwinding: max(0, p.Unwinding), Copying: max(0, p.Copying), Allocating: max(0, p.Allocating),
		InPlace: max(0, p.InPlace), Deciding: max(0, p.Deciding),
	}
}
