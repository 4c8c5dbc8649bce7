// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"slices"
	"testing"
)

// TestLists: a union has each function once and in order, and lists that are the same share memory.
func TestLists(t *testing.T) {
	var many, more []int
	for i := range 100 {
		many, more = append(many, 3*i), append(more, 299-2*i)
	}
	set := []int{2, 5, 7}
	l := newLists(300)
	for _, test := range []struct {
		name  string
		parts [][]int
	}{
		{"none", nil},
		{"one", [][]int{{7}}},
		{"the same one again", [][]int{{7}, {7}}},
		{"in order", [][]int{set}},
		{"not in order", [][]int{{9, 4, 9}}},
		{"few", [][]int{{9, 4}, nil, {4, 5}}},
		{"many", [][]int{many, more, many}},
		{"many again", [][]int{more, many}},
	} {
		var want []int
		for _, p := range test.parts {
			want = append(want, p...)
		}
		want = unique(want)
		parts := make([][]int, len(test.parts))
		for i, p := range test.parts {
			parts[i] = slices.Clone(p)
		}
		got := l.all(parts)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", test.name, got, want)
		}
		if again := [][]int{l.one(slices.Clone(want)), l.one(slices.Clone(want))}; !isSame(again[0], again[1]) {
			t.Errorf("%s: there are two lists of the same", test.name)
		}
		for i, p := range test.parts {
			if !slices.Equal(parts[i], p) {
				t.Errorf("%s: a part was changed", test.name)
			}
		}
	}
	if got := l.all([][]int{set, set}); !isSame(got, set) {
		t.Error("the only list was copied")
	}
}
