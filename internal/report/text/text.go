// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package text writes findings for a terminal.
package text

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// A Writer is a finding.Handler that collects the stream and writes it as tables when flushed.
type Writer struct {
	finding.Report
	counts finding.CountReport
	out    io.Writer
	top    int
}

// New returns a Writer to w of at most top rows a table; 0 or less means all.
func New(w io.Writer, top int) *Writer { return &Writer{out: w, top: top} }

// Handle collects m.
func (w *Writer) Handle(m finding.Message) error {
	w.counts.Handle(m)
	return w.Report.Handle(m)
}

// Flush writes the verdict, where CPU time goes, and who pays; then what was counted.
func (w *Writer) Flush() error {
	out := bufio.NewWriter(w.out)
	if w.New != nil {
		fmt.Fprintf(out, "%s\n", w.heading())
	}
	w.countHeading(out)
	if w.New != nil || w.counts.New != nil {
		fmt.Fprintln(out)
	}
	for _, v := range w.Verdicts {
		for _, s := range v.Sentences {
			fmt.Fprintln(out, fold(s))
		}
	}
	if w.New != nil {
		fmt.Fprintln(out)
		w.totals(out)
		for _, table := range finding.Tables {
			w.rows(out, table)
		}
	}
	w.countRows(out, finding.ByEntry, "entry and go statement")
	w.countRows(out, finding.ByTrigger, "function that asked for more")
	w.problems(out)
	return out.Flush()
}

func (w *Writer) heading() string {
	s := describe(w.New)
	if w.Base != nil {
		s += "\nagainst " + describe(w.Base)
	}
	return s
}

func describe(g *finding.Growth) string {
	profiles := "profiles"
	if g.Profiles == 1 {
		profiles = "profile"
	}
	return fmt.Sprintf("%d %s, %s of CPU time in %s, %d samples", g.Profiles, profiles, finding.Seconds(g.CPU), finding.Seconds(g.Duration), g.Samples)
}

// fold breaks a sentence into lines; the second and further ones are indented.
func fold(sentence string) string {
	const width = 110
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(sentence) {
		if column > 0 && column+1+len(word) > width {
			b.WriteString("\n  ")
			column = 2
		} else if column > 0 {
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}

func (w *Writer) totals(out io.Writer) {
	if w.Base == nil {
		fmt.Fprintf(out, "%8s %9s\n", "of CPU", "time")
	} else {
		fmt.Fprintf(out, "%8s %8s %8s\n", "base", "new", "change")
	}
	for _, line := range w.Lines() {
		switch {
		case w.Base == nil:
			fmt.Fprintf(out, "%8s %9s  %s\n", finding.Percent(line.NewShare), finding.Seconds(line.New), indent(line))
		default:
			fmt.Fprintf(out, "%8s %8s %8s  %s\n", finding.Percent(line.BaseShare), finding.Percent(line.NewShare), finding.Points(line.Change()), indent(line))
		}
	}
}

func indent(line finding.Line) string { return strings.Repeat("  ", line.Depth) + line.Name }

// rows writes one table of payers.
func (w *Writer) rows(out io.Writer, table finding.Table) {
	rows := w.Rows(table.By)
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(out, "\nWho pays, by %s\n", table.Title)
	if w.Base == nil {
		fmt.Fprintf(out, "%8s %9s %8s %9s\n", "of CPU", "of growth", "samples", table.Size)
	} else {
		fmt.Fprintf(out, "%8s %8s %8s\n", "base", "new", "change")
	}
	for i, row := range rows {
		if i == w.top && w.top > 0 {
			fmt.Fprintf(out, "%8s and %d more; -top 0 shows all\n", "", len(rows)-i)
			break
		}
		p := row.Payer()
		name := strings.TrimRight(p.Name+"  "+p.Place(), " ")
		if p.System {
			name += "  (the runtime's own)"
		}
		if w.Base == nil {
			fmt.Fprintf(out, "%8s %9s %8d %9s  %s\n", finding.Percent(w.NewShare(row)),
				finding.Percent(finding.Ratio(p.Growth.Total(), w.New.Growth.Total())), p.Samples, table.SizeOf(p), name)
		} else {
			change := w.NewShare(row) - w.BaseShare(row)
			fmt.Fprintf(out, "%8s %8s %8s  %s\n", finding.Percent(w.BaseShare(row)), finding.Percent(w.NewShare(row)), finding.Points(change), name)
		}
	}
}

func (w *Writer) problems(out io.Writer) {
	for i, s := range w.Sources {
		if i == 0 {
			fmt.Fprintln(out)
		}
		if s.Skipped {
			fmt.Fprintf(out, "not counted: %s: %s\n", s.Name, s.Problem)
		} else {
			fmt.Fprintf(out, "%s: %s\n", s.Name, s.Problem)
		}
	}
}
