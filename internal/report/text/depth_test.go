// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

var depthMessages = []finding.Message{
	{Program: &finding.Program{Path: "example.com/m", Go: "go1.26.8", Machine: "amd64", Functions: 1900, Preempt: 240, Guard: 928, Start: 2048}},
	{Entry: &finding.Entry{
		Name: "main.serve", Kind: finding.KindGo, GoSites: []finding.Site{{File: "/src/m/main.go", Line: 12}, {File: "/src/m/main.go", Line: 19}},
		Status: finding.UpperBound, Bound: 3000, Forecast: finding.Forecast{Size: 4096, Growths: 1, Copied: 1100},
		Path: []finding.Step{
			{Func: "main.serve", Bytes: 160},
			{Func: "main.handle", Call: finding.Site{File: "/src/m/main.go", Line: 30}, Bytes: 2000, Maybe: true},
			{Func: "main.serve.func1", Call: finding.Site{File: "/src/m/main.go", Line: 28}, Bytes: 800, Deferred: true},
		},
	}},
	{Entry: &finding.Entry{
		Name: "main.visit", Kind: finding.KindTimer, Status: finding.Unbounded, Bound: 700, Forecast: finding.Forecast{Size: 2048},
		Cycles:   []finding.Cycle{{Funcs: []string{"main.even", "main.odd"}, Bytes: 96, Functions: 2, Certain: true, Reached: true, Limits: []finding.Limit{{Func: "main.even", At: finding.Site{File: "/src/m/main.go", Line: 70}}}}},
		Why:      "unbounded: main.even calls itself through main.odd",
		Unknowns: []finding.Unknown{{Kind: "frame", Func: "main.jump", At: finding.Site{File: "/src/m/a.s", Line: 3}, Bytes: 300, Detail: "it jumps"}},
	}},
	{Entry: &finding.Entry{
		Name: "", Kind: finding.KindGo, GoSites: []finding.Site{{File: "/src/m/main.go", Line: 50}}, Status: finding.LowerBound,
		Unknowns: []finding.Unknown{{Kind: "entry", Func: "main.main", At: finding.Site{File: "/src/m/main.go", Line: 50}}},
	}},
	{Entry: &finding.Entry{Name: "runtime.bgsweep", Kind: finding.KindGo, System: true, Status: finding.Exact, Bound: 2640, Forecast: finding.Forecast{Size: 4096, Growths: 1, Copied: 1040}}},
}

func depthWritten(t *testing.T, show DepthOptions) string {
	t.Helper()
	var b strings.Builder
	w := NewDepth(&b, show)
	for _, m := range depthMessages {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestDepth(t *testing.T) {
	const want = `example.com/m, go1.26.8 amd64: 3 entries of goroutines: 1 upper bound, 1 lower bound, 1 unbounded
Bytes are those of stack. A preemption may put 240 more below, without making the stack grow. Growths and
  bytes copied are from a stack of 2 KiB, once.

    bytes status         stack growths    copied  entry
      700 unbounded      2 KiB       0         0  main.visit  (timer)
     3000 upper bound    4 KiB       1      1100  main.serve  m/main.go:12 and 1 more
          and 1 more; -top 0 shows all

Entries that come to a certain recursion, by calls that can go nowhere else: 1. Only its data, or a limit,
  bounds one.

What keeps entries from a bound: how many, how many for certain, how many it alone, and how many are bounded
  without it and those above
entries certain   alone bounded  cause
      1       0       1       2  a go statement whose function is not known, in main.main at m/main.go:50
                                 what it starts (//spade:calls F in the line above) would make it known
      1       0       0       2  a frame that the binary does not tell, in main.jump at m/a.s:3 (it jumps)
                                 no assertion helps
                                 and 1 more; -top 0 shows all
`
	if got := depthWritten(t, DepthOptions{Top: 2}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	const last = `
      1       1       0       3  main.even → main.odd → main.even, 96 bytes a turn
                                 a limit (//spade:turns N in main.even), for what is at m/main.go:70, would bound it
`
	if got := depthWritten(t, DepthOptions{}); !strings.HasSuffix(got, last) {
		t.Errorf("got\n%s\nwant at its end\n%s", got, last)
	}
	if got := depthWritten(t, DepthOptions{System: true}); !strings.Contains(got, "\n     2640 exact          4 KiB       1      1040  runtime.bgsweep\n") {
		t.Errorf("no runtime.bgsweep in\n%s", got)
	}
}

func TestDepthDetails(t *testing.T) {
	const want = `main.serve  m/main.go:12 and 1 more
  also started at m/main.go:19
  at most 3000 bytes of stack
  a stack of 2 KiB grows to 4 KiB (growths: 1, bytes copied: 1100)
     bytes    total
        40       40  above the first function
       160      200  main.serve
      2000     2200  main.handle  called at m/main.go:30, perhaps
       800     3000  main.serve.func1  called at m/main.go:28, deferred: because of a panic, or the goroutine's end
`
	if got := depthWritten(t, DepthOptions{Entry: "serve"}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	const visit = `main.visit  (timer)
  no bound, since functions call each other in turn; 700 bytes of stack without a second turn
  unbounded: main.even calls itself through main.odd
  a stack of 2 KiB grows to 2 KiB (growths: 0, bytes copied: 0)
  cycle: main.even → main.odd → main.even, 96 bytes a turn, certain
  unknown, after 300 bytes: the frame in main.jump, m/a.s:3: it jumps
`
	if got := depthWritten(t, DepthOptions{Entry: "visit"}); got != visit {
		t.Errorf("got\n%s\nwant\n%s", got, visit)
	}
	if got := depthWritten(t, DepthOptions{Entry: "nobody"}); got != "no goroutine starts with a function whose name contains \"nobody\"\n" {
		t.Errorf("got %q", got)
	}
}
