// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

// A Count adds the profiles up that spade's runtime makes of growths, stackgrowth. Its size depends on how many functions and go
// statements were seen.
type Count struct {
	total  finding.Counts
	by     map[counterKey]finding.GrowthCount
	marks  map[string]int64    // high-water estimates by entry as profiles name it: the larger bound, in bytes
	placed map[string]function // where that entry is counted, or several
}

type counterKey struct {
	by string
	function
}

// NewCount returns an empty Count.
func NewCount(set string) *Count {
	return &Count{total: finding.Counts{Set: set}, by: map[counterKey]finding.GrowthCount{}, marks: map[string]int64{}, placed: map[string]function{}}
}

// IsCount reports whether p is a stackgrowth profile.
func IsCount(p *profile.Profile) bool {
	var types []string
	for _, t := range p.SampleType {
		types = append(types, t.Type+"/"+t.Unit)
	}
	return strings.Join(types, " ") == "growths/count copied/bytes time/nanoseconds"
}

var noStack = function{name: "(call stack not kept)"}

// Fold adds the profile p, which must have passed its CheckValid, and of which IsCount must be true. On an error nothing was added.
func (c *Count) Fold(p *profile.Profile) error {
	for _, s := range p.Sample {
		if slices.Min(s.Value) < 0 {
			return errors.New("it has negative values, as the difference of a later profile and an earlier one has not: are they the wrong way round?")
		}
	}
	c.total.Profiles++
	c.total.Rate = max(c.total.Rate, p.Period)
	for _, s := range p.Sample {
		g := finding.GrowthCount{Growths: s.Value[0], Copied: s.Value[1], Nanos: s.Value[2], Reach: sizeLabel(s, "to")}
		if label(s, "growth") == "in place" {
			g.InPlace = g.Growths
		}
		c.total.GrowthCount = c.total.Plus(g)
		calls, _ := callsOf(s, nil)
		entry, trigger := function{name: label(s, "entry")}, noStack
		if len(calls) == 0 || calls[0].name == "runtime/pprof.lostProfileEvent" {
			c.total.Unplaced = finding.Sum(c.total.Unplaced, g.Growths)
		} else {
			leaf := max(0, slices.IndexFunc(calls, func(c call) bool { return !c.inlined })) // whose check it was
			trigger = function{calls[leaf].name, calls[leaf].file, calls[leaf].start}
			if entry.name == "" || calls[len(calls)-1].name == entry.name || isGoWrapper(entry.name) && len(s.Location) < maxRecorded {
				entry.name = entryOf(calls).name // what a wrapper was given, if the stack goes up to there
			}
		}
		entry.file, entry.line = place(label(s, "gosite"))
		if at, seen := c.placed[label(s, "entry")]; seen && at != entry {
			c.placed[label(s, "entry")] = several
		} else {
			c.placed[label(s, "entry")] = entry
		}
		c.add(finding.ByEntry, entry, g)
		c.add(finding.ByTrigger, trigger, g)
	}
	for _, line := range p.Comments {
		var from, to int64
		var entry string
		if n, _ := fmt.Sscanf(line, "high-water estimate: from %d to %d bytes, entry %s", &from, &to, &entry); n == 3 && to > 0 {
			c.marks[entry] = max(c.marks[entry], min(to, largestStack))
		}
	}
	return nil
}

// settleMarks lets entries reach as far as their high-water estimates, of which, unlike of samples, none is missing. An estimate
// does not tell one go statement of its entry from another.
func (c *Count) settleMarks() {
	for name, mark := range c.marks {
		entry, seen := c.placed[name]
		if !seen {
			entry = function{name: name}
		}
		if entry != several {
			c.add(finding.ByEntry, entry, finding.GrowthCount{Reach: mark})
		}
		c.total.Reach = max(c.total.Reach, mark)
	}
}

// maxRecorded is where spade's runtime cuts call stacks, in calls.
const maxRecorded = 128

func (c *Count) add(by string, f function, g finding.GrowthCount) {
	key := counterKey{by, f}
	c.by[key] = c.by[key].Plus(g)
}

