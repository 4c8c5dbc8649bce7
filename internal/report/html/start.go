// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package html

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

//go:embed start.html
var startText string

var startPage = template.Must(template.New("start").Funcs(template.FuncMap{
	"percent": finding.Percent,
	"millis":  finding.Millis,
	"bytes":   finding.Bytes,
}).Parse(startText))

// A StartWriter is a finding.Handler that collects findings on the start of programs and writes them as a page when flushed: bars in the
// order of time or, for two programs, of how much has changed.
type StartWriter struct {
	finding.StartReport
	spade string
	out   io.Writer
}

// NewStart returns a StartWriter to w.
func NewStart(w io.Writer) *StartWriter { return &StartWriter{out: w} }

// Handle collects m.
func (w *StartWriter) Handle(m finding.Message) error {
	if m.Config != nil {
		w.spade = m.Config.Spade
	}
	return w.StartReport.Handle(m)
}

// leastShown is the part of the whole below which a package gets no row of its own.
const leastShown = 0.002

// mostTouched is how many packages the page lists by bytes in use.
const mostTouched = 30

// A startView is what the page shows.
type startView struct {
	New, Base *finding.Start
	Programs  []*finding.Start
	Rows      []startLine
	Groups    []*finding.StartGroup
	Touched   []finding.Touched // sections
	Packages  []finding.Touched
	Least     float64
	Spade     string
}

// A startLine is a stage, a package or what that consists of.
type startLine struct {
	Name, Place, Time string
	Stage             bool
	Details           bool
	Bars              []startBar
	Facts             []fact
	Inside            []startLine
	begin             int64
}

// A startBar is from 0 to 100 percent.
type startBar struct {
	Left, Width float64
	Base        bool
}

type fact struct{ Name, Value string }

// Flush writes the page.
func (w *StartWriter) Flush() error {
	if w.New == nil {
		return nil
	}
	v := startView{New: w.New, Base: w.Base, Programs: []*finding.Start{w.New}, Groups: w.Groups(), Least: leastShown, Spade: w.spade}
	if w.Base != nil {
		v.Programs = append(v.Programs, w.Base)
	} else {
		v.Touched, v.Packages = w.TouchedSections(), w.TouchedPackages()
		v.Packages = v.Packages[:min(mostTouched, len(v.Packages))]
	}
	v.Rows = w.lines()
	return startPage.Execute(w.out, v)
}

// lines returns the lines of stages and packages.
func (w *StartWriter) lines() []startLine {
	var lines []startLine
	for _, row := range w.Stages() {
		line := w.line(row)
		line.Stage = true
		lines = append(lines, line)
	}
	var small finding.StartRow
	others := 0
	for _, row := range w.Packages() {
		base, new := row.Clock()
		if float64(max(base, new)) < leastShown*float64(w.New.Total.Mean) {
			others++
			small = addRows(small, base, new)
			continue
		}
		line := w.line(row)
		line.Details = true
		line.Facts = facts(row.Part())
		for _, inner := range w.Inside(row.Part().Package) {
			line.Inside = append(line.Inside, w.line(inner))
		}
		lines = append(lines, line)
	}
	if w.Base == nil {
		slices.SortStableFunc(lines, func(a, b startLine) int { return int(max(-1, min(1, a.begin-b.begin))) })
	}
	if others > 0 {
		small.New.Name = fmt.Sprintf("%d other packages, at various times", others)
		lines = append(lines, w.line(&small))
	}
	return lines
}

// addRows adds times to a row that stands for several.
func addRows(sum finding.StartRow, base, new int64) finding.StartRow {
	if sum.New == nil {
		sum = finding.StartRow{New: &finding.StartPart{}, Base: &finding.StartPart{}}
	}
	sum.Base.Clock.Mean += base
	sum.New.Clock.Mean += new
	return sum
}

// line returns the line of a row, without what it consists of.
func (w *StartWriter) line(row *finding.StartRow) startLine {
	p := row.Part()
	base, new := row.Clock()
	line := startLine{Name: p.Name, Place: p.Place.String(), begin: p.Begin}
	switch p.Kind {
	case finding.PartVariables:
		line.Name, line.Place = "variables", ""
	case finding.PartFunction:
		line.Name = "func init"
	case finding.PartVariable:
		line.Name = "var " + p.Name
	}
	if w.Base != nil {
		whole := max(w.New.Total.Mean, w.Base.Total.Mean)
		line.Time = fmt.Sprintf("%+.3f ms", float64(new-base)/1e6)
		if !row.Significant() {
			line.Time = "~ " + line.Time
		}
		line.Bars = []startBar{{0, percentOf(base, whole), true}, {0, percentOf(new, whole), false}}
		return line
	}
	line.Time = finding.Millis(new) + " ms"
	left := min(percentOf(p.Begin, w.New.Total.Mean), 99.5)
	line.Bars = []startBar{{left, min(percentOf(new, w.New.Total.Mean), 100-left), false}}
	return line
}

func percentOf(part, whole int64) float64 { return min(100, 100*finding.Ratio(part, whole)) }

// facts are what there is to say of a package beside its time.
func facts(p *finding.StartPart) []fact {
	list := []fact{
		{"in eight of ten runs", finding.Millis(p.Clock.Low) + "–" + finding.Millis(p.Clock.High) + " ms"},
		{"CPU", finding.Millis(p.CPU) + " ms"},
		{"allocated", fmt.Sprintf("%s in %d allocations", finding.Bytes(p.Bytes), p.Allocs)},
		{"goroutines, system calls, page faults", fmt.Sprintf("%d, %d, %d", p.Goroutines, p.Calls, p.Faults)},
	}
	if p.Cold != nil {
		list = append(list, fact{"with a cold page cache", finding.Millis(p.Cold.Mean) + " ms"})
	}
	if p.Group != "" {
		list = append(list, fact{"module", p.Group})
	}
	if len(p.Chain) > 1 {
		list = append(list, fact{"imported through", strings.Join(p.Chain[:len(p.Chain)-1], " → ")})
	}
	return list
}
