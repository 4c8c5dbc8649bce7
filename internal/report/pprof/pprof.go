// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package pprof writes the call stacks of growth as a pprof profile, for go tool pprof.
package pprof

import (
	"encoding/binary"
	"io"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

// A Writer is a finding.Handler that collects the stacks of the new set and writes the profile when flushed.
type Writer struct {
	out       io.Writer
	profile   *profile.Profile
	functions map[profile.Function]*profile.Function // keyed by all but ID
	locations map[string]*profile.Location
}

// New returns a Writer to w.
func New(w io.Writer) *Writer {
	return &Writer{
		out: w,
		profile: &profile.Profile{
			SampleType:        []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "growth", Unit: "nanoseconds"}},
			DefaultSampleType: "growth",
			PeriodType:        &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
			Comments:          []string{"CPU time in the growth of goroutine stacks, by spade growth"},
		},
		functions: map[profile.Function]*profile.Function{},
		locations: map[string]*profile.Location{},
	}
}

// Handle adds a stack of the new set, and takes the time profiled from its total.
func (w *Writer) Handle(m finding.Message) error {
	switch {
	case m.Growth != nil && m.Growth.Set == finding.New:
		w.profile.DurationNanos = m.Growth.Duration
		if m.Growth.Samples > 0 {
			w.profile.Period = m.Growth.CPU / m.Growth.Samples
		}
	case m.Stack != nil && m.Stack.Set == finding.New:
		w.add(m.Stack)
	}
	return nil
}

// Flush writes the profile, compressed.
func (w *Writer) Flush() error {
	if err := w.profile.CheckValid(); err != nil {
		return err
	}
	return w.profile.Write(w.out)
}

func (w *Writer) add(st *finding.Stack) {
	labels := map[string][]string{"part": {st.Part}, "entry": {st.Entry}, "trigger": {st.Trigger}}
	if st.Frame != "" {
		labels["frame"] = []string{st.Frame}
	}
	w.profile.Sample = append(w.profile.Sample, &profile.Sample{
		Location: w.stack(st.Frames), Value: []int64{st.Samples, st.Nanos}, Label: labels,
	})
}

// stack returns the locations of frames: a location is a frame with those inlined into it.
func (w *Writer) stack(frames []finding.Frame) []*profile.Location {
	var locations []*profile.Location
	start := 0
	for i, f := range frames {
		if f.Inlined && i < len(frames)-1 {
			continue
		}
		locations = append(locations, w.location(frames[start:i+1]))
		start = i + 1
	}
	return locations
}

func (w *Writer) location(frames []finding.Frame) *profile.Location {
	var lines []profile.Line
	var key []byte
	for _, f := range frames {
		fn := w.function(f)
		lines = append(lines, profile.Line{Function: fn, Line: f.Line})
		key = binary.AppendVarint(binary.AppendUvarint(key, fn.ID), f.Line)
	}
	loc := w.locations[string(key)]
	if loc == nil {
		loc = &profile.Location{ID: uint64(len(w.profile.Location) + 1), Line: lines}
		w.locations[string(key)] = loc
		w.profile.Location = append(w.profile.Location, loc)
	}
	return loc
}

func (w *Writer) function(f finding.Frame) *profile.Function {
	key := profile.Function{Name: f.Func, SystemName: f.Func, Filename: f.File, StartLine: f.Start}
	fn := w.functions[key]
	if fn == nil {
		copied := key
		fn = &copied
		fn.ID = uint64(len(w.profile.Function) + 1)
		w.functions[key] = fn
		w.profile.Function = append(w.profile.Function, fn)
	}
	return fn
}
