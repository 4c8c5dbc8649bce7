// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func TestObserved(t *testing.T) {
	const want = `Programs: 1. Kinds of goroutines that were observed, by first function and go statement: 5. With a bound: 3.
  Above it, or not foreseen: 2.
Median of bound ÷ observed, without the runtime's own: 1.25.

 observed     bound status       entry
      500         0 not foreseen  main.unknown  m/main.go:9 (example.com/m)  <- an error of the analysis
     1200      1000 upper bound  main.above  m/main.go:9 (example.com/m)  <- an error of the analysis
      800      1000 exact        main.gowrap1  m/main.go:9 (example.com/m), for main.near
          and 2 more; -top 0 shows all
`
	var b strings.Builder
	w := NewObserved(&b, 3)
	site := finding.Site{File: "/src/m/main.go", Line: 9}
	for _, m := range []finding.Message{
		depthMessages[0],
		{Observed: &finding.Observed{Func: "main.far", Site: site, Bytes: 100, Bound: 1000, Status: finding.Exact, Names: []string{"main.far"}}},
		{Observed: &finding.Observed{Func: "main.gowrap1", Site: site, Bytes: 800, Bound: 1000, Status: finding.Exact, Names: []string{"main.near"}}},
		{Observed: &finding.Observed{Func: "main.cycle", Site: site, Bytes: 9000, Bound: 1000, Status: finding.Unbounded}},
		{Observed: &finding.Observed{Func: "main.above", Site: site, Bytes: 1200, Bound: 1000, Status: finding.UpperBound, Violation: true}},
		{Observed: &finding.Observed{Func: "main.unknown", Site: site, Bytes: 500, Violation: true}},
	} {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Write(); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestObservedFrames: what was compared call by call, of all programs, and what was not as predicted.
func TestObservedFrames(t *testing.T) {
	const want = `Programs: 1. Kinds of goroutines that were observed, by first function and go statement: 0. With a bound: 0.
  Above it, or not foreseen: 1.
Deepest stacks: 5. 39 of 40 frames as predicted. Not compared: 3 (assembly). Not compared: 1 (signals). Calls:
  37; 2 are below one that is not known. No room for those of 1 kinds of goroutines.

 observed     bound status       entry
                                 main.f+0x7 has 8 bytes of stack, 16 in the table (example.com/m)  <- an error of the analysis
`
	var b strings.Builder
	w := NewObserved(&b, 3)
	for _, m := range []finding.Message{
		depthMessages[0],
		{ObservedFrames: &finding.ObservedFrames{Stacks: 2, Frames: 20, Same: 20, Calls: 18, Unchecked: []finding.Unchecked{{Why: "assembly", Frames: 1}}}},
		{ObservedFrames: &finding.ObservedFrames{
			Stacks: 3, Frames: 20, Same: 19, Calls: 19, Beyond: 2, Lost: 1, Unchecked: []finding.Unchecked{{Why: "assembly", Frames: 2}, {Why: "signals", Frames: 1}},
		}},
		{Observed: &finding.Observed{Violation: true, Broken: "main.f+0x7 has 8 bytes of stack, 16 in the table"}},
	} {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Write(); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
