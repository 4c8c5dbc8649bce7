// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

const (
	noisyInterval = 0.05 // half an interval, as a part of the median
	driftLimit    = 0.05
)

// A note is one thing that the reader of the tables has to know besides, and
// the lanes that it is true of.
type note struct {
	text  string
	lanes []string
}

// notes are in the order in which they were first made.
type notes []*note

// add makes a note of text for a lane.
func (n *notes) add(text, lane string) {
	for _, known := range *n {
		if known.text == text {
			known.lanes = append(known.lanes, lane)
			return
		}
	}
	*n = append(*n, &note{text: text, lanes: []string{lane}})
}

// maxLanes is how many lanes a note names: a note that is true of more is true
// of the machine.
const maxLanes = 6

func (n *note) String() string {
	lanes, more := n.lanes, ""
	if len(lanes) > maxLanes {
		more = fmt.Sprintf(" and %d more", len(lanes)-maxLanes)
		lanes = lanes[:maxLanes]
	}
	return n.text + ": " + strings.Join(lanes, ", ") + more
}

// notes says what the tables can't.
func (s *sheet) notes() notes {
	var list notes
	if text := s.setting.busy(); text != "" {
		list.add("when the samples were begun", text)
	}
	for _, name := range s.order {
		lanes := s.cells[name]
		for _, lane := range laneNames(lanes) {
			c := lanes[lane]
			switch c.absence() {
			case "skipped":
				list.add("skipped: "+c.failures[0].message, name+" "+lane)
			case "crashed":
				list.add(fmt.Sprintf("no sample %d times, the first time: %s", len(c.failures), c.failures[0].message), name+" "+lane)
			}
			if text := c.otherStrategy(lane); text != "" && byName(name).tellsStrategy() {
				list.add(text, name+" "+lane)
			}
			c.doubts(&list, name+" "+lane)
		}
		base := byName(name).base()
		for _, added := range addableLanes {
			for _, unit := range judged {
				if text := besides(lanes[base], lanes[added.Name], unit); text != "" && added.Name != base {
					list.add(fmt.Sprintf("%s ÷ %s is %s", base, added.Name, text), name)
				}
			}
		}
		for _, extra := range byName(name).Extra {
			if text := besides(lanes[laneInPlace], lanes[extra.Name], unitCPU); text != "" {
				list.add(fmt.Sprintf("inplace ÷ %s is %s", extra.Name, text), name)
			}
		}
	}
	return list
}

// doubts notes what makes a lane's figures uncertain.
func (c *cell) doubts(list *notes, lane string) {
	for _, unit := range judged {
		median, found := c.median(unit)
		if !found {
			continue
		}
		if len(c.values[unit]) < minSamples && unit != unitInstructions {
			list.add(fmt.Sprintf("provisional, with fewer than %d samples", minSamples), lane)
			continue
		}
		spread := max(median.Hi-median.Center, median.Center-median.Lo) / median.Center
		if spread > noisyInterval && !math.IsInf(spread, 0) {
			list.add(fmt.Sprintf("noisy, interval over ±%.0f%%: quieten the machine or take more samples", 100*noisyInterval),
				fmt.Sprintf("%s ±%.0f%%", lane, 100*spread))
		}
		if drift := c.drift(unit); math.Abs(drift) > driftLimit {
			list.add("drifted from the first half of the samples to the second", fmt.Sprintf("%s %+.0f%%", lane, 100*drift))
		}
	}
}

// otherStrategy says that the runtime did something else than its lane's name,
// or returns "".
func (c *cell) otherStrategy(lane string) string {
	if lane != laneCopy && lane != laneInPlace || len(c.values) == 0 || len(c.values[unitInstructions]) > 0 {
		return ""
	}
	enabled := c.values[unitInPlace]
	switch {
	case len(enabled) == 0:
		return "built on the stock runtime, where all lanes are the same"
	case lane == laneInPlace && slices.Contains(enabled, 0):
		return "ran with copied stacks; spade doctor says why slots can't be used here"
	case lane == laneCopy && slices.Contains(enabled, 1):
		return "ran with stacks in place: GOSPADE was not obeyed"
	}
	return ""
}

// besides sets a lane against one that has no column, or returns "" without
// samples.
func besides(over, under *cell, unit string) string {
	c, both := compareLanes(over, under, unit)
	if !both {
		return ""
	}
	verdict := "~"
	if c.significant() {
		verdict = "a significant difference"
	}
	s := section{fine: unit == unitInstructions}
	return fmt.Sprintf("%s (%s), %s (%v)", s.ratio(c.ratio), s.interval(c), verdict, c.test)
}
