// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"cmp"
	"slices"

	"github.com/spadego/spade/internal/finding"
)

// A sum collects what the runs say of one part: a value for each run.
type sum struct {
	part  finding.StartPart
	ticks []uint64
	cold  []uint64
	cpu   []int64
	calls int64
	goes  []int64
	fault []int64
	alloc int64
	bytes int64
}

// A tally collects all parts of a program.
type tally struct {
	m    *measured
	sums map[string]*sum
	list []*sum
}

// parts returns the parts of a program's start in the order of the run with the median total.
func (m *measured) parts() []finding.StartPart {
	t := &tally{m: m, sums: map[string]*sum{}}
	warm, cold := fasterHalf(m.warm), fasterHalf(m.cold)
	median := m.warm[warm[len(warm)-1]]
	t.begin(median)
	for i, r := range m.warm {
		t.runs(r, m.whole, i+1, func(s *sum) *[]uint64 { return &s.ticks })
	}
	for i, r := range m.cold {
		t.runs(r, m.coldly, i+1, func(s *sum) *[]uint64 { return &s.cold })
	}
	for i, r := range m.counts {
		t.counts(r, i+1)
	}
	if m.allocs != nil {
		t.allocs(m.allocs)
	}
	if m.calls != nil {
		t.calls(segments(median, m.whole))
	}
	return t.finish(warm, cold)
}

// keys returns the sums that a segment counts for: the package and the part of it, or the stage.
func keys(k mark) []string {
	if k.kind == atStage {
		return []string{k.name}
	}
	return []string{k.pkg + " ", k.pkg + " " + k.kind + " " + k.name + " " + k.file}
}

// begin makes the sums, from one run. Parts that it did not reach are left out.
func (t *tally) begin(r *run) {
	t.add(stageExec, finding.StartPart{Kind: finding.PartStage, Name: stageExec})
	if t.m.image.loader {
		t.add(stageLoader, finding.StartPart{Kind: finding.PartStage, Name: stageLoader, Begin: t.m.nanos(float64(r.exec))})
	}
	for _, s := range segments(r, t.m.whole) {
		k := s.mark
		begin := t.m.nanos(float64(r.exec + r.loader + s.begin))
		names := keys(k)
		if k.kind == atStage {
			t.add(names[0], finding.StartPart{Kind: finding.PartStage, Name: k.name, Begin: begin})
			continue
		}
		t.add(names[0], t.m.packagePart(k.pkg, begin))
		t.add(names[1], finding.StartPart{
			Kind: partKinds[k.kind], Name: k.name, Package: k.pkg, Begin: begin, Place: finding.Site{File: k.file, Line: int64(k.line)},
		})
	}
}

var partKinds = map[string]string{
	atInit: finding.PartVariables, atVariable: finding.PartVariable, atFunction: finding.PartFunction,
}

func (t *tally) add(key string, p finding.StartPart) {
	if t.sums[key] != nil {
		return
	}
	p.Set = t.m.subject.Set
	s := &sum{part: p}
	t.sums[key] = s
	t.list = append(t.list, s)
}

// packagePart describes a package.
func (m *measured) packagePart(pkg string, begin int64) finding.StartPart {
	part := finding.StartPart{Kind: finding.PartPackage, Name: pkg, Package: pkg, Begin: begin, Group: m.subject.group(pkg)}
	if p := m.program.find(pkg); p != nil {
		part.Group = p.group()
		part.Chain = m.program.chain(pkg)
		if pkg == "main" {
			part.Name = p.ImportPath
		}
	}
	return part
}

// runs adds the times of run number n, counted from 1.
func (t *tally) runs(r *run, c cutting, n int, of func(*sum) *[]uint64) {
	add := func(key string, ticks uint64) {
		s := t.sums[key]
		if s == nil {
			return
		}
		list := of(s)
		for len(*list) < n {
			*list = append(*list, 0)
		}
		(*list)[n-1] += ticks
	}
	add(stageExec, r.exec)
	add(stageLoader, r.loader)
	for _, s := range segments(r, c) {
		for _, key := range keys(s.mark) {
			add(key, s.ticks)
		}
	}
}

// counts adds what run number n used.
func (t *tally) counts(r *run, n int) {
	own := r.again.cpu - r.entry.cpu // what a record costs
	add := func(list *[]int64, value int64) {
		for len(*list) < n {
			*list = append(*list, 0)
		}
		(*list)[n-1] += value
	}
	for _, s := range segments(r, t.m.counted) {
		for _, key := range keys(s.mark) {
			if sum := t.sums[key]; sum != nil {
				add(&sum.cpu, max(0, s.until.cpu-s.since.cpu-own))
				add(&sum.goes, s.until.goroutines-s.since.goroutines)
				add(&sum.fault, s.until.faults-s.since.faults+s.until.reads-s.since.reads)
			}
		}
	}
}

func (t *tally) allocs(r *run) {
	for _, s := range segments(r, t.m.counted) {
		for _, key := range keys(s.mark) {
			if sum := t.sums[key]; sum != nil {
				sum.alloc += s.until.allocs - s.since.allocs
				sum.bytes += s.until.bytes - s.since.bytes
			}
		}
	}
}

// calls adds the system calls, which are known by cuts.
func (t *tally) calls(list []segment) {
	for _, s := range list {
		for _, key := range keys(s.mark) {
			if sum := t.sums[key]; sum != nil {
				sum.calls += t.m.calls[s.index+1]
			}
		}
	}
}

// finish returns the parts. A package comes before what it consists of.
func (t *tally) finish(warm, cold []int) []finding.StartPart {
	var parts []finding.StartPart
	for _, s := range t.list {
		p := s.part
		p.Clock = t.m.spread(filled(s.ticks, len(t.m.warm)), warm)
		if len(s.cold) > 0 {
			spread := t.m.spread(filled(s.cold, len(t.m.cold)), cold)
			p.Cold = &spread
		}
		p.CPU, p.Goroutines, p.Faults = median(s.cpu), median(s.goes), median(s.fault)
		p.Allocs, p.Bytes, p.Calls = s.alloc, s.bytes, s.calls
		parts = append(parts, p)
	}
	order := map[string]int64{} // of the packages
	for _, p := range parts {
		if p.Kind == finding.PartPackage {
			order[p.Package] = p.Begin
		}
	}
	slices.SortStableFunc(parts, func(a, b finding.StartPart) int {
		return cmp.Or(cmp.Compare(outer(a, order), outer(b, order)), cmp.Compare(a.Package, b.Package), inner(a)-inner(b), cmp.Compare(a.Begin, b.Begin))
	})
	return parts
}

// filled adds zeros for runs that did not reach a part.
func filled(ticks []uint64, runs int) []uint64 {
	return append(ticks, make([]uint64, runs-len(ticks))...)
}

// outer is when a part's package begins, or a stage.
func outer(p finding.StartPart, order map[string]int64) int64 {
	if p.Kind == finding.PartStage {
		return p.Begin
	}
	return order[p.Package]
}

func inner(p finding.StartPart) int {
	if p.Kind == finding.PartPackage {
		return 0
	}
	return 1
}
