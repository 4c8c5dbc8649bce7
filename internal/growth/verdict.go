// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// expect says what growing in place would save.
//
// Growing in place takes away the work that copying a stack makes: unwinding and adjusting, copying, allocating, both as stacks grow
// and as the collector shrinks them. It does not take away deciding: the check, morestack and newstack are the same. That is
// Most, and it assumes that kinds of goroutines have been learned, so that they start with stack enough, and that the pages of
// their stacks are warm. Least assumes that every goroutine still moves once, out of the smallest stack; first is what
// those growths took. It is known only with frame sizes.
func expect(g *finding.Growth, first int64) finding.Expectation {
	most := finding.Sum(g.Growth.Unwinding, g.Growth.Copying, g.Growth.Allocating,
		g.Shrinking.Unwinding, g.Shrinking.Copying, g.Shrinking.Allocating)
	if !g.Sized {
		return finding.Expectation{Most: most}
	}
	return finding.Expectation{Most: most, Least: max(0, most-first)}
}

// Fewer samples of growth than this say little about who pays.
const fewSamples = 20

// Verdict says in words what r holds.
func Verdict(r *finding.Report) finding.Verdict {
	v := finding.Verdict{Analysis: "growth"}
	say := func(format string, args ...any) { v.Sentences = append(v.Sentences, fmt.Sprintf(format, args...)) }
	g := r.New
	switch {
	case g == nil || g.Samples == 0:
		say("The profiles hold no samples: record one while the program is busy.")
		return v
	case g.GrowthSamples == 0:
		say("No growth in %d samples.", g.Samples)
		sayChange(r, say)
	default:
		say("Growth is %s of CPU (±%.1f at best, from %d samples).", finding.Percent(g.Share()), 100*g.Doubt(), g.Samples)
		sayChange(r, say)
		if payers := topPayers(r); payers != "" {
			say("%s.", payers)
		}
		sayFrame(r, say)
		if g.GrowthSamples < fewSamples {
			say("Samples of growth: only %d. Record for longer, or give more profiles, before trusting who pays.", g.GrowthSamples)
		}
	}
	sayExpected(g, say)
	if g.CutGrowth > 0 {
		say("%s of growth is in stacks that the profiler cut at %d frames; the entry could be told from other samples for %s of it.",
			finding.Percent(finding.Ratio(g.CutGrowth, g.Growth.Total())), maxStack, finding.Percent(finding.Ratio(g.CutInferred, g.Growth.Total())))
	}
	return v
}

// topPayers names the entries that make up most of the growth, at most three.
func topPayers(r *finding.Report) string {
	var names []string
	var named float64
	rows := slices.DeleteFunc(r.Rows(finding.ByEntry), func(row *finding.Row) bool { return row.New == nil })
	slices.SortStableFunc(rows, func(a, b *finding.Row) int { return cmp.Compare(b.New.Growth.Total(), a.New.Growth.Total()) })
	for _, row := range rows {
		if len(names) == 3 || named > 0.8 {
			break
		}
		part := finding.Ratio(row.New.Growth.Total(), r.New.Growth.Total())
		if len(names) > 0 && part < 0.05 {
			break
		}
		name := finding.Percent(part)
		if len(names) == 0 {
			name += " of it"
		}
		name += " is from " + row.New.Name
		if place := row.New.Place(); place != "" {
			name += " at " + place
		}
		if row.New.System {
			name += " (the runtime's own)"
		}
		if row.New.Reach > 0 {
			name += ", reaching " + finding.Bytes(row.New.Reach)
		}
		names = append(names, name)
		named += part
	}
	return strings.Join(names, "; ")
}

// sayFrame names the frame that dominates, if one does.
func sayFrame(r *finding.Report, say func(string, ...any)) {
	rows := r.Rows(finding.ByFrame)
	if len(rows) == 0 || rows[0].New == nil || rows[0].New.Frame == 0 {
		return
	}
	p := rows[0].New
	if part := finding.Ratio(p.Growth.Total(), r.New.Growth.Total()); part >= 0.25 {
		say("In %s of it the largest frame on the stack is %s's, %s.", finding.Percent(part), p.Name, finding.Bytes(p.Frame))
	}
}

func sayExpected(g *finding.Growth, say func(string, ...any)) {
	if g.OnSpade {
		say("The program runs on spade's runtime already: %s of CPU is growth in place, %s growth or shrinking by copying.",
			finding.Percent(finding.Ratio(g.Growth.InPlace, g.CPU)), finding.Percent(finding.Ratio(g.Expected.Most, g.CPU)))
		if g.Growth.InPlace == 0 && finding.Ratio(g.Expected.Most, g.CPU) >= 0.01 {
			say("Nothing grew in place: GOSPADE=stacks=copy may be set, or slots are off; spade doctor tells why.")
		}
		return
	}
	most := finding.Ratio(g.Expected.Most, g.CPU)
	if most < 0.01 {
		say("There is little to gain from in-place stacks here: at most %s of CPU.", finding.Percent(most))
		return
	}
	if g.Sized && g.Expected.Least < g.Expected.Most {
		say("Expected gain with in-place stacks: %s to %s of CPU.", finding.Percent(finding.Ratio(g.Expected.Least, g.CPU)), finding.Percent(most))
		say("That is all growth and shrinking except deciding (%s of CPU); the lower figure leaves every goroutine one move out of its first stack.",
			finding.Percent(finding.Ratio(g.Growth.Deciding, g.CPU)))
		return
	}
	say("Expected gain with in-place stacks: up to %s of CPU.", finding.Percent(most))
	say("That is all growth and shrinking except deciding (%s of CPU); it assumes goroutines whose kind spade has learned, on stacks whose pages are warm.",
		finding.Percent(finding.Ratio(g.Growth.Deciding, g.CPU)))
}

// sayChange compares with the base, if there is one.
func sayChange(r *finding.Report, say func(string, ...any)) {
	g, base := r.New, r.Base
	if base == nil {
		return
	}
	points := 100 * (g.Share() - base.Share())
	if !finding.Differ(g, base) {
		say("Against the base's %s, that is no change that chance could not explain.", finding.Percent(base.Share()))
		return
	}
	word := "more"
	if points < 0 {
		word, points = "less", -points
	}
	say("That is %.1f points of CPU %s than the base's %s.", points, word, finding.Percent(base.Share()))
}
