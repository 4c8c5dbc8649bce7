// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pprof

import (
	"io"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

// A StartWriter is a finding.Handler that writes the parts of a program's start as a profile when flushed. A part's stack is the imports that
// lead from the main package to its own.
type StartWriter struct {
	out       io.Writer
	profile   *profile.Profile
	locations map[place]*profile.Location
	imports   map[string][]*profile.Location // by package, its own first
}

// A place is a function, or a package.
type place struct {
	name string
	at   finding.Site
}

// NewStart returns a StartWriter to w.
func NewStart(w io.Writer) *StartWriter {
	return &StartWriter{
		out: w,
		profile: &profile.Profile{
			SampleType: []*profile.ValueType{
				{Type: "clock", Unit: "nanoseconds"}, {Type: "cpu", Unit: "nanoseconds"}, {Type: "alloc_space", Unit: "bytes"},
				{Type: "alloc_objects", Unit: "count"}, {Type: "faults", Unit: "count"},
			},
			DefaultSampleType: "clock",
			Comments:          []string{"From exec to main.main, by spade start"},
		},
		locations: map[place]*profile.Location{},
		imports:   map[string][]*profile.Location{},
	}
}

// Handle adds a part of the new set. A package comes before what it consists of.
func (w *StartWriter) Handle(m finding.Message) error {
	if m.Start != nil && m.Start.Set == finding.New {
		w.profile.DurationNanos = m.Start.Total.Mean
	}
	p := m.StartPart
	if p == nil || p.Set != finding.New {
		return nil
	}
	if p.Kind == finding.PartPackage {
		w.addImports(p)
		return nil
	}
	name := p.Name
	if p.Package != "" {
		name = p.Package + "." + name
	}
	w.profile.Sample = append(w.profile.Sample, &profile.Sample{
		Location: append([]*profile.Location{w.location(place{name, p.Place})}, w.imports[p.Package]...),
		Value:    []int64{p.Clock.Mean, p.CPU, p.Bytes, p.Allocs, p.Faults},
	})
	return nil
}

func (w *StartWriter) addImports(p *finding.StartPart) {
	chain := p.Chain
	if len(chain) == 0 {
		chain = []string{p.Name}
	}
	for i := len(chain) - 1; i >= 0; i-- {
		w.imports[p.Package] = append(w.imports[p.Package], w.location(place{name: chain[i]}))
	}
}

func (w *StartWriter) location(p place) *profile.Location {
	if known := w.locations[p]; known != nil {
		return known
	}
	id := uint64(len(w.locations) + 1)
	f := &profile.Function{ID: id, Name: p.name, SystemName: p.name, Filename: p.at.File, StartLine: p.at.Line}
	l := &profile.Location{ID: id, Line: []profile.Line{{Function: f, Line: p.at.Line}}}
	w.profile.Function = append(w.profile.Function, f)
	w.profile.Location = append(w.profile.Location, l)
	w.locations[p] = l
	return l
}

// Flush writes the profile, compressed.
func (w *StartWriter) Flush() error {
	if err := w.profile.CheckValid(); err != nil {
		return err
	}
	return w.profile.Write(w.out)
}
