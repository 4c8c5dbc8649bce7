// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import "testing"

func TestObservedReport(t *testing.T) {
	var r ObservedReport
	if r.Ratio() != 0 {
		t.Errorf("a ratio of nothing is %v", r.Ratio())
	}
	for _, m := range []Message{
		{Program: &Program{Path: "one"}},
		{Observed: &Observed{Func: "a", Status: Exact, Bytes: 100, Bound: 150}},
		{Observed: &Observed{Func: "b", Status: Unbounded, Bytes: 900, Bound: 150}},
		{Program: &Program{Path: "two"}},
		{Observed: &Observed{Func: "c", Status: UpperBound, Bytes: 100, Bound: 90, Violation: true}},
		{Observed: &Observed{Func: "d", Status: UpperBound, Bytes: 100, Bound: 400}},
		{Observed: &Observed{Func: "e", Bytes: 100, Violation: true}},
		{Observed: &Observed{Func: "own", Status: Exact, Bytes: 100, Bound: 5000, System: true}},
	} {
		if err := r.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if bounded, violations := r.Bounded(); bounded != 4 || violations != 2 {
		t.Errorf("%d with a bound, %d violations", bounded, violations)
	}
	if r.Ratio() != 1.5 {
		t.Errorf("median ratio %v", r.Ratio())
	}
	if r.Program(1).Path != "one" || r.Program(2).Path != "two" {
		t.Errorf("programs %q and %q", r.Program(1).Path, r.Program(2).Path)
	}
}
