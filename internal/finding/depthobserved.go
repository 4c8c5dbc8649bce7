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
	Bytes   int64    `json:"bytes"`            // of stack that one of them used at most
	Bound   int64    `json:"bound"`            // the largest of all entries with that first function
	Status  Status   `json:"status,omitempty"` // the weakest of all those; "" if there is no such entry
	// Violation is for goroutines that got deeper than a bound allows, or that no entry is known for: an error of the analysis.
	Violation bool `json:"violation,omitempty"`
	// Assertions are those of the user's that the bound rests on: one of them may be what is wrong.
	Assertions []Assertion `json:"assertions,omitempty"`
	// Broken is what was seen on a stack that an assertion rules out. Nothing is said then of bytes.
	Broken string `json:"broken,omitempty"`
}

// Bounded reports whether the bound is one.
func (o *Observed) Bounded() bool { return o.Status == Exact || o.Status == UpperBound }

// ObservedReport is a stream of findings on observed goroutines, of any number of programs. Its Handle collects.
type ObservedReport struct {
	Programs []Program
	Observed []*Observed
	of       []int // number of the program, for each of Observed
}

// Handle collects m.
func (r *ObservedReport) Handle(m Message) error {
	switch {
	case m.Program != nil:
		r.Programs = append(r.Programs, *m.Program)
	case m.Observed != nil:
		r.Observed = append(r.Observed, m.Observed)
		r.of = append(r.of, len(r.Programs)-1)
	}
	return nil
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
