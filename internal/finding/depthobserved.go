// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import "slices"

// An Observed is how deep goroutines got that started with one function at one go statement, beside what was said of them before.
type Observed struct {
	Func    string   `json:"func"` // their first function, in the binary
	Names   []string `json:"names,omitempty"`
	Site    Site     `json:"site"`
	System  bool     `json:"system,omitempty"` // the runtime's own
	Started int64    `json:"started"`
	Bytes   int64    `json:"bytes"`             // of stack that one of them used at most: what a preemption put there counts
	Deepest int64    `json:"deepest,omitempty"` // bytes at the deepest call that was recorded, of all goroutines with that first function
	Bound   int64    `json:"bound"`             // the largest of all entries with that first function
	Status  Status   `json:"status,omitempty"`  // the weakest of all those; "" if there is no such entry
	// Violation is for goroutines that got deeper than a bound allows, or that no entry is known for: an error of the analysis.
	Violation bool `json:"violation,omitempty"`
	// Assertions are those of the user's that the bound rests on: one of them may be what is wrong.
	Assertions []Assertion `json:"assertions,omitempty"`
	// Broken is what was seen on a stack that an assertion rules out, or without assertions what the analysis has otherwise. Nothing is said
	// then of bytes.
	Broken string `json:"broken,omitempty"`
}

// ObservedFrames is how the deepest stacks of a program that were seen compare, call by call, with the binary's table and the graph of calls.
// What differs is an Observed.
type ObservedFrames struct {
	Stacks int64 `json:"stacks"`
	Lost   int64 `json:"lost,omitempty"` // kinds of goroutines with stacks that there was no room for
	// Frames whose height, as frame pointers tell, was compared with the table; in Same of them it is as predicted.
	Frames    int64       `json:"frames"`
	Same      int64       `json:"same"`
	Unchecked []Unchecked `json:"unchecked,omitempty"`
	// Calls are those on the stacks. All but Beyond were looked up in the graph, and were there unless an Observed says otherwise: those are below
	// a call whose targets are not known, or below one that is missing.
	Calls  int64 `json:"calls"`
	Beyond int64 `json:"beyond,omitempty"`
}

// Unchecked is how many frames could not be compared for one reason.
type Unchecked struct {
	Why    string `json:"why"`
	Frames int64  `json:"frames"`
}

// Bounded reports whether the bound is one.
func (o *Observed) Bounded() bool { return o.Status == Exact || o.Status == UpperBound }

// ObservedReport is a stream of findings on observed goroutines, of any number of programs. Its Handle collects.
type ObservedReport struct {
	Programs []Program
	Observed []*Observed
	Frames   ObservedFrames // of all programs
	of       []int          // number of the program, for each of Observed
}

// Handle collects m.
func (r *ObservedReport) Handle(m Message) error {
	switch {
	case m.Program != nil:
		r.Programs = append(r.Programs, *m.Program)
	case m.Observed != nil:
		r.Observed = append(r.Observed, m.Observed)
		r.of = append(r.of, len(r.Programs)-1)
	case m.ObservedFrames != nil:
		r.Frames.add(m.ObservedFrames)
	}
	return nil
}

func (f *ObservedFrames) add(g *ObservedFrames) {
	f.Stacks, f.Lost = f.Stacks+g.Stacks, f.Lost+g.Lost
	f.Frames, f.Same = f.Frames+g.Frames, f.Same+g.Same
	f.Calls, f.Beyond = f.Calls+g.Calls, f.Beyond+g.Beyond
	for _, u := range g.Unchecked {
		i := slices.IndexFunc(f.Unchecked, func(v Unchecked) bool { return v.Why == u.Why })
		if i < 0 {
			i = len(f.Unchecked)
			f.Unchecked = append(f.Unchecked, Unchecked{Why: u.Why})
		}
		f.Unchecked[i].Frames += u.Frames
	}
}

// Program returns the program that Observed number i is of.
func (r *ObservedReport) Program(i int) Program {
	if r.of[i] < 0 {
		return Program{}
	}
	return r.Programs[r.of[i]]
}

// Bounded returns how many of the observed had a bound, and how many violate it, or are not known at all.
func (r *ObservedReport) Bounded() (bounded, violations int) {
	for _, o := range r.Observed {
		if o.Bounded() {
			bounded++
		}
		if o.Violation {
			violations++
		}
	}
	return bounded, violations
}

// Ratio returns the median of bound ÷ observed over those with a bound that are not the runtime's own, 0 if there are none.
func (r *ObservedReport) Ratio() float64 {
	var ratios []float64
	for _, o := range r.Observed {
		if o.Bounded() && !o.System {
			ratios = append(ratios, float64(o.Bound)/float64(o.Bytes))
		}
	}
	if len(ratios) == 0 {
		return 0
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}
