// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"reflect"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func TestReadObservations(t *testing.T) {
	const report = `{"stacks":"inplace","growths":178}
{"entry":"main.f","goSite":"/src/main.go","goLine":7,"started":3,"highWaterBytes":500}
{"entry":"main.unpainted","goSite":"/src/main.go","goLine":8,"started":1,"highWaterBytes":0}
`
	got, err := ReadObservations(strings.NewReader(report))
	if want := []Observation{{Func: "main.f", File: "/src/main.go", Line: 7, Started: 3, Bytes: 500}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := ReadObservations(strings.NewReader(`{"entry":"main.f","goSi`)); err == nil {
		t.Error("no error from a report that was cut")
	}
}

func TestTogether(t *testing.T) {
	of := func(name, file string, line, started, bytes int64) Observation {
		return Observation{Func: name, File: file, Line: line, Started: started, Bytes: bytes}
	}
	got := together([]Observation{of("main.g", "b.go", 1, 1, 10), of("main.f", "a.go", 7, 3, 500), of("main.f", "a.go", 7, 2, 400), of("main.f", "a.go", 6, 2, 400)})
	want := []Observation{of("main.f", "a.go", 6, 2, 400), of("main.f", "a.go", 7, 5, 500), of("main.g", "b.go", 1, 1, 10)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestCompare(t *testing.T) {
	a := &Analysis{program: finding.Program{Preempt: 100}}
	entry := func(name string, s finding.Status, bound int64) finding.Entry {
		return finding.Entry{Name: name, Status: s, Bound: bound}
	}
	for _, test := range []struct {
		name    string
		seen    int64
		entries []finding.Entry
		want    finding.Observed // Deepest is what was observed
	}{
		{"below", 900, []finding.Entry{entry("f", finding.Exact, 1000)}, finding.Observed{Status: finding.Exact, Bound: 1000}},
		{"preempted", 1100, []finding.Entry{entry("f", finding.Exact, 1000)}, finding.Observed{Status: finding.Exact, Bound: 1000}},
		{"above", 1101, []finding.Entry{entry("f", finding.Exact, 1000)}, finding.Observed{Status: finding.Exact, Bound: 1000, Violation: true}},
		{"variants", 1900, []finding.Entry{entry("f", finding.Exact, 1000), entry("g", finding.UpperBound, 2000)}, finding.Observed{Status: finding.UpperBound, Bound: 2000}},
		{"above all variants", 2101, []finding.Entry{entry("f", finding.UpperBound, 2000), entry("g", finding.Exact, 1000)}, finding.Observed{Status: finding.UpperBound, Bound: 2000, Violation: true}},
		{"called", 1050, []finding.Entry{entry("f", finding.Exact, 1000)}, finding.Observed{Status: finding.Exact, Bound: 1000, Deepest: 1000}},
		{"called above", 1050, []finding.Entry{entry("f", finding.Exact, 1000)}, finding.Observed{Status: finding.Exact, Bound: 1000, Deepest: 1001, Violation: true}},
		{"recursion", 9000, []finding.Entry{entry("f", finding.Exact, 1000), entry("g", finding.Unbounded, 500)}, finding.Observed{Status: finding.Unbounded, Bound: 1000}},
		{"unknown", 9000, []finding.Entry{entry("f", finding.LowerBound, 1000)}, finding.Observed{Status: finding.LowerBound, Bound: 1000}},
		{"not foreseen", 1, nil, finding.Observed{Violation: true}},
	} {
		got := a.compare(Observation{Func: "first", Bytes: test.seen, deepest: test.want.Deepest}, test.entries)
		if got.Status != test.want.Status || got.Bound != test.want.Bound || got.Violation != test.want.Violation || len(got.Names) != len(test.entries) {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}
