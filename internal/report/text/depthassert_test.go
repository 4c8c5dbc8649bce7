// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

// Assertions in what is found, and in what is observed.
var (
	assertedTurns = finding.Assertion{Text: "//spade:turns 2", At: finding.Site{File: "/src/m/main.go", Line: 3}}
	assertedEntry = finding.Entry{
		Name: "main.walks", Kind: finding.KindGo, Status: finding.UpperBound, Bound: 100, Assertions: []finding.Assertion{assertedTurns},
		GoSites: []finding.Site{{File: "/src/m/main.go", Line: 9}},
		Path:    []finding.Step{{Func: "main.walk", Bytes: 60, Asserted: "turn 1 of 2 (m/main.go:3)"}},
	}
)

func TestAssertedDetail(t *testing.T) {
	const want = `main.walks  m/main.go:9  (asserted)
  at most 100 bytes of stack
     bytes    total
        40       40  above the first function
        60      100  main.walk, turn 1 of 2 (m/main.go:3)
  rests on //spade:turns 2, m/main.go:3
`
	var b strings.Builder
	w := NewDepth(&b, DepthOptions{Entry: "walks"})
	if err := w.Handle(finding.Message{Entry: &assertedEntry}); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestBrokenAssertions(t *testing.T) {
	const want = `Programs: 1. Kinds of goroutines that were observed, by first function and go statement: 1. With a bound: 1.
  Above it, or not foreseen: 2.
Median of bound ÷ observed, without the runtime's own: 0.50.

 observed     bound status       entry
      200       100 upper bound  main.walks   (example.com/m)  <- more than what is asserted allows:
          //spade:turns 2, m/main.go:3
        0         0 asserted     main.walks   (example.com/m)  <- main.walk was on the stack 3 times:
          //spade:turns 2, m/main.go:3
`
	var b strings.Builder
	w := NewObserved(&b, 0)
	rests := []finding.Assertion{assertedTurns}
	for _, m := range []finding.Message{
		depthMessages[0],
		{Observed: &finding.Observed{Func: "main.walks", Violation: true, Assertions: rests, Broken: "main.walk was on the stack 3 times"}},
		{Observed: &finding.Observed{Func: "main.walks", Bytes: 200, Bound: 100, Status: finding.UpperBound, Violation: true, Assertions: rests}},
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
