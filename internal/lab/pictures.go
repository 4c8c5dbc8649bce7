// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"math"
	"slices"
)

// The pictures of the page for a browser, as coordinates: x and y lie between 0 and pictureSize. The page stretches them to its
// width, so they hold no text; labels stand beside them.
const pictureSize = 1000

// A scale maps values to coordinates.
type scale struct {
	lo, hi float64
	log    bool
}

// wide is how many times larger than the smallest a value is for which a scale is logarithmic.
const wide = 30

// scaleOf returns a scale that has room for all values: from 0 on or, if they differ much and all are positive, logarithmic.
func scaleOf(values []float64) scale {
	values = slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	if len(values) == 0 {
		return scale{hi: 1}
	}
	lo, hi := slices.Min(values), slices.Max(values)
	if lo > 0 && hi/lo > wide {
		return scale{lo: lo, hi: hi, log: true}
	}
	if hi <= 0 {
		hi = 1
	}
	return scale{lo: min(lo, 0), hi: hi}
}

// at returns the coordinate of a value; values beyond the scale are at its end.
func (s scale) at(v float64) float64 {
	part := (v - s.lo) / (s.hi - s.lo)
	if s.log {
		part = math.Log(v/s.lo) / math.Log(s.hi/s.lo)
	}
	if math.IsNaN(part) {
		part = 0
	}
	return pictureSize * min(max(part, 0), 1)
}

// A family is all samples of a workload, lane under lane on one scale.
type family struct {
	Name, About, Unit, Left, Right string
	Log                            bool
	Lanes                          []strip
}

// A strip is the samples of a lane in the order in which they were taken, from top to bottom, with their median and its interval.
type strip struct {
	Name, Median string
	Absent       string
	Dots         []dot
	Mid, Lo, Hi  float64
	Bounded      bool
}

type dot struct {
	X, Y  float64
	Value string
}

// families returns the samples of every workload in the unit that it is judged by.
func (s *sheet) families() []family {
	var list []family
	for _, name := range s.order {
		if byName(name).Test != "" {
			continue
		}
		for _, unit := range []string{unitCPU, unitHeld, unitInstructions, unitWall} {
			if f := s.family(name, unit); f != nil {
				list = append(list, *f)
				break
			}
		}
	}
	return list
}

// family returns the samples of a workload in a unit, or nil if no lane has any.
func (s *sheet) family(name, unit string) *family {
	lanes := s.cells[name]
	var all []float64
	for _, c := range lanes {
		all = append(all, c.values[unit]...)
	}
	if len(all) == 0 {
		return nil
	}
	x := scaleOf(all)
	f := &family{Name: name, About: byName(name).About, Unit: unit, Left: quantity(x.lo, unit), Right: quantity(x.hi, unit), Log: x.log}
	for _, lane := range laneNames(lanes) {
		f.Lanes = append(f.Lanes, lanes[lane].strip(lane, unit, x))
	}
	return f
}

func (c *cell) strip(lane, unit string, x scale) strip {
	median, found := c.median(unit)
	if !found {
		absent := c.absence()
		if len(c.failures) > 0 {
			absent += ": " + c.failures[0].message
		}
		return strip{Name: lane, Absent: absent}
	}
	out := strip{Name: lane, Median: c.figure(unit), Mid: x.at(median.Center), Lo: x.at(median.Lo), Hi: x.at(median.Hi)}
	out.Bounded = finite(median.Lo) != nil && finite(median.Hi) != nil
	values := c.values[unit]
	for i, v := range values {
		out.Dots = append(out.Dots, dot{x.at(v), pictureSize * (float64(i) + 0.5) / float64(len(values)), quantity(v, unit)})
	}
	return out
}

// A ladder is the ratios of a section, one rung for each workload, on one logarithmic scale.
type ladder struct {
	Title, Left, Right string
	One                float64 // where the ratio is 1
	Rungs              []rung
}

type rung struct {
	Name, Text      string
	Mid, Lo, Hi     float64
	Goal            float64
	HasGoal, Likely bool // Likely: the difference is significant
}

// ladders returns a ladder for each section that compares anything.
func (s *sheet) ladders() []ladder {
	var list []ladder
	for _, section := range sections {
		if l := section.ladder(s); len(l.Rungs) > 0 {
			list = append(list, l)
		}
	}
	return list
}

