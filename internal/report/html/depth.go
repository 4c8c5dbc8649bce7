// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package html

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

//go:embed depth.html
var depthText string

var depthPage = template.Must(template.New("depth").Funcs(template.FuncMap{"bytes": finding.Bytes}).Parse(depthText))

// A DepthWriter is a finding.Handler that collects findings on depth and writes a page with an icicle of each witness path when flushed.
type DepthWriter struct {
	finding.DepthReport
	spade string
	out   io.Writer
	top   int
}

// NewDepth returns a DepthWriter to w of at most top entries; 0 or less means all.
func NewDepth(w io.Writer, top int) *DepthWriter { return &DepthWriter{out: w, top: top} }

// Handle collects m.
func (w *DepthWriter) Handle(m finding.Message) error {
	if m.Config != nil {
		w.spade = m.Config.Spade
	}
	return w.DepthReport.Handle(m)
}

// A depthView is what the page shows.
type depthView struct {
	finding.Program
	Spade   string
	Counts  string
	Entries []icicle
	More    int // entries that are left out
}

// An icicle is an entry with its witness path: a block for each function, as tall as it takes bytes.
type icicle struct {
	*finding.Entry
	Bar    float64 // percent of the deepest entry
	Blocks []block
}

// A block is one function on a witness path.
type block struct {
	Func, At, Note string
	Bytes, Total   int64
	Height         float64 // in the page's unit
}

// Heights of blocks: all of them together, and the least for one that can be read.
const (
	icicleHeight = 32.0
	leastHeight  = 1.6
)

// Flush writes the page.
func (w *DepthWriter) Flush() error {
	v := depthView{Program: w.Program, Spade: w.spade, Counts: w.counts()}
	deepest := int64(1)
	for _, e := range w.Entries {
		if !e.System {
			deepest = max(deepest, e.Bound)
		}
	}
	for _, e := range w.Sorted() {
		switch {
		case e.System:
		case len(v.Entries) == w.top && w.top > 0:
			v.More++
		default:
			v.Entries = append(v.Entries, icicle{e, bar(float64(e.Bound), float64(deepest)), blocks(e)})
		}
	}
	return depthPage.Execute(w.out, v)
}

func (w *DepthWriter) counts() string {
	var counts []string
	for _, s := range []finding.Status{finding.Exact, finding.UpperBound, finding.LowerBound, finding.Unbounded} {
		if n := w.Count(s); n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, s))
		}
	}
	return strings.Join(counts, ", ")
}

func blocks(e *finding.Entry) []block {
	total := e.Bound
	for _, s := range e.Path {
		total -= s.Bytes
	}
	list := []block{{Func: "above the first function", Bytes: total, Total: total, Height: leastHeight}}
	for _, s := range e.Path {
		total += s.Bytes
		b := block{Func: s.Func, At: s.Call.String(), Bytes: s.Bytes, Total: total}
		switch {
		case s.Deferred:
			b.Note = "deferred: because of a panic, or the goroutine's end"
		case s.Maybe:
			b.Note = "perhaps"
		}
		if s.Asserted != "" {
			b.Note = strings.TrimPrefix(b.Note+", "+s.Asserted, ", ")
		}
		b.Height = max(leastHeight, icicleHeight*float64(s.Bytes)/float64(max(1, e.Bound)))
		list = append(list, b)
	}
	return list
}
