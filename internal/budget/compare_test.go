// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

// program has an entry of each status, three that share a name, one without a name and one of the runtime.
func program() Program {
	return Program{
		Program: finding.Program{Path: "example.com/m", Go: "go1.26.8", Machine: "amd64"},
		Entries: []*finding.Entry{
			{Name: "main.main", Kind: finding.KindMain, Status: finding.Exact, Bound: 1000, Start: finding.Site{File: "/src/m/main.go", Line: 5}},
			{
				Name: "main.serve", Kind: finding.KindGo, Status: finding.UpperBound, Bound: 3000, Forecast: finding.Forecast{Growths: 1},
				GoSites: []finding.Site{{File: "/src/m/main.go", Line: 12}},
				Path: []finding.Step{
					{Func: "main.serve", Bytes: 160},
					{Func: "main.handle", Call: finding.Site{File: "/src/m/main.go", Line: 30}, Bytes: 1000},
					{Func: "runtime.growslice", Call: finding.Site{File: "/src/m/main.go", Line: 28}, Bytes: 1100},
					{Func: "internal/runtime/maps.grow", Bytes: 700},
				},
			},
			{
				Name: "main.visit", Kind: finding.KindTimer, Status: finding.Unbounded, Bound: 700,
				Cycles: []finding.Cycle{{Funcs: []string{"main.even", "main.odd"}, Bytes: 96}, {Funcs: []string{"main.walk"}, Bytes: 1}},
			},
			{
				Name: "net/http.(*conn).serve", Kind: finding.KindGo, Status: finding.LowerBound, Bound: 5000, Forecast: finding.Forecast{Growths: 2},
				Unknowns: []finding.Unknown{{Kind: finding.UnknownFrame, Func: "main.jump", At: finding.Site{File: "/src/m/a.s", Line: 3}, Bytes: 300}},
			},
			{Name: "main.each[...]", Kind: finding.KindGo, Status: finding.Exact, Bound: 400},
			{Name: "main.each[...]", Kind: finding.KindGo, Status: finding.Exact, Bound: 1600},
			{Name: "main.each[...]", Kind: finding.KindGo, Status: finding.Exact, Bound: 500},
			{
				Kind: finding.KindGo, Status: finding.LowerBound, GoSites: []finding.Site{{File: "/src/m/main.go", Line: 50}},
				Unknowns: []finding.Unknown{{Kind: finding.UnknownEntry, Func: "main.start"}},
			},
			{Name: "runtime.bgsweep", Kind: finding.KindGo, System: true, Status: finding.Exact, Bound: 9000},
		},
	}
}

func compared(t *testing.T, budgets string, o Options, programs ...Program) *finding.CheckReport {
	t.Helper()
	f, err := Read("/src/m/spade.json", []byte(`{"version": 1, "budgets": [`+budgets+"\n]}"))
	if err != nil {
		t.Fatal(err)
	}
	if len(programs) == 0 {
		programs = []Program{program()}
	}
	r := &collected{}
	n, err := Compare(f, programs, o, "v1", r)
	if err != nil || n != len(r.Violations) || !r.flushed {
		t.Fatalf("%d violations (%v), flushed: %v; the stream has %d", n, err, r.flushed, len(r.Violations))
	}
	if r.Config != (finding.Config{Protocol: finding.Protocol, Analysis: "check", Spade: "v1"}) {
		t.Errorf("config %+v", r.Config)
	}
	return &r.CheckReport
}

type collected struct {
	finding.CheckReport
	flushed bool
}

func (c *collected) Flush() error {
	c.flushed = true
	return nil
}

// said is what was found, a line each.
func said(r *finding.CheckReport) string {
	var b strings.Builder
	for _, v := range r.Violations {
		fmt.Fprintf(&b, "%s: %s\n", v.Rule, v.Text)
	}
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "%s: %s %s %v %v %v\n", c.Kind, c.Name, c.EntryKind, c.Before, c.After, c.Grown)
	}
	return b.String()
}

func TestWithin(t *testing.T) {
	// The last one counts.
	r := compared(t, `
		{"entries": "...", "bytes": 1},
		{"entries": "...", "program": "example.com/other", "bytes": 1},
		{"entries": "example.com/m", "bytes": 3000, "growths": 1, "status": ["exact", "upper bound", "lower bound"]},
		{"entries": "main.visit", "bytes": 700, "status": ["unbounded"]},
		{"entries": "net/...", "status": ["lower bound"]}`, Options{})
	if got := said(r); got != "" {
		t.Errorf("got\n%s", got)
	}
	if r.Check.Entries != 8 || r.Check.Budgeted != 8 || r.Check.Baseline != "" {
		t.Errorf("checked %+v", r.Check)
	}
}

