// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package growth reads CPU profiles of Go programs and finds who pays for stack growth.
//
// The profiler samples call stacks. A sample is growth if it has runtime.newstack in it (the runtime unwinds from there to the
// function whose check found too little stack), unless newstack was entered to preempt the goroutine or to shrink its
// stack. Profiles are folded into a Tally one after the other and dropped; a Tally grows with the number of functions that
// were seen, not with the number of profiles.
package growth

import "github.com/google/pprof/profile"

// A call is one line of a sample's call stack: a function, or a function inlined into the next one.
type call struct {
	name, file  string
	line, start int64
	inlined     bool
}

// callsOf returns the call stack of s, leaf first, in buf if that is large enough. Frames without a function are left out.
// runtime.goexit, which Go's own profiler does not show, is left out as well; where it is the last, the stack is whole.
func callsOf(s *profile.Sample, buf []call) (calls []call, whole bool) {
	calls = buf[:0]
	for _, loc := range s.Location {
		if loc == nil {
			continue
		}
		for i, line := range loc.Line {
			f := line.Function
			if f == nil || f.Name == "" {
				continue
			}
			if whole = f.Name == "runtime.goexit" || f.Name == "runtime.goexit.abi0"; whole {
				continue
			}
			calls = append(calls, call{f.Name, f.Filename, line.Line, f.StartLine, i < len(loc.Line)-1})
		}
	}
	return calls, whole
}

// A kind says what the runtime does with a goroutine's stack in a sample.
type kind int

const (
	elsewhere kind = iota
	growing
	shrinking
	preempting
	turnover // a stack is allocated or freed with its goroutine
)

// kindOf classifies a call stack. at is the index of the call that decided it; what is below at is what it is busy with.
func kindOf(calls []call) (k kind, at int) {
	allocates := -1
	for i := range calls {
		switch duties[calls[i].name] {
		case grows:
			return growing, i
		case shrinks:
			return shrinking, i
		case preempts:
			return preempting, i
		case allocating:
			allocates = i
		}
	}
	if allocates >= 0 {
		return turnover, allocates
	}
	return elsewhere, 0
}

// A part is what time in growth or shrinking is spent on.
type part int

const (
	deciding part = iota
	unwindingPart
	copyingPart
	allocatingPart
	inPlacePart
)

// partNames are the JSON names of the fields of finding.Parts.
var partNames = [...]string{"deciding", "unwinding", "copying", "allocating", "in_place"}

// partOf says what the calls below newstack or shrinkstack, leaf first, are busy with.
func partOf(below []call) part {
	p := deciding
	for i := range below {
		switch duties[below[i].name] {
		case allocating:
			return allocatingPart
		case moves:
			return copyingPart
		case inSlot:
			return inPlacePart
		case unwinds:
			p = unwindingPart
		}
	}
	return p
}
