// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"fmt"
	"slices"
	"testing"
)

// TestObstacles: two recursions keep most entries from a bound together, a third alone fewer.
func TestObstacles(t *testing.T) {
	cycle := func(name string) Cycle { return Cycle{Funcs: []string{name}, Bytes: 8, Functions: 1} }
	// two cycles of one recursion, one of which some entries come to for certain
	limits := []Limit{{Func: "c"}}
	some, reached := Cycle{Funcs: []string{"c"}, Bytes: 8, Functions: 2, Limits: limits}, Cycle{Funcs: []string{"d", "c"}, Bytes: 8, Functions: 2, Limits: limits, Certain: true, Reached: true}
	var r DepthReport
	for _, e := range []Entry{
		{Status: Exact},
		{Cycles: []Cycle{cycle("a"), cycle("b")}}, {Cycles: []Cycle{cycle("a"), cycle("b")}}, {Cycles: []Cycle{cycle("b"), cycle("a")}},
		{Cycles: []Cycle{some}}, {Cycles: []Cycle{reached}},
		{Cycles: []Cycle{cycle("a")}, Unknowns: []Unknown{{Kind: UnknownCall, Func: "f"}, {Kind: UnknownCall, Func: "f", Bytes: 9}}},
		{System: true, Cycles: []Cycle{cycle("d")}},
	} {
		if err := r.Handle(Message{Entry: &e}); err != nil {
			t.Fatal(err)
		}
	}
	written := func(system bool) (lines []string) {
		for _, o := range r.Obstacles(system) {
			lines = append(lines, fmt.Sprintf("%.9s: %d, %d certain, %d alone, %d bounded", o.Text, o.Entries, o.Certain, o.Alone, o.Bounded))
		}
		return lines
	}
	want := []string{
		"c → c, 8 : 2, 1 certain, 2 alone, 3 bounded", "a → a, 8 : 4, 0 certain, 0 alone, 3 bounded", "b → b, 8 : 3, 0 certain, 0 alone, 6 bounded",
		"a call wh: 1, 0 certain, 0 alone, 7 bounded",
	}
	if got := written(false); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := written(true); len(got) != 5 || got[1] != "d → d, 8 : 1, 0 certain, 1 alone, 4 bounded" {
		t.Errorf("with the runtime's own, %q", got)
	}
	if got := new(DepthReport).Obstacles(false); len(got) != 0 {
		t.Errorf("of nothing, %v", got)
	}
}
