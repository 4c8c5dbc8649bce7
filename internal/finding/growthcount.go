// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"cmp"
	"slices"
	"time"
)

// Counts is what the stackgrowth profiles of one set say in all: growths that spade's runtime has recorded, not samples of CPU time.
type Counts struct {
	Set      string `json:"set"`
	Profiles int64  `json:"profiles"`
	Rate     int64  `json:"rate"` // one growth in so many was recorded, and counts for so many; the largest of the profiles'
	GrowthCount
	Unplaced int64 `json:"unplaced,omitempty"` // growths whose call stack was not kept
}

// GrowthCount is what was counted of some growths.
type GrowthCount struct {
	Growths int64 `json:"growths"`
	InPlace int64 `json:"in_place"` // how many of them did not copy
	Copied  int64 `json:"copied"`   // bytes
	Nanos   int64 `json:"nanos"`    // wall-clock time that they took
	Reach   int64 `json:"reach"`    // the largest stack that one led to, in bytes
}

// Took writes nanoseconds that may be few or many, with three digits.
func Took(nanos int64) string {
	d := time.Duration(nanos)
	for unit := time.Duration(1000); unit < time.Minute; unit *= 10 {
		if d < unit {
			return d.Round(unit / 1000).String()
		}
	}
	return d.Round(100 * time.Millisecond).String()
}

// Plus is the sum; reach is the larger one.
func (g GrowthCount) Plus(h GrowthCount) GrowthCount {
	return GrowthCount{
		Growths: Sum(g.Growths, h.Growths), InPlace: Sum(g.InPlace, h.InPlace), Copied: Sum(g.Copied, h.Copied),
		Nanos: Sum(g.Nanos, h.Nanos), Reach: max(g.Reach, h.Reach),
	}
}

// A Counter is a function that growths are charged to: a goroutine's entry, with its go statement as the place, or the function
// whose check found too little stack, with the line where it starts. By is ByEntry or ByTrigger.
type Counter struct {
	Set    string `json:"set"`
	By     string `json:"by"`
	Name   string `json:"name"`
	File   string `json:"file,omitempty"`
	Line   int64  `json:"line,omitempty"`
	System bool   `json:"system,omitempty"` // a goroutine of the runtime's
	GrowthCount
}

// Place is the file without its directories, and the line.
func (c *Counter) Place() string { return (&Payer{File: c.File, Line: c.Line}).Place() }

// A CountReport is what a stream says of growths that were counted, for a reader. Its Handle ignores all else.
type CountReport struct {
	New, Base *Counts

	rows map[payerKey]*CountRow
}

// A CountRow is a Counter in one set or in both.
type CountRow struct {
	New, Base *Counter // one of them may be nil
}

// Handle collects m.
func (r *CountReport) Handle(m Message) error {
	switch {
	case m.Counts != nil && m.Counts.Set == Base:
		r.Base = m.Counts
	case m.Counts != nil:
		r.New = m.Counts
	case m.Counter != nil:
		r.add(m.Counter)
	}
	return nil
}

func (r *CountReport) add(c *Counter) {
	if r.rows == nil {
		r.rows = map[payerKey]*CountRow{}
	}
	key := payerKey{c.By, c.Name, c.Place()}
	row := r.rows[key]
	if row == nil {
		row = &CountRow{}
		r.rows[key] = row
	}
	if c.Set == Base {
		row.Base = c
	} else {
		row.New = c
	}
}

// Rows returns the rows of one kind (ByEntry, ByTrigger), those that took the most time in either set first.
func (r *CountReport) Rows(by string) []*CountRow {
	var rows []*CountRow
	for key, row := range r.rows {
		if key.by == by {
			rows = append(rows, row)
		}
	}
	weight := func(row *CountRow) int64 { return max(row.Of(New).Nanos, row.Of(Base).Nanos) }
	slices.SortFunc(rows, func(a, b *CountRow) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(a.Counter().Name, b.Counter().Name), cmp.Compare(a.Counter().Place(), b.Counter().Place()))
	})
	return rows
}

// Of returns what the row counted in a set.
func (row *CountRow) Of(set string) GrowthCount {
	c := row.New
	if set == Base {
		c = row.Base
	}
	if c == nil {
		return GrowthCount{}
	}
	return c.GrowthCount
}

// Counter returns the newer of the row's two.
func (row *CountRow) Counter() *Counter {
	if row.New != nil {
		return row.New
	}
	return row.Base
}
