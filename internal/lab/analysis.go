// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"math"
	"slices"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// Units as benchfmt has them after tidying.
const (
	unitWall         = "sec/op"
	unitCPU          = "cpu-sec/op"
	unitHeld         = "held-bytes"
	unitInstructions = "sim-instructions/op"
	unitInPlace      = "inplace" // 1 when stacks grew in place; absent on stock
)

// judged are the units that lanes are compared by.
var judged = []string{unitCPU, unitHeld, unitInstructions}

const (
	confidence = 0.95
	minSamples = 6 // fewer have no interval at that confidence
)

// A cell is one workload in one lane, with one Go version.
type cell struct {
	values   map[string][]float64 // by unit, in the order of measurement
	failures []failure
}

// absence says why there is no sample: the lane crashed, was skipped or, as - says, was not run.
func (c *cell) absence() string {
	switch {
	case c == nil || len(c.failures) == 0:
		return "-"
	case c.failures[0].skipped:
		return "skipped"
	}
	return "crashed"
}

// median returns the summary of a unit, and whether there is any sample.
func (c *cell) median(unit string) (benchmath.Summary, bool) {
	if c == nil || len(c.values[unit]) == 0 {
		return benchmath.Summary{}, false
	}
	return benchmath.AssumeNothing.Summary(sampleOf(c.values[unit]), confidence), true
}

func sampleOf(values []float64) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
}

// drift returns by how much the median of the second half of a unit's samples
// differs from that of the first half: 0.1 is 10% more.
func (c *cell) drift(unit string) float64 {
	values := c.values[unit]
	if len(values) < minSamples {
		return 0
	}
	half := len(values) / 2
	first := benchmath.AssumeNothing.Summary(sampleOf(values[:half]), 0).Center
	second := benchmath.AssumeNothing.Summary(sampleOf(values[len(values)-half:]), 0).Center
	return second/first - 1
}

// A comparison sets one lane against another.
type comparison struct {
	ratio  float64 // of the medians
	lo, hi float64 // what the ratio can be within both intervals
	test   benchmath.Comparison
}

// compareLanes returns over ÷ under for a unit, and whether both have samples.
func compareLanes(over, under *cell, unit string) (comparison, bool) {
	a, found := over.median(unit)
	b, alsoFound := under.median(unit)
	if !found || !alsoFound || b.Center == 0 {
		return comparison{}, false
	}
	return comparison{
		ratio: a.Center / b.Center,
		lo:    max(0, a.Lo/b.Hi),
		hi:    a.Hi / max(0, b.Lo),
		test:  benchmath.AssumeNothing.Compare(sampleOf(over.values[unit]), sampleOf(under.values[unit])),
	}, true
}

// significant reports whether the test tells the lanes apart.
func (c comparison) significant() bool { return c.test.P <= c.test.Alpha }

// bounded reports whether there were samples enough for an interval.
func (c comparison) bounded() bool {
	return !math.IsNaN(c.lo) && !math.IsNaN(c.hi) && !math.IsInf(c.hi, 0) && c.lo > 0
}

// A sheet is what one Go version gave: workload name to lane name to cell.
type sheet struct {
	version string
	setting setting  // of the first sample
	order   []string // workloads, the catalog's first and in its order
	cells   map[string]map[string]*cell
}

// sheets sorts results by Go version, in the order in which they came.
func (r results) sheets() []*sheet {
	var list []*sheet
	find := func(version, workload, lane string) *cell {
		i := slices.IndexFunc(list, func(s *sheet) bool { return s.version == version })
		if i < 0 {
			i = len(list)
			list = append(list, &sheet{version: version, cells: map[string]map[string]*cell{}})
		}
		return list[i].cell(workload, lane)
	}
	for _, sample := range r.samples {
		at := placeOf(sample)
		c := find(at.version, at.workload, at.lane)
		if s := list[slices.IndexFunc(list, func(s *sheet) bool { return s.version == at.version })]; s.setting.keys == nil {
			s.setting = settingIn(sample)
		}
		for _, value := range sample.Values {
			c.values[value.Unit] = append(c.values[value.Unit], value.Value)
		}
	}
	for _, f := range r.failures {
		c := find(f.version, f.workload, f.lane)
		c.failures = append(c.failures, f)
	}
	for _, s := range list {
		slices.SortStableFunc(s.order, func(a, b string) int { return rank(a) - rank(b) })
	}
	return list
}

func (s *sheet) cell(workload, lane string) *cell {
	lanes := s.cells[workload]
	if lanes == nil {
		lanes = map[string]*cell{}
		s.cells[workload] = lanes
		s.order = append(s.order, workload)
	}
	if lanes[lane] == nil {
		lanes[lane] = &cell{values: map[string][]float64{}}
	}
	return lanes[lane]
}

// rank returns the place of a workload in the catalog.
func rank(workload string) int {
	i := slices.IndexFunc(catalog, func(w Workload) bool { return w.Name == workload })
	if i < 0 {
		return len(catalog)
	}
	return i
}

// workloadName returns a sample's name without the number of processors.
func workloadName(sample *benchfmt.Result) string {
	base, parts := sample.Name.Parts()
	name := string(base)
	for _, part := range parts {
		if part[0] == '/' {
			name += string(part)
		}
	}
	return name
}