func (s section) ladder(sheet *sheet) ladder {
	type compared struct {
		name string
		goal float64
		comparison
	}
	var found []compared
	all := []float64{1}
	for _, name := range sheet.order {
		w, lanes := byName(name), sheet.cells[name]
		over, under := lanes[s.base], lanes[laneInPlace]
		if s.holds {
			over, under = under, over
		}
		c, both := compareLanes(over, under, s.unit)
		if !both || !s.has(w, lanes) || c.ratio <= 0 {
			continue
		}
		found = append(found, compared{name, s.goal(w), c})
		all = append(all, c.ratio)
		if c.bounded() {
			all = append(all, c.lo, c.hi)
		}
	}
	x := scale{lo: slices.Min(all) / 1.05, hi: slices.Max(all) * 1.05, log: true}
	l := ladder{Title: s.title, Left: s.ratio(x.lo), Right: s.ratio(x.hi), One: x.at(1)}
	for _, c := range found {
		r := rung{Name: c.name, Text: s.ratio(c.ratio), Mid: x.at(c.ratio), Lo: x.at(c.ratio), Hi: x.at(c.ratio), Likely: c.significant()}
		if c.bounded() {
			r.Text += " (" + s.interval(c.comparison) + ")"
			r.Lo, r.Hi = x.at(c.lo), x.at(c.hi)
		} else {
			r.Text += ", too few samples for an interval"
		}
		if c.goal > 0 {
			r.Text += ", goal " + s.goalText(c.goal)
			r.Goal, r.HasGoal = x.at(c.goal), true
		}
		l.Rungs = append(l.Rungs, r)
	}
	return l
}

// A curve is what a unit does when one thing about a workload changes.
type curve struct {
	Title, Bottom, Top string
	Log                bool
	Marks              []mark
	Lines              []line
}

// A mark is a label below the curve.
type mark struct {
	At   float64 // percent of the width
	Text string
}

// A line is the medians of a lane, with every sample behind them.
type line struct {
	Name string
	Path string
	Dots []dot
}

// growing says which workloads make a curve.
var growing = []struct {
	title, unit string
	points      []string // names of workloads
	x           []float64
	label       []string
}{
	{"CPU time for each goroutine, by how deep it goes", unitCPU, []string{"Deep/4KB", "Deep/16KB", "Deep/128KB", "Deep/1MB"}, []float64{4, 16, 128, 1024}, []string{"4 KB", "16 KB", "128 KB", "1 MB"}},
	{"Memory for each parked goroutine, by their number", "net-bytes/op", []string{"Memory/shallow/1000", "Memory/shallow/10000", "Memory/shallow/100000", "Memory/shallow"}, []float64{1e3, 1e4, 1e5, 1e6}, []string{"1,000", "10,000", "100,000", "1,000,000"}},
	{"Page tables for each parked goroutine, by their number", "net-pagetable-bytes/op", []string{"Memory/shallow/1000", "Memory/shallow/10000", "Memory/shallow/100000", "Memory/shallow"}, []float64{1e3, 1e4, 1e5, 1e6}, []string{"1,000", "10,000", "100,000", "1,000,000"}},
	{"Mappings of the process, by the number of parked goroutines", "mappings", []string{"Memory/shallow/1000", "Memory/shallow/10000", "Memory/shallow/100000", "Memory/shallow"}, []float64{1e3, 1e4, 1e5, 1e6}, []string{"1,000", "10,000", "100,000", "1,000,000"}},
	{"runtime.Stack of oneself, by GOMAXPROCS", unitWall, []string{"Stacks/self/1", "Stacks/self/8", "Stacks/self/64"}, []float64{1, 8, 64}, []string{"1", "8", "64"}},
	{"runtime.Stack of 100 goroutines, by GOMAXPROCS", unitWall, []string{"Stacks/all/1", "Stacks/all/8", "Stacks/all/64"}, []float64{1, 8, 64}, []string{"1", "8", "64"}},
	{"A collection with 1,000 stacks of 16 KB, by GOMAXPROCS", unitWall, []string{"Stacks/scan/1", "Stacks/scan/8", "Stacks/scan/64"}, []float64{1, 8, 64}, []string{"1", "8", "64"}},
}

// curves returns the curves that have two points or more.
func (s *sheet) curves() []curve {
	var list []curve
	for _, g := range growing {
		var all []float64
		var lanes []string
		points := 0
		for _, name := range g.points {
			had := len(all)
			for _, lane := range laneNames(s.cells[name]) {
				all = append(all, s.cells[name][lane].values[g.unit]...)
				if !slices.Contains(lanes, lane) {
					lanes = append(lanes, lane)
				}
			}
			if len(all) > had {
				points++
			}
		}
		if points < 2 {
			continue
		}
		x, y := scale{lo: g.x[0], hi: g.x[len(g.x)-1], log: true}, scaleOf(all)
		c := curve{Title: g.title, Bottom: quantity(y.lo, g.unit), Top: quantity(y.hi, g.unit), Log: y.log}
		for i, label := range g.label {
			c.Marks = append(c.Marks, mark{x.at(g.x[i]) / pictureSize * 100, label})
		}
		for _, lane := range lanes {
			l := line{Name: lane}
			for i, name := range g.points {
				median, found := s.cells[name][lane].median(g.unit)
				if !found {
					continue
				}
				step := "L"
				if l.Path == "" {
					step = "M"
				}
				l.Path += fmt.Sprintf("%s%.1f %.1f", step, x.at(g.x[i]), pictureSize-y.at(median.Center))
				for _, v := range s.cells[name][lane].values[g.unit] {
					l.Dots = append(l.Dots, dot{x.at(g.x[i]), pictureSize - y.at(v), quantity(v, g.unit)})
				}
			}
			if l.Path != "" {
				c.Lines = append(c.Lines, l)
			}
		}
		list = append(list, c)
	}
	return list
}
