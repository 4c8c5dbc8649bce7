// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package html writes findings as one page that needs nothing else: no script, no network.
package html

import (
	_ "embed"
	"html/template"
	"io"

	"github.com/spadego/spade/internal/finding"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"percent": finding.Percent,
	"points":  finding.Points,
	"seconds": finding.Seconds,
	"bytes":   finding.Bytes,
	"took":    finding.Took,
}).Parse(pageText))

// A Writer is a finding.Handler that collects the stream and writes the page when flushed.
type Writer struct {
	finding.Report
	counts finding.CountReport
	out    io.Writer
	top    int
}

// New returns a Writer to w of at most top rows a table; 0 or less means all.
func New(w io.Writer, top int) *Writer { return &Writer{out: w, top: top} }

// A view is what the page shows.
type view struct {
	*finding.Report
	Lines  []line
	Tables []table
	Counts *finding.CountReport
	Grown  []grownTable
}

// A grownTable shows who grew, by one kind of function.
type grownTable struct {
	Title string
	Rows  []*finding.CountRow
	More  int // rows that are left out
}

// A line of the first table, with the lengths of its bars in percent of the longest one.
type line struct {
	finding.Line
	NewBar, BaseBar float64
}

type table struct {
	finding.Table
	Rows []row
	More int // rows that are left out
}

type row struct {
	Name, Place, Size                              string
	System                                         bool
	NewShare, BaseShare, OfGrowth, NewBar, BaseBar float64
}

// Change is how much larger the share is than in the base.
func (r row) Change() float64 { return r.NewShare - r.BaseShare }

// Handle collects m.
func (w *Writer) Handle(m finding.Message) error {
	w.counts.Handle(m)
	return w.Report.Handle(m)
}

// Flush writes the page.
func (w *Writer) Flush() error {
	if w.New == nil && w.counts.New == nil {
		return nil
	}
	v := view{Report: &w.Report, Counts: &w.counts, Grown: w.grown()}
	if w.New == nil {
		return page.Execute(w.out, v)
	}
	lines := w.Lines()
	longest := 0.0
	for _, l := range lines {
		longest = max(longest, l.NewShare, l.BaseShare)
	}
	for _, l := range lines {
		v.Lines = append(v.Lines, line{l, bar(l.NewShare, longest), bar(l.BaseShare, longest)})
	}
	for _, t := range finding.Tables {
		if t := w.table(t); len(t.Rows) > 0 {
			v.Tables = append(v.Tables, t)
		}
	}
	return page.Execute(w.out, v)
}

func (w *Writer) grown() (tables []grownTable) {
	for _, t := range []grownTable{
		{Title: "entry and go statement", Rows: w.counts.Rows(finding.ByEntry)}, {Title: "function that asked for more", Rows: w.counts.Rows(finding.ByTrigger)},
	} {
		if w.top > 0 && len(t.Rows) > w.top {
			t.More = len(t.Rows) - w.top
			t.Rows = t.Rows[:w.top]
		}
		if len(t.Rows) > 0 {
			tables = append(tables, t)
		}
	}
	return tables
}

func (w *Writer) table(kind finding.Table) table {
	t := table{Table: kind}
	rows := w.Rows(kind.By)
	longest := 0.0
	for i, r := range rows {
		if i == w.top && w.top > 0 {
			t.More = len(rows) - i
			break
		}
		p := r.Payer()
		shown := row{
			Name: p.Name, Place: p.Place(), Size: kind.SizeOf(p), System: p.System, NewShare: w.NewShare(r), BaseShare: w.BaseShare(r),
		}
		if r.New != nil {
			shown.OfGrowth = finding.Ratio(r.New.Growth.Total(), w.New.Growth.Total())
		}
		longest = max(longest, shown.NewShare, shown.BaseShare)
		shown.NewBar, shown.BaseBar = bar(shown.NewShare, longest), bar(shown.BaseShare, longest)
		t.Rows = append(t.Rows, shown)
	}
	return t
}

// bar is the length of a bar in percent. Rows come longest first, so longest is known from the first one on.
func bar(share, longest float64) float64 {
	if longest == 0 {
		return 0
	}
	return 100 * share / longest
}
