// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/perf/benchunit"
)

// figures lists, lane by lane, the units that workloads want shown.
func (s *sheet) figures() table {
	t := table{title: "Figures by lane"}
	t.row("workload", "lane", "samples", "CPU", "wall", "others")
	for _, name := range s.order {
		w := byName(name)
		if len(w.Show) == 0 {
			continue
		}
		for _, lane := range laneNames(s.cells[name]) {
			c := s.cells[name][lane]
			if absence := c.absence(); absence != "-" && len(c.values) == 0 {
				t.row(name, lane, absence, "-", "-", c.failures[0].message)
				continue
			}
			var others []string
			for _, unit := range w.Show {
				if _, found := c.median(unit); found {
					others = append(others, unitName(unit)+" "+c.figure(unit))
				}
			}
			t.row(name, lane, c.size(), c.figure(unitCPU), c.figure(unitWall), strings.Join(others, ", "))
		}
	}
	return t
}

// facts lists the tests and what became of them.
func (s *sheet) facts() table {
	t := table{title: "Facts, each a test"}
	t.row("fact", "test", "what it shows")
	for _, name := range s.order {
		w, c := byName(name), s.cells[name][factLane.Name]
		if w.Test == "" || c == nil {
			continue
		}
		outcome := "passed"
		if absence := c.absence(); absence != "-" {
			outcome = strings.Replace(absence, "crashed", "failed", 1)
		}
		t.row(name, outcome, w.About)
	}
	return t
}

// size returns the number of samples.
func (c *cell) size() string {
	most := 0
	for _, values := range c.values {
		most = max(most, len(values))
	}
	return strconv.Itoa(most)
}

// figure returns the median of a unit for people, with the size of its interval.
func (c *cell) figure(unit string) string {
	median, found := c.median(unit)
	if !found {
		return "-"
	}
	text := quantity(median.Center, unit)
	if median.Center == 0 || len(slices.Compact(slices.Clone(c.values[unit]))) == 1 {
		return text // always the same: there is no doubt to state
	}
	return text + " ±" + median.PctRangeString()
}

// quantity returns a value in a unit for people: 1.5µs, 2.6KiB, 64, 0.0575.
func quantity(value float64, unit string) string {
	suffix := ""
	switch {
	case math.IsNaN(value):
		return "-"
	case strings.Contains(unit, "sec"):
		suffix = "s"
	case strings.Contains(unit, "bytes"):
		suffix = "B"
	case value < 1000:
		return strconv.FormatFloat(value, 'g', 3, 64)
	}
	if value == 0 {
		return "0" + suffix
	}
	return benchunit.Scale(value, benchunit.ClassOf(unit)) + suffix
}

// unitName returns a unit as the name of what it measures.
func unitName(unit string) string {
	unit = strings.TrimSuffix(strings.TrimSuffix(unit, "-sec"), "-bytes")
	unit = strings.Replace(strings.Replace(unit, "-sec/", "/", 1), "-bytes/", "/", 1)
	return unit
}
