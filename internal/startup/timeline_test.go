// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"testing"

	"github.com/spadego/spade/internal/finding"
)

// syntheticCutting is: the scheduler, an init function of package a, a variable of b, b's variables, and main.main.
func syntheticCutting() cutting {
	var c cutting
	c.add(cut{}, mark{kind: atStage, name: "scheduler"})
	c.add(cut{}, mark{kind: atFunction, pkg: "a", name: "init.0"})
	c.add(cut{}, mark{kind: atInit, pkg: "b", name: "init"})
	c.add(cut{}, mark{kind: atVariable, pkg: "b", name: "x", file: "b.go"})
	c.add(cut{last: true}, mark{kind: atStage, name: mainName})
	return c
}

// syntheticRun is a run in which the times of the cuts, in ticks after the entry, are as given.
func syntheticRun(exec uint64, times ...uint64) *run {
	r := &run{exec: exec, entry: record{time: 1000, cpu: 50}, again: record{time: 1001, cpu: 60}}
	for i, at := range times {
		c := record{}
		if at > 0 {
			c = record{time: 1000 + at, cpu: 50 + int64(at), allocs: int64(i), goroutines: int64(10 * i), faults: int64(at / 10)}
		}
		r.cuts = append(r.cuts, c)
	}
	return r
}

func TestTimeline(t *testing.T) {
	m := &measured{
		subject: &Subject{Set: finding.New, Name: "x"}, image: &image{symbols: map[string]uint64{}}, program: newProgram(nil), scale: 2,
		whole: syntheticCutting(), counted: syntheticCutting(), coldly: syntheticCutting(),
		warm: []*run{
			syntheticRun(100, 10, 30, 60, 70, 200), // total 300
			syntheticRun(110, 10, 30, 60, 70, 210), // 320
			syntheticRun(500, 90, 99, 600, 700, 900),
			syntheticRun(120, 10, 30, 60, 90, 220), // 340
		},
		cold:   []*run{syntheticRun(1000, 100, 300, 600, 0, 2000)},
		counts: []*run{syntheticRun(100, 10, 30, 60, 70, 200)},
		allocs: syntheticRun(100, 10, 30, 60, 70, 200),
		calls:  []int64{1, 2, 3, 4, 5, 6},
	}
	m.plain = m.warm[:1]
	l := m.timeline()
	// The faster half are the runs of 300 and 320 ticks; a tick is 2 ns.
	if got := l.Start.Total.Mean; got != 620 || l.Start.Parts != got || l.Start.Plain.Mean != 600 {
		t.Errorf("total %d, parts %d, plain %d", got, l.Start.Parts, l.Start.Plain.Mean)
	}
	want := []finding.StartPart{
		{Kind: finding.PartStage, Name: stageExec, Clock: finding.Spread{Mean: 210}},
		{Kind: finding.PartStage, Name: stageRuntime, Begin: 220, Clock: finding.Spread{Mean: 20}, CPU: 0, Calls: 1, Faults: 1},
		{Kind: finding.PartStage, Name: "scheduler", Begin: 240, Clock: finding.Spread{Mean: 40}, CPU: 10, Calls: 2, Goroutines: 10, Allocs: 1, Faults: 2},
		{Kind: finding.PartPackage, Name: "a", Package: "a", Begin: 280, Clock: finding.Spread{Mean: 60}, CPU: 20, Calls: 3, Goroutines: 10, Allocs: 1, Faults: 3},
		{Kind: finding.PartFunction, Name: "init.0", Package: "a", Begin: 280, Clock: finding.Spread{Mean: 60}, CPU: 20, Calls: 3, Goroutines: 10, Allocs: 1, Faults: 3},
		{Kind: finding.PartPackage, Name: "b", Package: "b", Begin: 340, Clock: finding.Spread{Mean: 290}, CPU: 120, Calls: 9, Goroutines: 20, Allocs: 2, Faults: 14},
		{Kind: finding.PartVariables, Name: "init", Package: "b", Begin: 340, Clock: finding.Spread{Mean: 20}, CPU: 0, Calls: 4, Goroutines: 10, Allocs: 1, Faults: 1},
		{Kind: finding.PartVariable, Name: "x", Package: "b", Begin: 360, Clock: finding.Spread{Mean: 270}, CPU: 120, Calls: 5, Goroutines: 10, Allocs: 1, Faults: 13},
	}
	if len(l.Parts) != len(want) {
		t.Fatalf("%d parts: %+v", len(l.Parts), l.Parts)
	}
	for i, w := range want {
		g := l.Parts[i]
		if g.Kind != w.Kind || g.Name != w.Name || g.Package != w.Package || g.Begin != w.Begin || g.Clock.Mean != w.Clock.Mean ||
			g.CPU != w.CPU || g.Calls != w.Calls || g.Goroutines != w.Goroutines || g.Allocs != w.Allocs || g.Faults != w.Faults {
			t.Errorf("part %d is\n%+v, want\n%+v", i, g, w)
		}
	}
	// The cold run did not reach x: what comes is b's variables until main.main.
	if p := l.Parts[5]; p.Cold == nil || p.Cold.Mean != 2*1400 {
		t.Errorf("cold: %+v", p.Cold)
	}
	if s := l.Start.Total; s.Low != 600 || s.High != 2800 {
		t.Errorf("the spread is %+v", s)
	}
}
