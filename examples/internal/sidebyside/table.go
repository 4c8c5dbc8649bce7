// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sidebyside

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// A figure is one line of the table.
type figure struct {
	name  string
	value func(Measurement) float64
	show  func(float64) string
	fewer bool // fewer is better
	spade bool // known on spade's runtime only
}

// figures returns the lines of the table for a load of such units.
func figures(unit string) []figure {
	return []figure{
		{name: unit + "s/s", value: func(m Measurement) float64 { return m.PerSecond }, show: plain},
		{name: "CPU/" + unit, value: func(m Measurement) float64 { return m.CPU * 1e6 }, show: microseconds, fewer: true},
		{name: "growths/" + unit, value: func(m Measurement) float64 { return m.Growths }, show: plain, fewer: true, spade: true},
		{name: "copied/" + unit, value: func(m Measurement) float64 { return m.Copied }, show: bytesText, fewer: true, spade: true},
		{name: "resident", value: func(m Measurement) float64 { return m.Resident }, show: bytesText, fewer: true},
	}
}

// enoughRounds is how many rounds have to agree before chance is no likely
// reason: 6 out of 6 are on one side in 1 of 32 comparisons of equals.
const enoughRounds = 6

// printTable writes a column for each lane and, for two, how much better the
// second is, round by round.
func (p Program) printTable(w io.Writer, names []string, lanes [][]Measurement) {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprint(table, "\t", strings.Join(names, "\t"))
	if len(lanes) == 2 {
		fmt.Fprint(table, "\tratio")
	}
	fmt.Fprintln(table)
	for _, f := range figures(p.Unit) {
		fmt.Fprint(table, f.name)
		for _, lane := range lanes {
			fmt.Fprint(table, "\t", f.cell(lane))
		}
		if len(lanes) == 2 {
			fmt.Fprint(table, "\t", f.ratio(lanes[0], lanes[1]))
		}
		fmt.Fprintln(table)
	}
	table.Flush()
	if len(lanes) == 2 {
		fmt.Fprintf(w, "\nMedians of %d rounds in turn, clients and server in one process. The ratio says how many times better\n"+
			"%s is than %s, with the range over all rounds; ~ where they don't agree who is better.\n", len(lanes[0]), names[1], names[0])
		if len(lanes[0]) < enoughRounds {
			fmt.Fprintf(w, "Fewer than %d rounds prove nothing, even if they agree.\n", enoughRounds)
		}
	}
}

// values returns a lane's figures in the order of the rounds; none where they
// aren't known.
func (f figure) values(lane []Measurement) []float64 {
	var values []float64
	for _, m := range lane {
		if v := f.value(m); (m.Spade || !f.spade) && (v > 0 || f.spade) {
			values = append(values, v)
		}
	}
	return values
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func (f figure) cell(lane []Measurement) string {
	values := f.values(lane)
	if len(values) == 0 {
		return "-"
	}
	return f.show(median(values))
}

func (f figure) ratio(first, second []Measurement) string {
	base, better := f.values(first), f.values(second)
	if len(base) == 0 || len(base) != len(better) {
		return "-"
	}
	if f.fewer {
		base, better = better, base
	}
	var ratios []float64
	for i := range base {
		if base[i] == 0 {
			return "-"
		}
		ratios = append(ratios, better[i]/base[i])
	}
	low, high := slices.Min(ratios), slices.Max(ratios)
	text := fmt.Sprintf("%s (%s–%s)", times(median(ratios)), times(low), times(high))
	if low <= 1 && high >= 1 {
		text += " ~"
	}
	return text
}

func times(v float64) string {
	if v >= 10 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

func plain(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

func microseconds(v float64) string { return fmt.Sprintf("%.1f µs", v) }

func bytesText(v float64) string {
	switch {
	case v >= 1<<20:
		return fmt.Sprintf("%.1f MB", v/(1<<20))
	case v >= 1<<10:
		return fmt.Sprintf("%.1f KB", v/(1<<10))
	}
	return fmt.Sprintf("%.0f B", v)
}
