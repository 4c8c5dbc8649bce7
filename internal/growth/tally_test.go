// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"strings"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

// A builder makes CPU profiles as Go's profiler does: one sample is 10 ms.
type builder struct {
	p         *profile.Profile
	functions map[string]*profile.Function
}

const tick = int64(10 * time.Millisecond)

func newBuilder() *builder {
	return &builder{&profile.Profile{
		SampleType:    []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType:    &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Period:        tick,
		DurationNanos: int64(time.Second),
	}, map[string]*profile.Function{}}
}

// add adds n samples of a stack, leaf first, separated by spaces. A call that ends in "~" is inlined into the next.
func (b *builder) add(n int64, stack string) {
	s := &profile.Sample{Value: []int64{n, n * tick}}
	var lines []profile.Line
	for _, name := range strings.Fields(stack) {
		name, inlined := strings.CutSuffix(name, "~")
		f := b.function(name)
		lines = append(lines, profile.Line{Function: f, Line: f.StartLine + 1})
		if inlined {
			continue
		}
		loc := &profile.Location{ID: uint64(len(b.p.Location) + 1), Line: lines}
		b.p.Location = append(b.p.Location, loc)
		s.Location = append(s.Location, loc)
		lines = nil
	}
	b.p.Sample = append(b.p.Sample, s)
}

// function returns the function called name. Each starts ten lines below the one that was asked for before.
func (b *builder) function(name string) *profile.Function {
	f := b.functions[name]
	if f == nil {
		f = &profile.Function{ID: uint64(len(b.functions) + 1), Name: name, Filename: "/src/" + strings.Split(name, ".")[0] + ".go", StartLine: int64(10 * (len(b.functions) + 1))}
		b.functions[name] = f
		b.p.Function = append(b.p.Function, f)
	}
	return f
}

// busy is a profile of 1000 samples whose shares are known.
func busy(t *testing.T) *profile.Profile {
	b := newBuilder()
	b.add(50, "runtime.pcvalue runtime.(*unwinder).next runtime.copystack runtime.newstack main.dig main.dig main.serve")
	b.add(10, "runtime.memmove runtime.copystack runtime.newstack main.dig main.serve")
	b.add(15, "runtime.stackpoolalloc runtime.stackalloc runtime.copystack runtime.newstack main.leaf~ main.dig main.main.func1")
	b.add(5, "runtime.casgstatus runtime.newstack runtime.morestack main.dig main.main.func1")
	b.add(20, "runtime.schedule runtime.goschedImpl runtime.gopreempt_m runtime.newstack main.dig main.serve")
	b.add(10, "runtime.adjustframe runtime.copystack runtime.shrinkstack runtime.scanstack runtime.markroot runtime.gcDrain runtime.gcBgMarkWorker")
	b.add(7, "runtime.stackfree runtime.gfput runtime.gdestroy runtime.mcall")
	b.add(3, "runtime.asyncPreempt main.dig main.serve")
	b.add(880, "main.work main.serve")
	if err := b.p.CheckValid(); err != nil {
		t.Fatal(err)
	}
	return b.p
}

func tallyOf(t *testing.T, sizes Sizes, profiles ...*profile.Profile) *finding.Report {
	t.Helper()
	tally := NewTally(finding.New, sizes, false)
	for _, p := range profiles {
		if err := tally.Fold(p); err != nil {
			t.Fatal(err)
		}
	}
	return reportOf(tally)
}

func reportOf(tally *Tally) *finding.Report {
	var r finding.Report
	for _, m := range tally.Results() {
		r.Handle(m)
	}
	return &r
}