func TestViolations(t *testing.T) {
	r := compared(t, `
		{"entries": "main.serve", "bytes": 2999, "growths": 0, "team": "shop", "note": "Ask Ada."},
		{"entries": "main.visit", "bytes": 600},
		{"entries": "net/http.(*conn).serve", "growths": 1},
		{"entries": "main.each[...]", "bytes": 1599},
		{"entries": "? in main.start", "bytes": 500},
		{"entries": "main.server", "bytes": 1},
		{"entries": "example.org/...", "bytes": 1}`, Options{})
	const want = `stack-status: ? in main.start needs at least 0 bytes of stack, and more if the function of a go statement in main.start needs it; its budget asks for exact or upper bound (spade.json:6).
stack-budget: main.each[...] needs 1600 bytes of stack, 1 more than its budget of 1599: its path is not known. Look at it with spade depth, or raise the budget (spade.json:5).
stack-budget: main.serve needs 3000 bytes of stack, 1 more than its budget of 2999 and grows 1 time, 1 more than its budget of 0: the largest frame on its path is that of main.handle, 1000 bytes, called at m/main.go:30. Make that frame smaller, or raise the budget (spade.json:2, team shop). Note: Ask Ada.
stack-status: main.visit has no bound, since a possible recursion, main.even → main.odd → main.even, 96 bytes a turn, may go on without end (and 1 recursion more); its budget asks for exact or upper bound (spade.json:3).
stack-budget: main.visit needs at least 700 bytes of stack, 100 more than its budget of 600: its path is not known. Look at it with spade depth, or raise the budget (spade.json:3).
stack-status: net/http.(*conn).serve needs at least 5000 bytes of stack, and more if the frame in main.jump (m/a.s:3) needs it; its budget asks for exact or upper bound (spade.json:4).
stack-budget: net/http.(*conn).serve grows at least 2 times, 1 more than its budget of 1: its path is not known. Look at it with spade depth, or raise the budget (spade.json:4).
stale-budget: No entry is named main.server (spade.json:7); main.serve comes nearest. Correct the budget or take it out.
stale-budget: No entry is named example.org/... (spade.json:8). Correct the budget or take it out.
`
	if got := said(r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTeam(t *testing.T) {
	const budgets = `
		{"entries": "main.serve", "bytes": 1, "team": "shop"},
		{"entries": "main.main", "bytes": 1, "team": "edge"},
		{"entries": "main.old", "bytes": 1, "team": "edge"},
		{"entries": "main.older", "bytes": 1, "team": "shop"}`
	r := compared(t, budgets, Options{Team: "shop"})
	var names []string
	for _, v := range r.Violations {
		names = append(names, v.Name)
	}
	if !slices.Equal(names, []string{"main.serve", "main.older"}) || r.Check.Budgeted != 1 || r.Check.Team != "shop" {
		t.Errorf("violations %q, checked %+v", names, r.Check)
	}
}

func TestBaseline(t *testing.T) {
	var none *Baseline
	written := none.With([]Program{program()})
	if path := written.Programs[0].Entries[5].Path; !slices.Equal(path, []string{"1800 the runtime", "1000 main.handle", "160 main.serve"}) {
		t.Errorf("the path is kept as %q", path)
	}
	text, err := written.Text()
	if err != nil {
		t.Fatal(err)
	}
	base, err := ReadBaseline("/src/m/spade.baseline.json", text)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Baseline: base, BaselineName: "/src/m/spade.baseline.json"}
	r := compared(t, "", o)
	if got := said(r); got != "" || r.Check.Baseline != o.BaselineName {
		t.Errorf("against itself:\n%s%+v", got, r.Check)
	}

	now := program()
	serve := now.Entries[1]
	serve.Bound, serve.Path[1].Bytes = 4500, 2100
	serve.Path = append(serve.Path[:2:2], finding.Step{Func: "fmt.Fprintf", Bytes: 1400}, finding.Step{Func: "runtime.mallocgc", Bytes: 1801})
	now.Entries[0].Bound = 900
	now.Entries[2].Status, now.Entries[2].Cycles = finding.Exact, nil
	now.Entries[3].Forecast.Growths = 3
	now.Entries[4].Name = "main.fresh"
	r = compared(t, `{"entries": "main.serve", "bytes": 4096}`, o, now)
	const want = `stack-budget: main.serve needs 4500 bytes of stack, 404 more than its budget of 4096: since the baseline fmt.Fprintf is new on its path, 1400 bytes, and main.handle grew from 1000 to 2100 bytes. Make that frame smaller, or raise the budget (spade.json:1).
new: main.fresh go <nil> exact 400 0 []
better: main.main main exact 1000 0 exact 900 0 []
worse: main.serve go upper bound 3000 1 upper bound 4500 1 [{fmt.Fprintf 0 1400 false} {main.handle 1000 2100 false} {the runtime 1800 1801 false}]
status: main.visit timer unbounded 700 0 exact 700 0 []
worse: net/http.(*conn).serve go lower bound 5000 2 lower bound 5000 3 []
gone: main.each[...] go exact 400 0 <nil> []
`
	if got := strings.NewReplacer("&{", "", "}\n", "\n").Replace(plain(r)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	now.Machine = "arm64"
	if r := compared(t, "", o, now); len(r.Changes) > 0 || r.Check.Baseline != "" {
		t.Errorf("compared with another machine: %s", said(r))
	}
	both := base.With([]Program{now})
	if len(both.Programs) != 2 || both.Programs[0].Machine != "amd64" || len(base.Programs) != 1 {
		t.Errorf("with another machine: %+v", both)
	}
	if again := both.With([]Program{now}); len(again.Programs) != 2 {
		t.Errorf("%d programs after the same one again", len(again.Programs))
	}
}

// plain is said, with depths as values.
func plain(r *finding.CheckReport) string {
	var b strings.Builder
	short := func(d *finding.Depth) string {
		if d == nil {
			return "<nil>"
		}
		return fmt.Sprintf("%s %d %d", d.Status, d.Bytes, d.Growths)
	}
	for _, v := range r.Violations {
		fmt.Fprintf(&b, "%s: %s\n", v.Rule, v.Text)
	}
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "%s: %s %s %s %s %v\n", c.Kind, c.Name, c.EntryKind, short(c.Before), short(c.After), c.Grown)
	}
	return b.String()
}

