// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package html

import (
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func TestDepthPage(t *testing.T) {
	var b strings.Builder
	w := NewDepth(&b, 2)
	site := finding.Site{File: "/src/m/main.go", Line: 30}
	for _, m := range []finding.Message{
		{Config: &finding.Config{Spade: "v9"}},
		{Program: &finding.Program{Path: "example.com/<m>", Go: "go1.26.8", Machine: "amd64", Functions: 1900, Preempt: 240, Start: 2048}},
		{Entry: &finding.Entry{
			Name: "main.f[<script>]", Kind: finding.KindGo, GoSites: []finding.Site{site}, Status: finding.UpperBound, Bound: 4000,
			Forecast: finding.Forecast{Size: 8192, Growths: 2, Copied: 3000},
			Path: []finding.Step{
				{Func: "main.f[<script>]", Bytes: 960}, {Func: "main.g", Call: site, Bytes: 2000, Maybe: true}, {Func: "main.h", Bytes: 1000, Deferred: true},
				{Func: "main.i", Asserted: "turn 1 of 2 (m/main.go:3)"}, {Func: "main.j", Maybe: true, Asserted: "as asserted (m/main.go:4)"},
			},
			Assertions: []finding.Assertion{{Text: "//spade:turns 2", At: finding.Site{File: "/src/m/main.go", Line: 3}}},
			Cycles:     []finding.Cycle{{Funcs: []string{"main.a", "main.b"}, Bytes: 96}},
			Unknowns:   []finding.Unknown{{Kind: "call", Func: "main.x", At: site, Bytes: 77, Detail: "why"}},
			Why:        "unbounded: main.a calls itself",
		}},
		{Entry: &finding.Entry{Name: "main.half", Kind: finding.KindTimer, Status: finding.Exact, Bound: 2000}},
		{Entry: &finding.Entry{Name: "main.least", Status: finding.Exact, Bound: 10}},
		{Entry: &finding.Entry{Name: "runtime.own", System: true, Status: finding.Exact, Bound: 9000}},
	} {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{
		"<title>Depth of stacks: example.com/&lt;m&gt;</title>", "2 exact, 1 upper bound", "main.f[&lt;script&gt;]", "m/main.go:30",
		"width:100.0%", "width:50.0%", "4000 bytes, upper bound", "grows to 8 KiB; growths: 2, bytes copied: 3000",
		`<li style="min-height:7.7rem"><span class="n">960</span><span class="n">1000</span>`,
		`<li class="maybe" style="min-height:16.0rem"><span class="n">2000</span><span class="n">3000</span>`, "(perhaps)", "(deferred: ",
		"96 bytes a turn, possible: <code>main.a</code> → <code>main.b</code>", "Not known after 77 bytes: call in <code>main.x</code>, m/main.go:30: why",
		"(turn 1 of 2 (m/main.go:3))", "(perhaps, as asserted (m/main.go:4))", "Rests on <code>//spade:turns 2</code>, m/main.go:3",
		"and 1 more", "spade depth, v9", "<p>unbounded: main.a calls itself</p>",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	for _, unwanted := range []string{"<script", "http://", "https://", "src=", "url(", "@import", "<link", "ZgotmplZ", "runtime.own", "main.least"} {
		if strings.Contains(got, unwanted) {
			t.Errorf("the page has %s", unwanted)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}
