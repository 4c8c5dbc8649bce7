// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

// maxStack is where Go's CPU profiler cuts call stacks, in calls.
const maxStack = 64

// A function is who can be charged: a name and where the function starts.
type function struct {
	name, file string
	line       int64
}

var (
	noGoroutine = function{name: "(no goroutine on the stack)"}
	entryCut    = function{name: "(entry not seen: the profiler cut the stack at 64 frames)"}
	unsized     = function{name: "(no function of known frame size)"}
	several     = function{} // in Tally.under: seen under more than one entry
)

// A charge is what one function pays, in nanoseconds of CPU and in samples.
type charge struct {
	parts   finding.Parts
	samples int64
	cpu     int64
	reach   int64
	frame   int64 // as another Tally said
}

// A Tally adds CPU profiles up. Its size depends on how many functions were seen, and on maxKept.
type Tally struct {
	total finding.Growth

	entries  map[function]*charge
	triggers map[function]*charge
	frames   map[function]*charge
	cut      map[function]*charge // growth in stacks that are cut, by the outermost function that is left

	under map[function]function // what was seen in whole stacks, with its one entry, or several

	replayedInferred int64 // total.CutInferred as other tallies said

	first int64 // growth out of the smallest stack, nanoseconds; needs sizes

	sizes  Sizes
	stacks *stackStore // nil unless stacks are wanted
}

// Sizes tells the bytes of a function's frame, including the return address, and whether they are known.
type Sizes func(name string) (bytes int64, known bool)

// NewTally returns an empty Tally. sizes may be nil. If keepStacks is set, the call stacks of growth are kept.
func NewTally(set string, sizes Sizes, keepStacks bool) *Tally {
	t := &Tally{
		total:   finding.Growth{Set: set, Sized: sizes != nil},
		entries: map[function]*charge{}, triggers: map[function]*charge{}, frames: map[function]*charge{},
		cut: map[function]*charge{}, under: map[function]function{}, sizes: sizes,
	}
	if keepStacks {
		t.stacks = newStackStore()
	}
	return t
}

// errNotCPU is for a profile of something else.
type errNotCPU struct{ types []string }

func (e *errNotCPU) Error() string {
	return fmt.Sprintf("it is a profile of %s, not of CPU time", strings.Join(e.types, ", "))
}

var errNegative = errors.New("it has negative values, as a difference of profiles has: give the profiles themselves, one of them with -base")

// cpuValue finds what the values of a CPU profile mean: the index of the one to use and the nanoseconds of one unit of it.
func cpuValue(p *profile.Profile) (index int, nanos int64, err error) {
	for i, t := range p.SampleType {
		if t.Type == "cpu" && t.Unit == "nanoseconds" {
			return i, 1, nil
		}
	}
	if period := p.PeriodType; period != nil && period.Type == "cpu" && period.Unit == "nanoseconds" && p.Period > 0 {
		for i, t := range p.SampleType {
			if t.Unit == "count" {
				return i, p.Period, nil
			}
		}
	}
	var types []string
	for _, t := range p.SampleType {
		types = append(types, t.Type)
	}
	return 0, 0, &errNotCPU{types}
}

// Fold adds the profile p, which must have passed its CheckValid. On an error nothing was added.
func (t *Tally) Fold(p *profile.Profile) error {
	index, unit, err := cpuValue(p)
	if err != nil {
		return err
	}
	count := -1 // index of the number of samples
	for i, st := range p.SampleType {
		if st.Unit == "count" {
			count = i
		}
	}
	for _, s := range p.Sample {
		if s.Value[index] < 0 || count >= 0 && s.Value[count] < 0 {
			return errNegative
		}
	}
	t.total.Profiles++
	t.total.Duration = finding.Sum(t.total.Duration, max(0, p.DurationNanos))
	buf := make([]call, 0, maxStack)
	for _, s := range p.Sample {
		w := weight{nanos: scale(s.Value[index], unit), samples: 1}
		if count >= 0 {
			w.samples = s.Value[count]
		} else if p.Period > 0 {
			w.samples = s.Value[index] / p.Period
		}
		calls, whole := callsOf(s, buf)
		t.fold(calls, whole, w)
		buf = calls
	}
	return nil
}

// A weight is what one entry of a profile stands for.
type weight struct{ nanos, samples int64 }

// scale multiplies numbers that are not negative, staying at the largest int64.
func scale(n, unit int64) int64 {
	hi, lo := bits.Mul64(uint64(n), uint64(unit))
	if hi > 0 || lo > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(lo)
}

