// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchunit"
)

// A section is a table of workloads that are judged by the same unit.
type section struct {
	title string
	unit  string
	base  string // the lane that inplace is set against
	less  string // what a significant difference saves
	holds bool   // ratios are inplace ÷ copy, and want to be small
	fine  bool   // ratios differ in the third digit after the point
}

var sections = []section{
	{title: "CPU time per operation, user and system; copy ÷ inplace", unit: unitCPU, base: laneCopy, less: "CPU"},
	{title: "The same where stacks hardly grow; stock ÷ inplace", unit: unitCPU, base: laneStock, less: "CPU"},
	{title: "Memory held, resident pages and page tables; inplace ÷ copy", unit: unitHeld, base: laneCopy, less: "memory", holds: true},
	{title: "Instructions per operation, simulated by callgrind on one processor; stock ÷ inplace", unit: unitInstructions, base: laneStock, less: "instructions", fine: true},
}

// report writes the tables of all results, and what follows from them for the claims; or only the tables that compare lanes.
func report(w io.Writer, r results, onlyCompared bool) error {
	for i, s := range r.sheets() {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s\n", s.version)
		tables := s.tables()
		if onlyCompared {
			tables = s.comparisons()
		}
		for _, t := range tables {
			fmt.Fprintf(w, "\n%s\n", t.title)
			if err := t.print(w); err != nil {
				return err
			}
		}
		for _, note := range s.notes() {
			fmt.Fprintf(w, "note: %s\n", note)
		}
		if onlyCompared {
			continue
		}
		if err := s.verdicts(w); err != nil {
			return err
		}
	}
	return nil
}

// tables returns the tables that have rows.
func (s *sheet) tables() []table {
	return slices.DeleteFunc(append(s.comparisons(), s.figures(), s.facts()), table.empty)
}

// comparisons returns those of the tables that set inplace against another lane.
func (s *sheet) comparisons() []table {
	var list []table
	for _, section := range sections {
		list = append(list, section.table(s))
	}
	return slices.DeleteFunc(list, table.empty)
}

// table sets inplace against the section's base.
func (s section) table(sheet *sheet) table {
	t := table{title: s.title}
	other := laneFloor
	if s.base == laneStock {
		other = laneCopy
	}
	t.row("workload", s.base, laneInPlace, "ratio", "interval", "wall", "verdict", "goal", other)
	for _, name := range sheet.order {
		lanes := sheet.cells[name]
		if s.has(byName(name), lanes) {
			t.row(s.row(byName(name), lanes)...)
		}
	}
	return t
}

// has reports whether a workload belongs in the section: it has samples in the
// unit or, having none at all, is of the section's kind.
func (s section) has(w Workload, lanes map[string]*cell) bool {
	if w.base() != s.base || !w.compared() {
		return false
	}
	any := false
	for _, c := range lanes {
		if len(c.values[s.unit]) > 0 {
			return true
		}
		any = any || len(c.values) > 0
	}
	return !any && s.unit != unitInstructions && s.holds == w.Memory
}

func (s section) row(w Workload, lanes map[string]*cell) []string {
	over, under := lanes[s.base], lanes[laneInPlace]
	row := []string{w.Name, s.value(over), s.value(under)}
	if s.holds {
		over, under = under, over
	}
	c, both := compareLanes(over, under, s.unit)
	if !both {
		return append(row, "-", "-", "-", s.broken(lanes), s.goalText(s.goal(w)), "-")
	}
	row = append(row, s.ratio(c.ratio), s.interval(c), s.wall(over, under), s.verdict(c), s.judge(s.goal(w), c))
	return append(row, s.other(lanes))
}

// other returns the last column: how far from the base the floor is, which is as far as inplace can get; or, where stock is the base, how far
// copy is.
func (s section) other(lanes map[string]*cell) string {
	name := laneFloor
	if s.base == laneStock {
		name = laneCopy
	}
	if c, found := compareLanes(lanes[s.base], lanes[name], s.unit); found {
		return s.ratio(c.ratio)
	}
	return "-"
}

// value returns a lane's median and the size of its interval.
func (s section) value(c *cell) string {
	median, found := c.median(s.unit)
	if !found {
		return c.absence()
	}
	number := benchunit.Scale(median.Center, benchunit.ClassOf(s.unit))
	switch s.unit {
	case unitCPU:
		number += "s"
	case unitHeld:
		number += "B"
	}
	return number + " ±" + median.PctRangeString()
}

func (s section) ratio(r float64) string {
	switch {
	case s.fine:
		return fmt.Sprintf("%.4f", r)
	case r >= 9.95:
		return fmt.Sprintf("%.1f", r)
	}
	return fmt.Sprintf("%.2f", r)
}

func (s section) interval(c comparison) string {
	if !c.bounded() {
		return "∞"
	}
	return s.ratio(c.lo) + "–" + s.ratio(c.hi)
}

// wall returns the ratio of wall time, with ~ where the lanes can't be told
// apart by it.
func (s section) wall(over, under *cell) string {
	c, both := compareLanes(over, under, unitWall)
	switch {
	case !both:
		return "-"
	case !c.significant():
		return s.ratio(c.ratio) + " ~"
	}
	return s.ratio(c.ratio)
}

// verdict says which lane needs less, if that can be said.
func (s section) verdict(c comparison) string {
	word := "~"
	if c.significant() && c.ratio != 1 {
		word = "less " + s.less
		if (c.ratio < 1) != s.holds {
			word = "more " + s.less
		}
	}
	return word + " (" + c.test.String() + ")"
}

// judge says whether the workload's goal is met; ? where the interval has both
// answers.
func (s section) judge(goal float64, c comparison) string {
	if goal == 0 {
		return "-"
	}
	meets := func(r float64) bool {
		if s.holds {
			return math.Round(r*1000)/1000 <= goal
		}
		return r >= goal
	}
	answer := "missed"
	switch {
	case !c.bounded(), meets(c.lo) != meets(c.hi):
		answer = "missed?"
		if meets(c.ratio) {
			answer = "met?"
		}
	case meets(c.ratio):
		answer = "met"
	}
	return s.goalText(goal) + " " + answer
}

// goal returns what the ratio in this section is to reach.
func (s section) goal(w Workload) float64 {
	if s.fine && w.Goal == noLoss {
		return noLossCounted
	}
	return w.Goal
}

func (s section) goalText(goal float64) string {
	switch {
	case goal == 0:
		return "-"
	case s.holds:
		return fmt.Sprintf("≤%.3g", goal)
	}
	return fmt.Sprintf("≥%.3g", goal)
}

// broken names the lanes that kept a row from being compared.
func (s section) broken(lanes map[string]*cell) string {
	var names []string
	for _, name := range []string{s.base, laneInPlace} {
		switch absence := lanes[name].absence(); {
		case absence == "-" && lanes[name] == nil:
			names = append(names, name+" not run")
		case absence != "-":
			names = append(names, name+" "+absence)
		}
	}
	return strings.Join(names, ", ")
}

// laneNames returns the names of lanes, those that the table knows first.
func laneNames(lanes map[string]*cell) []string {
	names := slices.Sorted(maps.Keys(lanes))
	known := []string{laneStock, laneCopy, laneInPlace, laneFloor}
	place := func(name string) int {
		if i := slices.Index(known, name); i >= 0 {
			return i
		}
		return len(known)
	}
	slices.SortStableFunc(names, func(a, b string) int { return place(a) - place(b) })
	return names
}
