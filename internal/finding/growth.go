// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import "math"

// Parts is CPU time in stack growth (or in shrinking) by what it is spent on, in nanoseconds.
type Parts struct {
	Unwinding  int64 `json:"unwinding,omitempty"`  // walking the frames and adjusting pointers in them
	Copying    int64 `json:"copying,omitempty"`    // moving the bytes
	Allocating int64 `json:"allocating,omitempty"` // getting the new stack and freeing the old one
	InPlace    int64 `json:"in_place,omitempty"`   // growing inside of a slot; spade's runtime only
	Deciding   int64 `json:"deciding,omitempty"`   // entering and leaving: morestack, newstack itself
}

// Total is the sum of the parts.
func (p Parts) Total() int64 {
	return Sum(p.Unwinding, p.Copying, p.Allocating, p.InPlace, p.Deciding)
}

// Plus is the sum part by part.
func (p Parts) Plus(q Parts) Parts {
	return Parts{
		Unwinding:  Sum(p.Unwinding, q.Unwinding),
		Copying:    Sum(p.Copying, q.Copying),
		Allocating: Sum(p.Allocating, q.Allocating),
		InPlace:    Sum(p.InPlace, q.InPlace),
		Deciding:   Sum(p.Deciding, q.Deciding),
	}
}

// Sum adds numbers that are not negative. It stays at the largest int64 instead of overflowing.
func Sum(numbers ...int64) int64 {
	var total int64
	for _, n := range numbers {
		if n > math.MaxInt64-total {
			return math.MaxInt64
		}
		total += n
	}
	return total
}

// Growth is what the CPU profiles of one set say in all. Times are CPU time in nanoseconds. Growth, Shrinking, Preemption and
// Turnover don't overlap.
type Growth struct {
	Set      string `json:"set"`
	Profiles int64  `json:"profiles"`
	Duration int64  `json:"duration"` // wall-clock time that was profiled, nanoseconds
	CPU      int64  `json:"cpu"`
	Samples  int64  `json:"samples"`

	Growth        Parts `json:"growth"`
	GrowthSamples int64 `json:"growth_samples"`
	Shrinking     Parts `json:"shrinking"`  // by the garbage collector, or at a preemption that it asked for
	Preemption    int64 `json:"preemption"` // newstack serves it too
	Turnover      int64 `json:"turnover"`   // stacks allocated and freed as goroutines start and end

	Cut          int64 `json:"cut"`           // in samples whose stack is cut, so that the entry can't be seen
	CutSamples   int64 `json:"cut_samples"`   // how many those are
	CutGrowth    int64 `json:"cut_growth"`    // part of Growth
	CutInferred  int64 `json:"cut_inferred"`  // part of CutGrowth whose entry is known all the same
	Unnamed      int64 `json:"unnamed"`       // in samples none of whose frames has a function name
	FoldedStacks int64 `json:"folded_stacks"` // samples whose full stack was not kept

	OnSpade bool `json:"on_spade,omitempty"` // functions of spade's runtime were seen
	Sized   bool `json:"sized,omitempty"`    // frame sizes are known from a binary

	Expected Expectation `json:"expected"`
}

// Share is the part of the CPU time that went into growth, from 0 to 1.
func (g *Growth) Share() float64 { return Ratio(g.Growth.Total(), g.CPU) }

// Doubt is half of the 95% interval around Share that the number of samples gives, or 1 if there are none. It takes the samples
// for independent, so it is a lower bound of the doubt.
func (g *Growth) Doubt() float64 {
	if g.Samples <= 0 {
		return 1
	}
	p := Ratio(g.GrowthSamples, g.Samples)
	return 1.96 * math.Sqrt(p*(1-p)/float64(g.Samples))
}

// Ratio is part/whole, or 0 if whole is 0.
func Ratio(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Differ reports whether the shares of growth in two sets differ by more than chance explains, at 95%: a test of two
// proportions on the numbers of samples.
func Differ(a, b *Growth) bool {
	n, m := float64(a.Samples), float64(b.Samples)
	if n <= 0 || m <= 0 {
		return false
	}
	p, q := float64(a.GrowthSamples)/n, float64(b.GrowthSamples)/m
	pooled := float64(a.GrowthSamples+b.GrowthSamples) / (n + m)
	spread := math.Sqrt(pooled * (1 - pooled) * (1/n + 1/m))
	return spread > 0 && math.Abs(p-q) > 1.96*spread
}

// An Expectation is what growing in place would save: CPU time in nanoseconds of the set that it belongs to.
type Expectation struct {
	Most  int64 `json:"most"`            // all that copying stacks costs, growing and shrinking
	Least int64 `json:"least,omitempty"` // the same, if every goroutine still moves once; only if frame sizes are known
}

// By says what a Payer is.
const (
	ByEntry   = "entry"   // the function that the goroutine started with
	ByTrigger = "trigger" // the function whose check found too little stack
	ByFrame   = "frame"   // the function with the largest frame on the stack
)

// A Payer is a function that growth is charged to. The payers of one kind in one set add up to the set's Growth, up to stacks of which
// nothing is known.
type Payer struct {
	Set     string `json:"set"`
	By      string `json:"by"`
	Name    string `json:"name"`
	File    string `json:"file,omitempty"`
	Line    int64  `json:"line,omitempty"`   // where the function starts; of a function literal in a go statement: that statement
	System  bool   `json:"system,omitempty"` // a goroutine of the runtime's
	Growth  Parts  `json:"growth"`
	Samples int64  `json:"samples"`
	CPU     int64  `json:"cpu,omitempty"`   // entries: all CPU time of those goroutines, where the entry can be seen
	Frame   int64  `json:"frame,omitempty"` // bytes of the function's frame, if known
	Reach   int64  `json:"reach,omitempty"` // entries: largest stack that a growth seen here led to, in bytes, if frame sizes are known
}

// A Stack is one call stack at which growth was seen.
type Stack struct {
	Set     string  `json:"set"`
	Part    string  `json:"part"` // JSON name of the field of Parts
	Entry   string  `json:"entry"`
	Trigger string  `json:"trigger"`
	Frame   string  `json:"frame,omitempty"` // function with the largest frame
	Nanos   int64   `json:"nanos"`
	Samples int64   `json:"samples"`
	Frames  []Frame `json:"frames"` // leaf first
}

// A Frame is one line of a call stack.
type Frame struct {
	Func    string `json:"func"`
	File    string `json:"file,omitempty"`
	Line    int64  `json:"line,omitempty"`
	Start   int64  `json:"start,omitempty"`   // line where the function starts
	Inlined bool   `json:"inlined,omitempty"` // into the next frame
}
