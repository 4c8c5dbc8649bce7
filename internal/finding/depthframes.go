// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"cmp"
	"slices"
)

// A FrameSize is the frame of one function, and what the source lets expect of it.
type FrameSize struct {
	Func     string `json:"func"`
	At       Site   `json:"at"`
	Bytes    int64  `json:"bytes"`    // from the stack pointer's place on entry to the lowest one, in the binary
	Estimate int64  `json:"estimate"` // the sizes of what the function's SSA form allocates, added up
}

// Error is by how much the estimate is too large.
func (f *FrameSize) Error() int64 { return f.Estimate - f.Bytes }

// FramesReport is a stream of findings on frames. Its Handle collects; writers that show tables embed it.
type FramesReport struct {
	Program Program
	Frames  []*FrameSize
}

// Handle collects m.
func (r *FramesReport) Handle(m Message) error {
	switch {
	case m.Program != nil:
		r.Program = *m.Program
	case m.FrameSize != nil:
		r.Frames = append(r.Frames, m.FrameSize)
	}
	return nil
}

// Errors returns the estimates' errors, from the most that is missing to the most that is too much.
func (r *FramesReport) Errors() []int64 {
	var errors []int64
	for _, f := range r.Frames {
		errors = append(errors, f.Error())
	}
	slices.Sort(errors)
	return errors
}

// Within returns the share of functions whose estimate is off by no more than a part of the frame.
func (r *FramesReport) Within(part float64) float64 {
	n := 0
	for _, f := range r.Frames {
		if off := float64(f.Error()); max(off, -off) <= part*float64(f.Bytes) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(r.Frames)))
}

// Worst returns the frames, those first whose estimate is off by most bytes.
func (r *FramesReport) Worst() []*FrameSize {
	frames := slices.Clone(r.Frames)
	slices.SortStableFunc(frames, func(a, b *FrameSize) int {
		x, y := a.Error(), b.Error()
		return cmp.Or(cmp.Compare(max(y, -y), max(x, -x)), cmp.Compare(a.Func, b.Func))
	})
	return frames
}