func TestReadBaselineErrors(t *testing.T) {
	for text, want := range map[string]string{
		`{"programs": []}`:                       `f:1:1: there is no "version": 1`,
		`{"version": 1, "programs": [{"x": 1}]}`: `f:1:30: unknown field "x"; there are entries, go, machine, program`,
		`{"version": 1, "programs": [{"program": "a", "machine": "b"}, {"program": "a", "machine": "b"}]}`: "f:1:63: a on b is there twice",
		`{"version": 1, "programs": [{"entries": [{"path": ["12"]}]}]}`:                                    `f:1:52: "12" is no part of a path: want bytes, a space, a function`,
		`{"version": 1, "programs": [{"entries": [{"status": "good"}]}]}`:                                  `f:1:53: there is no status "good", only exact, upper bound, lower bound, unbounded`,
		`{"version": 1, "programs": [{"entries": [{"bytes": null}]}]}`:                                     "f:1:52: want a whole number, 0 or more, without a unit",
	} {
		if _, err := ReadBaseline("f", []byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: got %v\nwant %s", text, err, want)
		}
	}
	if name := BaselineName("/a/spade.json"); name != "/a/spade.baseline.json" {
		t.Errorf("the baseline is %s", name)
	}
}

// TestLongPath compares paths of which the baseline only has the largest part.
func TestLongPath(t *testing.T) {
	p := program()
	serve := p.Entries[1]
	serve.Path = nil
	for i := range 100 {
		serve.Path = append(serve.Path, finding.Step{Func: fmt.Sprintf("main.f%d", i%20), Bytes: int64(10 * (i%20 + 1))})
	}
	var base *Baseline
	base = base.With([]Program{p})
	path := base.Programs[0].Entries[5].Path
	if len(path) != kept || path[0] != "1000 main.f19" || path[kept-1] != "650 main.f12" {
		t.Fatalf("kept %q", path)
	}
	serve.Path = append(serve.Path,
		finding.Step{Func: "main.f19", Bytes: 1}, finding.Step{Func: "main.f3", Bytes: 449}, finding.Step{Func: "main.f11", Bytes: 60}, finding.Step{Func: "main.new", Bytes: 700})
	serve.Bound = 4000
	r := compared(t, `{"entries": "main.serve", "bytes": 3999}`, Options{Baseline: base}, p)
	want := []finding.Grown{{Func: "main.new", Before: 650, After: 700, AtMost: true}, {Func: "main.f11", Before: 650, After: 660, AtMost: true}, {Func: "main.f19", Before: 1000, After: 1001}}
	if len(r.Violations) != 1 || !slices.Equal(r.Violations[0].Grown, want) {
		t.Fatalf("got %s%+v, want %+v", said(r), r.Violations[0].Grown, want)
	}
	const sentence = "since the baseline main.new takes 700 bytes, and took at most 650, and main.f11 takes 660 bytes, and took at most 650."
	if !strings.Contains(r.Violations[0].Text, sentence) {
		t.Errorf("got %s\nwant %s", r.Violations[0].Text, sentence)
	}
}

func FuzzReadBaseline(f *testing.F) {
	var none *Baseline
	text, err := none.With([]Program{program()}).Text()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"version": 1}`))
	f.Add([]byte(`{"version": 1, "programs": [{"program": "a"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ReadBaseline("f", data)
		if err != nil {
			return
		}
		first, err := b.With(nil).Text()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadBaseline("f", first)
		if err != nil {
			t.Fatalf("what was written can't be read: %v\n%s", err, first)
		}
		if second, err := again.With(nil).Text(); err != nil || string(first) != string(second) {
			t.Fatalf("%v: first\n%s\nthen\n%s", err, first, second)
		}
		Compare(&File{}, []Program{program()}, Options{Baseline: b}, "", &collected{})
	})
}
