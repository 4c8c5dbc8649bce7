// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"cmp"
	"math"
	"slices"

	"github.com/spadego/spade/internal/finding"
)

// A segment is what lies between two cuts of a run.
type segment struct {
	index int // of the cut that it begins with; -1 for the program's first instructions
	mark  mark
	begin uint64 // ticks since the program's first instruction
	ticks uint64
	since record // what was used up to its begin
	until record // and up to its end
}

// segments returns the segments of a run, in the order in which they happened.
func segments(r *run, c cutting) []segment {
	list := []segment{{index: -1, mark: mark{kind: atStage, name: stageRuntime}, since: r.entry}}
	for i, reached := range r.cuts {
		if reached.time != 0 {
			list = append(list, segment{index: i, mark: c.marks[i], begin: reached.time - r.entry.time, since: reached})
		}
	}
	slices.SortStableFunc(list, func(a, b segment) int { return cmp.Compare(a.begin, b.begin) })
	for i := range list[:len(list)-1] {
		list[i].ticks = list[i+1].begin - list[i].begin
		list[i].until = list[i+1].since
	}
	return list[:len(list)-1] // without main.main
}

// A Timeline is what was measured of a program.
type Timeline struct {
	Start   finding.Start
	Parts   []finding.StartPart
	Touched []finding.Touched
}

// Emit sends the timeline to a handler.
func (t *Timeline) Emit(h finding.Handler) error {
	if err := h.Handle(finding.Message{Start: &t.Start}); err != nil {
		return err
	}
	for i := range t.Parts {
		if err := h.Handle(finding.Message{StartPart: &t.Parts[i]}); err != nil {
			return err
		}
	}
	for i := range t.Touched {
		if err := h.Handle(finding.Message{Touched: &t.Touched[i]}); err != nil {
			return err
		}
	}
	return nil
}

// nanos converts ticks.
func (m *measured) nanos(ticks float64) int64 { return int64(math.Round(ticks * m.scale)) }

// spread converts the ticks of several runs. Those of the faster runs count for the mean.
func (m *measured) spread(ticks []uint64, faster []int) finding.Spread {
	if len(ticks) == 0 {
		return finding.Spread{}
	}
	sum := uint64(0)
	for _, i := range faster {
		sum += ticks[i]
	}
	sorted := slices.Sorted(slices.Values(ticks))
	last := len(sorted) - 1
	return finding.Spread{
		Mean: m.nanos(float64(sum) / float64(len(faster))), Low: m.nanos(float64(sorted[last/10])), High: m.nanos(float64(sorted[last-last/10])),
	}
}

func (m *measured) totals(runs []*run) finding.Spread {
	return m.spread(totals(runs), fasterHalf(runs))
}

func totals(runs []*run) []uint64 {
	var list []uint64
	for _, r := range runs {
		list = append(list, r.total())
	}
	return list
}

// fasterHalf is fastest by the totals of runs.
func fasterHalf(runs []*run) []int { return fastest(totals(runs)) }

// fastest returns the numbers of the half with the shorter totals, that of the median total last. What else goes on in the system makes
// runs slower and never faster, so these are the ones that tell of the program.
func fastest(totals []uint64) []int {
	order := make([]int, len(totals))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(totals[a], totals[b]) })
	return order[:(len(order)+1)/2]
}

// timeline makes the timeline of what was measured.
func (m *measured) timeline() *Timeline {
	t := &Timeline{Start: finding.Start{
		Set: m.subject.Set, Program: m.subject.Name, Go: m.subject.Go, Runs: int64(len(m.warm)), ColdRuns: int64(len(m.cold)),
		Total: m.totals(m.warm), Plain: m.totals(m.plain), Cold: m.totals(m.cold), Unseen: m.unseen,
	}}
	t.Start.Faults, t.Start.Reads = faults(m.warm)
	t.Start.ColdFaults, t.Start.ColdReads = faults(m.cold)
	t.Parts = m.parts()
	for _, p := range t.Parts {
		if p.Kind == finding.PartStage || p.Kind == finding.PartPackage {
			t.Start.Parts += p.Clock.Mean
		}
	}
	for _, s := range m.touched {
		t.Touched = append(t.Touched, finding.Touched{Set: m.subject.Set, Section: s.Section, Package: s.Package, Size: s.Size, Bytes: s.Bytes, Written: s.Written})
	}
	return t
}

// faults returns the median numbers of page faults.
func faults(runs []*run) (without, with int64) {
	var a, b []int64
	for _, r := range runs {
		a, b = append(a, r.faults), append(b, r.reads)
	}
	return median(a), median(b)
}

// median returns the middle of some numbers, the lower of two.
func median[T int64 | uint64](list []T) T {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[(len(sorted)-1)/2]
}
