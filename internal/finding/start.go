// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"cmp"
	"fmt"
	"slices"
)

// A Start is what was measured of a program from exec to main.main. Times are nanoseconds.
type Start struct {
	Set        string   `json:"set"`
	Program    string   `json:"program"` // as the user named it
	Go         string   `json:"go,omitempty"`
	Runs       int64    `json:"runs"`
	Total      Spread   `json:"total"`
	Parts      int64    `json:"parts"` // stages and packages, added up
	Plain      Spread   `json:"plain"` // the total of runs in which nothing but it was measured
	Faults     int64    `json:"faults"`
	Reads      int64    `json:"reads"` // page faults that waited for the disk
	ColdRuns   int64    `json:"cold_runs,omitempty"`
	Cold       Spread   `json:"cold"` // the total, with the program's file not in memory
	ColdFaults int64    `json:"cold_faults,omitempty"`
	ColdReads  int64    `json:"cold_reads,omitempty"`
	Inittrace  bool     `json:"inittrace,omitempty"` // the runtime told: times are from the main goroutine's start to the last initialization's end
	Unseen     []string `json:"unseen,omitempty"`    // what could not be seen, and why
}

// A Spread is what a part, or the whole, takes: the mean over the half of the runs whose totals are the shorter ones, so that parts add
// up to the whole, and between what eight in ten of all runs are.
type Spread struct {
	Mean int64 `json:"mean"`
	Low  int64 `json:"low"`
	High int64 `json:"high"`
}

// Kinds of parts. Stages and packages add up to the whole; the others are parts of packages, and add up to those.
const (
	PartStage     = "stage"     // of the kernel, the loader and the runtime
	PartPackage   = "package"   // the initialization of a package
	PartVariables = "variables" // initializers of a package's variables, except those that are parts of their own
	PartVariable  = "variable"  // initializer of one variable, or of those of one statement
	PartFunction  = "function"  // an init function of the source
)

// A StartPart is one part of a program's start.
type StartPart struct {
	Set     string   `json:"set"`
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	Package string   `json:"package,omitempty"` // import path, but "main" for the main package
	Group   string   `json:"group,omitempty"`   // module@version, or the standard library; "" if it is not known
	Place   Site     `json:"place"`
	Chain   []string `json:"chain,omitempty"` // of imports, from the main package to this one
	Begin   int64    `json:"begin"`           // nanoseconds since exec, in the run whose total is the median one
	Clock   Spread   `json:"clock"`
	Cold    *Spread  `json:"cold,omitempty"`
	CPU     int64    `json:"cpu"` // nanoseconds, of all threads
	Bytes   int64    `json:"bytes"`
	Allocs  int64    `json:"allocs"`
	// Goroutines that were started, system calls of all threads, and page faults, with and without reading.
	Goroutines int64 `json:"goroutines"`
	Calls      int64 `json:"calls"`
	Faults     int64 `json:"faults"`
}

// Touched is how much of a section of the program's file was in use when main.main began or, of what a package has in the section, how much
// lies in pages that were in use.
type Touched struct {
	Set     string `json:"set"`
	Section string `json:"section"`
	Package string `json:"package,omitempty"` // import path, but "main" for the main package; "" for the section
	Size    int64  `json:"size"`
	Bytes   int64  `json:"bytes"`             // of a section, in whole pages
	Written int64  `json:"written,omitempty"` // in pages that were copied because they were written to
}

// A StartReport is a stream of findings on the start of a program, or of two. Its Handle collects; writers that show tables embed it.
type StartReport struct {
	New, Base *Start
	Touched   []Touched
	rows      map[partKey]*StartRow
	order     []*StartRow
}

// A StartRow is a part in one set or in both.
type StartRow struct {
	New, Base *StartPart // one of them may be nil
}

// A partKey leaves the place out: it may differ between two versions of a program.
type partKey struct{ kind, pkg, name string }

// Handle collects m.
func (r *StartReport) Handle(m Message) error {
	switch {
	case m.Start != nil && m.Start.Set == Base:
		r.Base = m.Start
	case m.Start != nil:
		r.New = m.Start
	case m.StartPart != nil:
		r.add(m.StartPart)
	case m.Touched != nil:
		r.Touched = append(r.Touched, *m.Touched)
	}
	return nil
}

