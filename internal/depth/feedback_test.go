// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"slices"
	"testing"
)

// tangled makes nodes of which each is another function, unless more are said to be.
func tangled(functions []int, calls ...[2]int) *tangle {
	t := &tangle{function: functions, to: make([][]int, len(functions)), from: make([][]int, len(functions))}
	for _, c := range calls {
		t.to[c[0]], t.from[c[1]] = append(t.to[c[0]], c[1]), append(t.from[c[1]], c[0])
	}
	return t
}

func TestLimits(t *testing.T) {
	var ring [][2]int // each function calls all others
	all := make([]int, mostLimits+2)
	for i := range all {
		all[i] = i
		for j := range all {
			if i != j {
				ring = append(ring, [2]int{i, j})
			}
		}
	}
	for _, test := range []struct {
		name string
		of   *tangle
		want []int // nil if there are too many
	}{
		{"itself", tangled([]int{7}, [2]int{0, 0}), []int{7}},
		{"two", tangled([]int{7, 5}, [2]int{0, 1}, [2]int{1, 0}), []int{5}},
		{"a hub", tangled([]int{1, 2, 3, 4}, [2]int{0, 1}, [2]int{1, 0}, [2]int{0, 2}, [2]int{2, 0}, [2]int{0, 3}, [2]int{3, 0}), []int{1}},
		{"a hub that is not enough", tangled([]int{1, 2, 3}, [2]int{0, 1}, [2]int{1, 0}, [2]int{1, 2}, [2]int{2, 1}, [2]int{2, 2}), []int{3, 1}},
		{"a function in two modes", tangled([]int{1, 2, 2, 3}, [2]int{0, 1}, [2]int{1, 0}, [2]int{3, 2}, [2]int{2, 3}, [2]int{0, 3}, [2]int{3, 0}), []int{1, 2}},
		{"all", tangled(all, ring...), nil},
	} {
		got, enough := test.of.limits()
		if enough != (test.want != nil) || enough && !slices.Equal(got, test.want) || !enough && len(got) != mostLimits {
			t.Errorf("%s: %d, %v; want %d", test.name, got, enough, test.want)
		}
	}
}
