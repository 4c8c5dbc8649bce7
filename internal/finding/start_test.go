// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"fmt"
	"testing"
)

func TestStartReport(t *testing.T) {
	var r StartReport
	add := func(set, kind, pkg, name, group string, low, high int64) {
		r.Handle(Message{StartPart: &StartPart{Set: set, Kind: kind, Name: name, Package: pkg, Group: group, Clock: Spread{(low + high) / 2, low, high}}})
	}
	r.Handle(Message{Start: &Start{Set: New}})
	add(New, PartStage, "", "exec", "", 10, 20)
	add(New, PartPackage, "main", "example.com/x", "example.com/x", 100, 200)
	add(New, PartPackage, "a", "a", "m@v1.0.0", 300, 400)
	add(New, PartVariable, "a", "small", "", 1, 2)
	add(New, PartVariable, "a", "large", "", 200, 300)
	order := func(rows []*StartRow) (names string) {
		for _, row := range rows {
			names += row.Part().Name + " "
		}
		return names
	}
	if got := order(r.Packages()) + order(r.Inside("a")) + order(r.Stages()); got != "a example.com/x large small exec " {
		t.Errorf("of one set: %s", got)
	}
	r.Handle(Message{Start: &Start{Set: Base}})
	add(Base, PartPackage, "main", "main", "", 150, 250)
	add(Base, PartPackage, "a", "a", "m@v1.0.0", 301, 401)
	add(Base, PartPackage, "gone", "gone", "m@v1.0.0", 5000, 6000)
	if got := order(r.Packages()); got != "gone example.com/x a " {
		t.Errorf("of two sets: %s", got)
	}
	rows := r.Packages()
	if base, new := rows[0].Clock(); base != 5500 || new != 0 || !rows[0].Significant() || rows[1].Significant() {
		t.Errorf("%d, %d", base, new)
	}
	groups := ""
	for _, g := range r.Groups() {
		groups += fmt.Sprintf("%s %d %d %d; ", g.Name, g.Packages, g.Base, g.New)
	}
	if want := "m@v1.0.0 2 5851 350; example.com/x 1 200 150; "; groups != want {
		t.Errorf("groups %s, want %s", groups, want)
	}
}

func TestApart(t *testing.T) {
	for _, test := range []struct {
		a, b Spread
		want bool
	}{
		{Spread{5, 4, 6}, Spread{8, 7, 9}, true}, {Spread{8, 7, 9}, Spread{5, 4, 6}, true},
		{Spread{5, 4, 7}, Spread{8, 7, 9}, false}, {Spread{5, 1, 10}, Spread{5, 4, 6}, false},
	} {
		if got := test.a.Apart(test.b); got != test.want {
			t.Errorf("%v and %v are apart: %v", test.a, test.b, got)
		}
	}
}
