// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func TestParseInitLine(t *testing.T) {
	for text, want := range map[string]initLine{
		"init fmt @0.12 ms, 0.003 ms clock, 48 bytes, 2 allocs":                  {"fmt", 120_000, 3000, 48, 2},
		"init gopkg.in/yaml%2ev3 @1 ms, 0 ms clock, 0 bytes, 0 allocs":           {"gopkg.in/yaml.v3", 1_000_000, 0, 0, 0},
		"init main @1234 ms, 56 ms clock, 7 bytes, 8 allocs and more":            {"main", 1_234_000_000, 56_000_000, 7, 8},
		"init main @-1 ms, 56 ms clock, 7 bytes, 8 allocs":                       {},
		"init main @nan ms, 56 ms clock, 7 bytes, 8 allocs":                      {},
		"init main @1 ms, inf ms clock, 7 bytes, 8 allocs":                       {},
		"init main @1 ms, 2 ms clock, -7 bytes, 8 allocs":                        {},
		"init main @1 ms, 2 ms clock, 7 bytes":                                   {},
		"initialized":                                                            {},
		"":                                                                       {},
		"init a @1 ms, 1 ms clock, 99999999999999999999999999999 bytes, 1 alloc": {},
	} {
		if got, ok := parseInitLine(text); got != want || ok != (want != initLine{}) {
			t.Errorf("%q: %+v, %v, want %+v", text, got, ok, want)
		}
	}
}

func FuzzInitLine(f *testing.F) {
	f.Add("init fmt @0.12 ms, 0.003 ms clock, 48 bytes, 2 allocs")
	f.Add("init a%2e%2 @1e9 ms, 1e-9 ms clock, 0 bytes, 0 allocs")
	f.Fuzz(func(t *testing.T, text string) {
		line, ok := parseInitLine(text)
		const most = 1e15
		if ok && (line.pkg == "" || line.begin > most || line.clock > most || line.bytes < 0 || line.allocs < 0) {
			t.Errorf("%q: %+v", text, line)
		}
	})
}

func TestInittraceTimeline(t *testing.T) {
	m := &measured{subject: &Subject{Set: finding.New, Name: "x"}, program: newProgram(nil), scale: 1}
	l := m.inittraceTimeline([]initRun{
		{[]initLine{{"a", 100, 50, 1, 2}, {"b", 200, 100, 3, 4}}, 7},  // 300, of which 150 between
		{[]initLine{{"a", 100, 60, 1, 2}, {"b", 300, 900, 3, 4}}, -1}, // 1200
	})
	want := map[string]int64{stageBetween: 150, "a": 50, "b": 100}
	for _, p := range l.Parts {
		if p.Clock.Mean != want[p.Name] || p.Name == "b" && (p.Bytes != 3 || p.Allocs != 4 || p.Begin != 200 || p.Clock.High != 900) {
			t.Errorf("%+v, want %d", p, want[p.Name])
		}
	}
	if s := l.Start; len(l.Parts) != 3 || s.Total.Mean != 300 || s.Parts != 300 || s.Plain != s.Total || s.Runs != 2 || !s.Inittrace || !strings.HasSuffix(s.Unseen[len(s.Unseen)-1], "exit code 7") {
		t.Errorf("%+v", s)
	}
}