// fold adds one call stack. whole says that it is known not to be cut.
func (t *Tally) fold(calls []call, whole bool, w weight) {
	t.total.CPU = finding.Sum(t.total.CPU, w.nanos)
	t.total.Samples = finding.Sum(t.total.Samples, w.samples)
	if len(calls) == 0 {
		t.total.Unnamed = finding.Sum(t.total.Unnamed, w.nanos)
		return
	}
	if !t.total.OnSpade {
		for i := range calls {
			t.total.OnSpade = t.total.OnSpade || onSpade(calls[i].name)
		}
	}
	isCut := !whole && len(calls) >= maxStack && calls[len(calls)-1].name != "runtime.main"
	if isCut {
		t.total.Cut = finding.Sum(t.total.Cut, w.nanos)
		t.total.CutSamples = finding.Sum(t.total.CutSamples, w.samples)
	}
	entry := noGoroutine
	if !isOffGoroutine(calls[len(calls)-1].name) {
		entry = entryOf(calls)
	}
	if !isCut && entry != noGoroutine {
		c := charged(t.entries, entry)
		c.cpu = finding.Sum(c.cpu, w.nanos)
		t.remember(calls, entry)
	}
	k, at := kindOf(calls)
	switch k {
	case growing:
		t.foldGrowth(calls, at, entry, isCut, w)
	case shrinking:
		t.total.Shrinking = t.total.Shrinking.Plus(partsOf(partOf(calls[:at]), w.nanos))
	case preempting:
		t.total.Preemption = finding.Sum(t.total.Preemption, w.nanos)
	case turnover:
		t.total.Turnover = finding.Sum(t.total.Turnover, w.nanos)
	}
}

// foldGrowth charges a sample of growth. calls[at] is the innermost of newstack and morestack.
func (t *Tally) foldGrowth(calls []call, at int, entry function, isCut bool, w weight) {
	p := partOf(calls[:at])
	parts := partsOf(p, w.nanos)
	t.total.Growth = t.total.Growth.Plus(parts)
	t.total.GrowthSamples = finding.Sum(t.total.GrowthSamples, w.samples)

	stack := calls[at:]
	for len(stack) > 0 && (duties[stack[0].name] == grows || stack[0].inlined) {
		stack = stack[1:] // a check belongs to the function that others are inlined into
	}
	trigger, largest := noGoroutine, unsized
	if len(stack) > 0 {
		trigger = function{stack[0].name, stack[0].file, stack[0].start}
	}
	m := t.measure(stack)
	if m.largest >= 0 {
		c := stack[m.largest]
		largest = function{c.name, c.file, c.start}
	}
	payer := charged(t.entries, entry)
	if isCut {
		entry = function{calls[len(calls)-1].name, calls[len(calls)-1].file, calls[len(calls)-1].start}
		payer = charged(t.cut, entry)
		t.total.CutGrowth = finding.Sum(t.total.CutGrowth, w.nanos)
		entry = entryCut
	} else if m.reach > 0 {
		payer.reach = max(payer.reach, m.reach)
		if m.reach <= 2*smallestStack && p != inPlacePart && p != deciding {
			t.first = finding.Sum(t.first, w.nanos)
		}
	}
	payer.add(parts, w.samples)
	charged(t.triggers, trigger).add(parts, w.samples)
	if t.sizes != nil {
		charged(t.frames, largest).add(parts, w.samples)
	}
	if t.stacks != nil {
		t.stacks.add(calls, stackLabels{p, entry, trigger, largest}, w)
	}
}

// remember notes for each function of a whole stack under which entry it was seen.
func (t *Tally) remember(calls []call, entry function) {
	for i := range calls {
		f := function{calls[i].name, calls[i].file, calls[i].start}
		switch was, seen := t.under[f]; {
		case !seen:
			t.under[f] = entry
		case was != entry && was != several:
			t.under[f] = several
		}
	}
}

func charged(m map[function]*charge, f function) *charge {
	c := m[f]
	if c == nil {
		c = &charge{}
		m[f] = c
	}
	return c
}

func (c *charge) add(parts finding.Parts, samples int64) {
	c.parts = c.parts.Plus(parts)
	c.samples = finding.Sum(c.samples, samples)
}

func partsOf(p part, nanos int64) (parts finding.Parts) {
	switch p {
	case unwindingPart:
		parts.Unwinding = nanos
	case copyingPart:
		parts.Copying = nanos
	case allocatingPart:
		parts.Allocating = nanos
	case inPlacePart:
		parts.InPlace = nanos
	default:
		parts.Deciding = nanos
	}
	return parts
}
