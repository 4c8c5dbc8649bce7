// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spadego/spade/internal/finding"
)

// An Observation is what goroutines did that started with one function at one go statement.
type Observation struct {
	Func    string `json:"entry"`
	File    string `json:"goSite"`
	Line    int64  `json:"goLine"`
	Started int64  `json:"started"`
	Bytes   int64  `json:"highWaterBytes"` // of stack that one of them used at most
	deepest int64  // bytes at the deepest call that was recorded
}

// ReadObservations reads what spade's runtime reports as JSON under GOSPADE=highwater=1, from any number of processes.
func ReadObservations(r io.Reader) ([]Observation, error) {
	var all []Observation
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		var o Observation
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return nil, fmt.Errorf("%q: %w", lines.Text(), err)
		}
		if o.Func != "" && o.Bytes > 0 {
			all = append(all, o)
		}
	}
	return all, lines.Err()
}

// EmitObserved compares what was observed with the bounds, and hands h what it finds.
func (a *Analysis) EmitObserved(version, goVersion string, seen []Observation, h finding.Handler) error {
	a.program.Go = goVersion
	messages := []finding.Message{
		{Config: &finding.Config{Protocol: finding.Protocol, Analysis: "observed", Spade: version}},
		{Program: &a.program},
	}
	entries := map[string][]finding.Entry{} // by first function
	unknown := map[finding.Site]bool{}      // go statements whose function is not known
	for _, e := range a.entries {
		found := a.describe(e)
		entries[found.Func] = append(entries[found.Func], found)
		if found.Func == "" {
			unknown[found.GoSites[0]] = true
		}
	}
	for _, found := range a.brokenAssertions() {
		messages = append(messages, finding.Message{Observed: &found})
	}
	frames, broken, deepest := a.followStacks()
	messages = append(messages, finding.Message{ObservedFrames: frames})
	for _, found := range broken {
		messages = append(messages, finding.Message{Observed: &found})
	}
	for _, o := range together(seen) {
		o.deepest = deepest[o.Func]
		found := a.compare(o, entries[o.Func])
		if found.Violation && found.Status == "" && unknown[found.Site] {
			found.Violation, found.Status = false, finding.LowerBound
		}
		a.graph.asserted.nameStart(&found)
		messages = append(messages, finding.Message{Observed: &found})
	}
	for _, m := range messages {
		if err := h.Handle(m); err != nil {
			return err
		}
	}
	return h.Flush()
}

// compare says whether an observation is more than the bounds of the entries whose first function it is about. They can't be told apart.
func (a *Analysis) compare(o Observation, entries []finding.Entry) finding.Observed {
	found := finding.Observed{Func: o.Func, Site: finding.Site{File: o.File, Line: o.Line}, Started: o.Started, Bytes: o.Bytes, Deepest: o.deepest}
	rank := []finding.Status{finding.Exact, finding.UpperBound, finding.LowerBound, finding.Unbounded}
	worst := -1
	for _, e := range entries {
		found.Bound = max(found.Bound, e.Bound)
		worst = max(worst, slices.Index(rank, e.Status))
		found.Names = append(found.Names, e.Name)
		found.System = found.System || e.System
		found.Assertions = append(found.Assertions, e.Assertions...)
	}
	slices.SortFunc(found.Assertions, compareAssertions)
	found.Assertions = slices.Compact(found.Assertions)
	slices.Sort(found.Names)
	found.Names = slices.Compact(found.Names)
	if worst >= 0 {
		found.Status = rank[worst]
	}
	bounded := found.Status == finding.Exact || found.Status == finding.UpperBound
	found.Violation = found.Status == "" || bounded && (o.Bytes > found.Bound+a.program.Preempt || o.deepest > found.Bound)
	return found
}

// followStacks compares the stacks for which it is known where frames lie with the binary's table and with the graph. It returns what differs,
// and for each first function how deep it got.
func (a *Analysis) followStacks() (*finding.ObservedFrames, []finding.Observed, map[string]int64) {
	heights := frameCheck{unchecked: map[string]int64{}, wrong: map[string]bool{}}
	calls := a.newCallCheck()
	found := &finding.ObservedFrames{}
	deepest := map[string]int64{}
	for _, s := range a.stacks {
		switch {
		case s.At == nil:
			continue
		case len(s.At) == 0:
			found.Lost++
			continue
		}
		found.Stacks++
		if frames, whole := a.graph.code.layOut(s); len(frames) > 0 {
			heights.heights(a.graph.code, frames, whole)
			calls.follow(frames, whole, s.Func)
			deepest[s.Func] = max(deepest[s.Func], a.graph.code.deepest(frames))
		}
	}
	found.Frames, found.Same, found.Calls, found.Beyond = heights.frames, heights.same, calls.calls, calls.beyond
	for why, n := range heights.unchecked {
		found.Unchecked = append(found.Unchecked, finding.Unchecked{Why: why, Frames: n})
	}
	slices.SortFunc(found.Unchecked, func(a, b finding.Unchecked) int { return cmp.Compare(a.Why, b.Why) })
	var broken []finding.Observed
	for _, what := range slices.Sorted(maps.Keys(heights.wrong)) {
		broken = append(broken, finding.Observed{Violation: true, Broken: what})
	}
	for _, what := range slices.Sorted(maps.Keys(calls.missing)) {
		broken = append(broken, finding.Observed{Violation: true, Broken: what})
	}
	return found, broken, deepest
}

// together puts the observations of several processes together.
func together(seen []Observation) []Observation {
	type key struct {
		name, file string
		line       int64
	}
	byKey := map[key]Observation{}
	for _, o := range seen {
		k := key{o.Func, o.File, o.Line}
		known := byKey[k]
		o.Started += known.Started
		o.Bytes = max(o.Bytes, known.Bytes)
		byKey[k] = o
	}
	var all []Observation
	for _, o := range byKey {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b Observation) int {
		return cmp.Or(cmp.Compare(a.Func, b.Func), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return all
}