func TestKnownShares(t *testing.T) {
	g := tallyOf(t, nil, busy(t)).New
	want := finding.Growth{
		Set: finding.New, Profiles: 1, Duration: int64(time.Second), CPU: 1000 * tick, Samples: 1000,
		Growth:        finding.Parts{Unwinding: 50 * tick, Copying: 10 * tick, Allocating: 15 * tick, Deciding: 5 * tick},
		GrowthSamples: 80,
		Shrinking:     finding.Parts{Unwinding: 10 * tick},
		Preemption:    23 * tick,
		Turnover:      7 * tick,
		Expected:      finding.Expectation{Most: 85 * tick},
	}
	if *g != want {
		t.Errorf("got  %+v\nwant %+v", *g, want)
	}
}

// paid renders payers as "name samples".
func paid(r *finding.Report, by string) map[string]int64 {
	got := map[string]int64{}
	for _, row := range r.Rows(by) {
		got[row.New.Name] += row.New.Samples
	}
	return got
}

func TestPayers(t *testing.T) {
	for _, tt := range []struct {
		name           string
		stack          string
		entry, trigger string
	}{
		{"plain", "runtime.copystack runtime.newstack main.a main.b main.c", "main.c", "main.a"},
		{"morestack on the stack", "runtime.newstack runtime.morestack main.a main.c", "main.c", "main.a"},
		{"leaf morestack", "runtime.morestack_noctxt main.a main.c", "main.c", "main.a"},
		{"inlined trigger", "runtime.newstack main.in~ main.a main.c", "main.c", "main.a"},
		{"inlined runtime", "runtime.x~ runtime.copystack runtime.newstack main.a", "main.a", "main.a"},
		{"goexit kept", "runtime.newstack main.a main.c runtime.goexit", "main.c", "main.a"},
		{"WaitGroup.Go", "runtime.newstack main.a main.job sync.(*WaitGroup).Go.func1", "main.job", "main.a"},
		{"errgroup", "runtime.newstack main.a main.job golang.org/x/sync/errgroup.(*Group).Go.func1", "main.job", "main.a"},
		{"iter.Pull", "runtime.newstack main.seq iter.Pull[...].func1 runtime.corostart", "main.seq", "main.seq"},
		{"wrapper itself grows", "runtime.newstack sync.(*WaitGroup).Go.func1", "sync.(*WaitGroup).Go.func1", "sync.(*WaitGroup).Go.func1"},
		{"go wrapper", "runtime.newstack main.a main.serve main.main.gowrap2", "main.serve", "main.a"},
		{"main", "runtime.newstack main.a main.main runtime.main", "runtime.main", "main.a"},
		{"system", "runtime.newstack runtime.sweepone runtime.bgsweep", "runtime.bgsweep", "runtime.sweepone"},
		{"no goroutine", "runtime.copystack runtime.newstack", noGoroutine.name, noGoroutine.name},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBuilder()
			b.add(1, tt.stack)
			r := tallyOf(t, nil, b.p)
			if got := paid(r, finding.ByEntry); len(got) != 1 || got[tt.entry] != 1 {
				t.Errorf("by entry: %v, want %s", got, tt.entry)
			}
			if got := paid(r, finding.ByTrigger); len(got) != 1 || got[tt.trigger] != 1 {
				t.Errorf("by trigger: %v, want %s", got, tt.trigger)
			}
			if system := r.Rows(finding.ByEntry)[0].New.System; system != (tt.name == "system") {
				t.Errorf("system is %v", system)
			}
		})
	}
}

// TestGoWrapperPlace checks that the place of an entry started with arguments is the go statement's.
func TestGoWrapperPlace(t *testing.T) {
	b := newBuilder()
	b.add(1, "runtime.newstack main.serve main.main.gowrap2")
	p := tallyOf(t, nil, b.p).Rows(finding.ByEntry)[0].New
	if want := b.functions["main.main.gowrap2"].StartLine; p.Line != want {
		t.Errorf("line %d, want %d", p.Line, want)
	}
}

