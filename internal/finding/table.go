// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import "fmt"

// A Line is one line of the table of where CPU time goes.
type Line struct {
	Name                string
	Depth               int   // a line is part of the nearest one above it with a smaller depth
	New, Base           int64 // nanoseconds
	NewShare, BaseShare float64
}

// Change is how much larger the share is than in the base.
func (l Line) Change() float64 { return l.NewShare - l.BaseShare }

// Lines returns the table of where CPU time goes. Parts that neither set has are left out.
func (r *Report) Lines() []Line {
	var lines []Line
	add := func(depth int, always bool, name string, of func(*Growth) int64) {
		line := Line{Name: name, Depth: depth, New: of(r.New), NewShare: Ratio(of(r.New), r.New.CPU)}
		if r.Base != nil {
			line.Base, line.BaseShare = of(r.Base), Ratio(of(r.Base), r.Base.CPU)
		}
		if always || line.New > 0 || line.Base > 0 {
			lines = append(lines, line)
		}
	}
	parts := func(always bool, of func(*Growth) Parts) {
		add(1, always, "unwinding and adjusting", func(g *Growth) int64 { return of(g).Unwinding })
		add(1, always, "copying", func(g *Growth) int64 { return of(g).Copying })
		add(1, always, "allocating and freeing", func(g *Growth) int64 { return of(g).Allocating })
		add(1, false, "in place", func(g *Growth) int64 { return of(g).InPlace })
		add(1, always, "deciding", func(g *Growth) int64 { return of(g).Deciding })
	}
	growth := func(g *Growth) Parts { return g.Growth }
	shrinking := func(g *Growth) Parts { return g.Shrinking }
	add(0, true, "growth", func(g *Growth) int64 { return growth(g).Total() })
	parts(true, growth)
	add(0, true, "shrinking, in garbage collection", func(g *Growth) int64 { return shrinking(g).Total() })
	parts(false, shrinking)
	add(0, true, "preemption", func(g *Growth) int64 { return g.Preemption })
	add(0, true, "stacks of goroutines that start and end", func(g *Growth) int64 { return g.Turnover })
	add(0, false, "in stacks cut by the profiler, of any kind", func(g *Growth) int64 { return g.Cut })
	add(0, false, "in stacks without function names", func(g *Growth) int64 { return g.Unnamed })
	return lines
}

// A Table is one way to list payers.
type Table struct {
	By, Title string
	Size      string // heading of the column of sizes
	SizeOf    func(*Payer) string
}

// Tables are the ways to list payers, in order.
var Tables = []Table{
	{ByEntry, "entry of the goroutine", "reach", func(p *Payer) string { return size(p.Reach) }},
	{ByTrigger, "function whose check asked for more stack", "frame", func(p *Payer) string { return size(p.Frame) }},
	{ByFrame, "function with the largest frame on the stack", "frame", func(p *Payer) string { return size(p.Frame) }},
}

func size(n int64) string {
	if n <= 0 {
		return "-"
	}
	return Bytes(n)
}

// Points writes a change of a share in points of a percentage, with its sign.
func Points(change float64) string { return fmt.Sprintf("%+.1f", 100*change) }