func (r *StartReport) add(p *StartPart) {
	if r.rows == nil {
		r.rows = map[partKey]*StartRow{}
	}
	key := partKey{p.Kind, p.Package, p.Name}
	if p.Kind == PartPackage {
		key.name = "" // that of the main package is another one if the go command was not asked
	}
	row := r.rows[key]
	if row == nil || p.Set == Base && row.Base != nil || p.Set != Base && row.New != nil {
		row = &StartRow{}
		r.rows[key] = row
		r.order = append(r.order, row)
	}
	if p.Set == Base {
		row.Base = p
	} else {
		row.New = p
	}
}

// Part returns the newer of the row's two parts.
func (row *StartRow) Part() *StartPart {
	if row.New != nil {
		return row.New
	}
	return row.Base
}

// Clock returns the times of both parts, 0 for one that is missing.
func (row *StartRow) Clock() (base, new int64) {
	if row.Base != nil {
		base = row.Base.Clock.Mean
	}
	if row.New != nil {
		new = row.New.Clock.Mean
	}
	return base, new
}

// Significant reports whether the times differ by more than they vary.
func (row *StartRow) Significant() bool {
	if row.New == nil || row.Base == nil {
		return true
	}
	return row.New.Clock.Apart(row.Base.Clock)
}

// Apart reports whether most measurements of s lie on one side of most of those of t.
func (s Spread) Apart(t Spread) bool { return s.Low > t.High || s.High < t.Low }

// Stages returns the rows of stages, in the order in which they happen.
func (r *StartReport) Stages() []*StartRow {
	return r.where(func(p *StartPart) bool { return p.Kind == PartStage })
}

// Packages returns the rows of packages, those that take longest first or, of two sets, those that have changed most.
func (r *StartReport) Packages() []*StartRow {
	return r.sorted(r.where(func(p *StartPart) bool { return p.Kind == PartPackage }))
}

// Inside returns the rows of what a package consists of, in the same order.
func (r *StartReport) Inside(pkg string) []*StartRow {
	return r.sorted(r.where(func(p *StartPart) bool { return p.Package == pkg && p.Kind != PartPackage && p.Kind != PartStage }))
}

func (r *StartReport) where(wanted func(*StartPart) bool) []*StartRow {
	var rows []*StartRow
	for _, row := range r.order {
		if wanted(row.Part()) {
			rows = append(rows, row)
		}
	}
	return rows
}

func (r *StartReport) sorted(rows []*StartRow) []*StartRow {
	slices.SortStableFunc(rows, func(a, b *StartRow) int { return cmp.Compare(r.weight(b.Clock()), r.weight(a.Clock())) })
	return rows
}

// weight is how much a row matters.
func (r *StartReport) weight(base, new int64) int64 {
	if r.Base == nil {
		return new
	}
	return max(base-new, new-base)
}

// A StartGroup is packages that belong together.
type StartGroup struct {
	Name      string
	Packages  int
	Base, New int64 // nanoseconds
}

// Groups returns modules and the standard library, in the same order.
func (r *StartReport) Groups() []*StartGroup {
	byName := map[string]*StartGroup{}
	var list []*StartGroup
	for _, row := range r.Packages() {
		name := row.Part().Group
		g := byName[name]
		if g == nil {
			g = &StartGroup{Name: name}
			byName[name] = g
			list = append(list, g)
		}
		base, new := row.Clock()
		g.Packages++
		g.Base += base
		g.New += new
	}
	slices.SortStableFunc(list, func(a, b *StartGroup) int { return cmp.Compare(r.weight(b.Base, b.New), r.weight(a.Base, a.New)) })
	return list
}

// TouchedSections returns what was touched of each section.
func (r *StartReport) TouchedSections() []Touched {
	return slices.DeleteFunc(slices.Clone(r.Touched), func(t Touched) bool { return t.Package != "" })
}

// TouchedPackages returns what was touched of each package, in all sections, the most first.
func (r *StartReport) TouchedPackages() []Touched {
	sums := map[string]*Touched{}
	for _, t := range r.Touched {
		if t.Package == "" {
			continue
		}
		s := sums[t.Package]
		if s == nil {
			s = &Touched{Set: t.Set, Package: t.Package}
			sums[t.Package] = s
		}
		s.Size += t.Size
		s.Bytes += t.Bytes
		s.Written += t.Written
	}
	var list []Touched
	for _, s := range sums {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Touched) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Package, b.Package))
	})
	return list
}

// Millis writes nanoseconds as milliseconds.
func Millis(nanos int64) string { return fmt.Sprintf("%.3f", float64(nanos)/1e6) }