func TestCutStacks(t *testing.T) {
	deep := func(outermost string) string {
		return "runtime.copystack runtime.newstack" + strings.Repeat(" main.dig", maxStack-3) + " " + outermost
	}
	b := newBuilder()
	b.add(5, deep("main.route"))                                  // seen below one entry
	b.add(3, deep("main.shared"))                                 // seen below two
	b.add(2, deep("main.never"))                                  // not seen in whole stacks
	b.add(1, deep("runtime.main"))                                // an entry for sure: not cut
	b.add(4, deep("main.last")+" main.whole runtime.goexit")      // another profiler's: not cut
	b.add(1, strings.Replace(deep("main.x"), " main.dig", "", 1)) // one call short: not cut
	b.add(1, "main.route main.serve")
	b.add(1, "main.shared main.serve")
	b.add(1, "main.shared main.batch")
	r := tallyOf(t, nil, b.p)
	want := map[string]int64{"main.serve": 5, entryCut.name: 5, "runtime.main": 1, "main.whole": 4, "main.x": 1}
	got := paid(r, finding.ByEntry)
	for name, n := range want {
		if got[name] != n {
			t.Errorf("%s has %d samples, want %d", name, got[name], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("entries %v", got)
	}
	if g := r.New; g.CutSamples != 10 || g.Cut != 10*tick || g.CutGrowth != 10*tick || g.CutInferred != 5*tick {
		t.Errorf("cut: %d samples, %d, of growth %d, inferred %d", g.CutSamples, g.Cut, g.CutGrowth, g.CutInferred)
	}
}

func TestFrameSizes(t *testing.T) {
	frames := map[string]int64{"main.small": 64, "main.big": 7200, "main.serve": 100}
	sizes := func(name string) (int64, bool) {
		n, ok := frames[name]
		return n, ok
	}
	b := newBuilder()
	b.add(3, "runtime.copystack runtime.newstack main.small main.big main.serve")
	b.add(2, "runtime.copystack runtime.newstack main.small main.serve")
	b.add(1, "runtime.newstack main.unknown main.other")
	r := tallyOf(t, sizes, b.p)
	got := paid(r, finding.ByFrame)
	if got["main.big"] != 3 || got["main.serve"] != 2 || got[unsized.name] != 1 {
		t.Errorf("by frame: %v", got)
	}
	for _, row := range r.Rows(finding.ByEntry) {
		// 64+7200+100 bytes fit into 8 KiB, but not with the guard; main.other's stack can't be measured
		if want := map[string]int64{"main.serve": 16384, "main.other": 0}[row.New.Name]; row.New.Reach != want {
			t.Errorf("%s reaches %d, want %d", row.New.Name, row.New.Reach, want)
		}
	}
	if e := r.New.Expected; e.Most != 5*tick || e.Least != 3*tick {
		t.Errorf("expected %+v: the two samples of growth to 4 KiB are first moves", e)
	}
}

func TestNoCPUProfile(t *testing.T) {
	heap := &profile.Profile{SampleType: []*profile.ValueType{{Type: "alloc_space", Unit: "bytes"}}}
	negative := newBuilder()
	negative.add(-1, "main.a")
	for _, tt := range []struct {
		p    *profile.Profile
		want string
	}{
		{heap, "a profile of alloc_space, not of CPU time"},
		{negative.p, "negative values"},
	} {
		tally := NewTally(finding.New, nil, false)
		if err := tally.Fold(tt.p); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want one with %q", err, tt.want)
		}
		if tally.total.Profiles != 0 || tally.total.Samples != 0 {
			t.Errorf("something was counted: %+v", tally.total)
		}
	}
}

func TestSamplesOnly(t *testing.T) {
	p := busy(t)
	p.SampleType = p.SampleType[:1]
	for _, s := range p.Sample {
		s.Value = s.Value[:1]
	}
	if g := tallyOf(t, nil, p).New; g.CPU != 1000*tick || g.Samples != 1000 {
		t.Errorf("CPU %d, samples %d", g.CPU, g.Samples)
	}
}
