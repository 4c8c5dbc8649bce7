// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"io"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

var growth = finding.Growth{
	Set: finding.New, Profiles: 2, Duration: 10e9, CPU: 20e9, Samples: 2000,
	Growth: finding.Parts{Unwinding: 1000e6, Copying: 200e6, Allocating: 300e6, Deciding: 60e6}, GrowthSamples: 156,
	Shrinking: finding.Parts{Unwinding: 100e6}, Preemption: 50e6, Cut: 40e6,
}

func messages(base bool) []finding.Message {
	g := growth
	list := []finding.Message{
		{Config: &finding.Config{Protocol: finding.Protocol, Analysis: "growth"}},
		{Source: &finding.Source{Set: finding.New, Name: "fleet/heap.pprof", Problem: "it is a profile of inuse_space, not of CPU time", Skipped: true}},
		{Growth: &g},
		{Payer: &finding.Payer{Set: finding.New, By: finding.ByEntry, Name: "grpc.(*Server).serveStreams.func2", File: "/src/server.go", Line: 1035, Growth: finding.Parts{Unwinding: 1400e6}, Samples: 140, Reach: 16384}},
		{Payer: &finding.Payer{Set: finding.New, By: finding.ByEntry, Name: "runtime.bgsweep", File: "mgcsweep.go", Line: 278, System: true, Growth: finding.Parts{Unwinding: 160e6}, Samples: 16}},
		{Payer: &finding.Payer{Set: finding.New, By: finding.ByTrigger, Name: "fmt.Fprintf", Growth: finding.Parts{Unwinding: 1560e6}, Samples: 156}},
		{Verdict: &finding.Verdict{Sentences: []string{"Growth is 7.8% of CPU.", strings.Repeat("word ", 30)}}},
	}
	if base {
		b := finding.Growth{Set: finding.Base, Profiles: 1, Duration: 1e9, CPU: 1e9, Samples: 100, Growth: finding.Parts{Copying: 100e6}}
		list = append(list, finding.Message{Growth: &b},
			finding.Message{Payer: &finding.Payer{Set: finding.Base, By: finding.ByEntry, Name: "main.gone", Growth: finding.Parts{Copying: 100e6}}})
	}
	return list
}

func written(t *testing.T, top int, list []finding.Message) string {
	t.Helper()
	return writtenBy(t, New, top, list)
}

// writtenBy returns what a writer makes of the messages.
func writtenBy[W finding.Handler](t *testing.T, create func(io.Writer, int) W, top int, list []finding.Message) string {
	t.Helper()
	var b strings.Builder
	w := create(&b, top)
	for _, m := range list {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOneSet(t *testing.T) {
	got := written(t, 1, messages(false))
	const want = `2 profiles, 20.0s of CPU time in 10.0s, 2000 samples

Growth is 7.8% of CPU.
word word word word word word word word word word word word word word word word word word word word word word
  word word word word word word word word

  of CPU      time
    7.8%    1560ms  growth
    5.0%    1000ms    unwinding and adjusting
    1.0%     200ms    copying
    1.5%     300ms    allocating and freeing
    0.3%      60ms    deciding
    0.5%     100ms  shrinking, in garbage collection
    0.5%     100ms    unwinding and adjusting
    0.2%      50ms  preemption
    0.0%       0ms  stacks of goroutines that start and end
    0.2%      40ms  in stacks cut by the profiler, of any kind

Who pays, by entry of the goroutine
  of CPU of growth  samples     reach
    7.0%     89.7%      140    16 KiB  grpc.(*Server).serveStreams.func2  server.go:1035
         and 1 more; -top 0 shows all

Who pays, by function whose check asked for more stack
  of CPU of growth  samples     frame
    7.8%    100.0%      156         -  fmt.Fprintf

not counted: fleet/heap.pprof: it is a profile of inuse_space, not of CPU time
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTwoSets(t *testing.T) {
	got := written(t, 0, messages(true))
	for _, want := range []string{
		"\nagainst 1 profile, 1000ms of CPU time in 1000ms, 100 samples\n",
		"\n    base      new   change\n   10.0%     7.8%     -2.2  growth\n",
		"\n   10.0%     0.0%    -10.0  main.gone\n    0.0%     7.0%     +7.0  grpc.(*Server).serveStreams.func2  server.go:1035\n" +
			"    0.0%     0.8%     +0.8  runtime.bgsweep  mgcsweep.go:278  (the runtime's own)\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
