// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"fmt"
	"io"
	"strings"
)

// printReport prints the line of a unit: a column per lane, then what it comes to.
func printReport(w io.Writer, rep Report) {
	fmt.Fprintf(w, "%-9s %-9s %-8s %-34s", rep.Suite, rep.Go, rep.Mode, rep.Unit)
	for _, l := range rep.Lanes {
		stored := ""
		if l.Stored {
			stored = " (stored)"
		}
		fmt.Fprintf(w, "  %s %d+%d-%d~ %.0fs%s", l.Lane, l.Pass, l.Fail, l.Skip, l.Seconds, stored)
	}
	fmt.Fprintf(w, "  %s\n", rep.verdict())
}

// verdict says in a few words what a report comes to.
func (r Report) verdict() string {
	if r.Error != "" {
		return "NOT RUN: " + firstLine(r.Error)
	}
	counts := map[Kind]int{}
	for _, f := range r.Findings {
		counts[f.Kind]++
	}
	var words []string
	for _, kind := range []Kind{Difference, Crash, Expected, Flake, AloneFails, StockFails, StockFlake} {
		if n := counts[kind]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, kind))
		}
	}
	if !r.bad() {
		words = append([]string{"same"}, words...)
	}
	return strings.Join(words, ", ")
}

// printSummary prints every finding below its unit, the worst kind first, and the totals.
func printSummary(w io.Writer, reports []Report) {
	total := map[Kind]int{}
	tests, notRun := 0, 0
	for _, kind := range []Kind{Crash, Difference, Expected, Flake, AloneFails, StockFlake, StockFails} {
		head := false
		for _, rep := range reports {
			for _, f := range rep.Findings {
				if f.Kind != kind {
					continue
				}
				if !head {
					fmt.Fprintf(w, "\n%s:\n", titles[kind])
					head = true
				}
				total[kind]++
				fmt.Fprintf(w, "  %s %s %s %s: %s %s (stock %s, %s alone %s)\n", rep.Suite, rep.Go, rep.Mode, rep.Unit, f.Lane, f.Test, f.Stock, f.Got, f.Tries)
				if kind.bad() || kind == Flake {
					fmt.Fprintf(w, "      %s\n", f.File)
				}
			}
		}
	}
	for _, rep := range reports {
		if len(rep.Lanes) > 0 {
			tests += rep.Lanes[0].Pass
		}
		if rep.Error != "" {
			notRun++
			fmt.Fprintf(w, "\n%s %s %s %s could not be run: %s\n", rep.Suite, rep.Go, rep.Mode, rep.Unit, rep.Error)
		}
	}
	fmt.Fprintf(w, "\n%d units, %d tests pass in the reference; %d differences, %d crashes, %d flakes, %d units not run; under stock %d fail and %d flake\n",
		len(reports), tests, total[Difference], total[Crash], total[Flake], notRun, total[StockFails], total[StockFlake])
}

// titles head the lists of the summary.
var titles = map[Kind]string{
	Crash:      "Crashes of the runtime under spade only",
	Difference: "Differences: pass under stock, never in the lane",
	Expected:   "Differences with a known reason",
	Flake:      "Flakes under spade: passed when tried again alone",
	AloneFails: "Pass among others under stock, fail alone in both",
	StockFlake: "Flakes under stock",
	StockFails: "Failures under stock",
}

// firstLine returns s up to its first line break.
func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