func label(s *profile.Sample, key string) string {
	if v := s.Label[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func sizeLabel(s *profile.Sample, key string) int64 {
	if v := s.NumLabel[key]; len(v) > 0 {
		return max(0, min(v[0], largestStack))
	}
	return 0
}

// place takes file:line apart.
func place(s string) (file string, line int64) {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		if n, err := strconv.ParseInt(s[i+1:], 10, 64); err == nil {
			return s[:i], max(0, n)
		}
	}
	return s, 0
}

// Results are the messages of a Count: its total and its counters, those that took the most time first.
func (c *Count) Results() []finding.Message {
	c.settleMarks()
	total := c.total
	messages := []finding.Message{{Counts: &total}}
	for _, by := range []string{finding.ByEntry, finding.ByTrigger} {
		var list []*finding.Counter
		for key, g := range c.by {
			if key.by == by {
				list = append(list, &finding.Counter{
					Set: total.Set, By: by, Name: key.name, File: key.file, Line: key.line, System: by == finding.ByEntry && isSystem(key.name), GrowthCount: g,
				})
			}
		}
		slices.SortFunc(list, func(a, b *finding.Counter) int {
			return cmp.Or(cmp.Compare(b.Nanos, a.Nanos), cmp.Compare(a.Name, b.Name), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
		})
		for _, counter := range list {
			messages = append(messages, finding.Message{Counter: counter})
		}
	}
	return messages
}

// Add adds what another Count said as Results, of whichever set. Messages of other types are ignored.
func (c *Count) Add(m finding.Message) {
	switch {
	case m.Counts != nil:
		c.total.Profiles = finding.Sum(c.total.Profiles, max(0, m.Counts.Profiles))
		c.total.Rate = max(c.total.Rate, m.Counts.Rate)
		c.total.GrowthCount = c.total.Plus(notNegative(m.Counts.GrowthCount))
		c.total.Unplaced = finding.Sum(c.total.Unplaced, max(0, m.Counts.Unplaced))
	case m.Counter != nil:
		c.add(m.Counter.By, function{m.Counter.Name, m.Counter.File, m.Counter.Line}, notNegative(m.Counter.GrowthCount))
	}
}

func notNegative(g finding.GrowthCount) finding.GrowthCount {
	return finding.GrowthCount{
		Growths: max(0, g.Growths), InPlace: max(0, g.InPlace), Copied: max(0, g.Copied), Nanos: max(0, g.Nanos), Reach: max(0, g.Reach),
	}
}

// countVerdict says in words what r holds.
func countVerdict(r *finding.CountReport, say func(string, ...any)) {
	g := r.New
	if g == nil {
		return
	}
	if g.Growths == 0 {
		say("No growth was recorded%s.", rateNote(g))
		return
	}
	say("%d growths%s took %s and copied %s; %s of them were in place.",
		g.Growths, rateNote(g), finding.Took(g.Nanos), finding.Bytes(g.Copied), finding.Percent(finding.Ratio(g.InPlace, g.Growths)))
	if r.Base != nil {
		say("In the base %d growths took %s and copied %s.", r.Base.Growths, finding.Took(r.Base.Nanos), finding.Bytes(r.Base.Copied))
	}
	var named []string
	for _, row := range r.Rows(finding.ByEntry) {
		if row.New == nil || len(named) == 3 {
			continue
		}
		part := finding.Ratio(row.New.Nanos, g.Nanos)
		if len(named) > 0 && part < 0.05 {
			break
		}
		s := finding.Percent(part)
		if len(named) == 0 {
			s += " of that time"
		}
		s += " is from " + row.New.Name
		if place := row.New.Place(); place != "" {
			s += ", started at " + place
		}
		named = append(named, s+", reaching "+finding.Bytes(row.New.Reach))
	}
	say("%s.", strings.Join(named, "; "))
}

func rateNote(g *finding.Counts) string {
	if g.Rate <= 1 {
		return ""
	}
	return fmt.Sprintf(" (one in %d was recorded)", g.Rate)
}
