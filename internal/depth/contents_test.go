// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestContents does at random what can be done with sets, and compares them with sets that are maps. Those that are the same have one number, and what
// is in use outlives a sweep.
func TestContents(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	c := newContents()
	var found [64]content
	var want [64]map[int]bool
	for step := range 20_000 {
		to, x, y := random.IntN(len(found)), random.IntN(len(found)), random.IntN(len(found))
		result := map[int]bool{}
		switch random.IntN(8) {
		case 0:
			found[to] = c.union(found[x], found[y])
			maps.Copy(result, want[x])
			maps.Copy(result, want[y])
		case 1, 2:
			found[to] = c.minus(found[x], found[y])
			for thing := range want[x] {
				if !want[y][thing] {
					result[thing] = true
				}
			}
		case 3:
			found[to] = c.and(found[x], found[y])
			for thing := range want[x] {
				if want[y][thing] {
					result[thing] = true
				}
			}
		default:
			thing := random.IntN(2000)
			found[to] = c.with(found[x], thing)
			maps.Copy(result, want[x])
			result[thing] = true
		}
		want[to] = result
		if got := c.set(found[to]).AppendTo(nil); !slices.Equal(got, slices.Sorted(maps.Keys(result))) {
			t.Fatalf("step %d: %v, want %v", step, got, result)
		}
		for other := range found {
			if same := maps.Equal(want[other], result); same != (found[other] == found[to]) {
				t.Fatalf("step %d: sets %v and %v have numbers %d and %d", step, want[other], result, found[other], found[to])
			}
		}
		if step%500 == 0 {
			c.sweep(func(has func(content)) {
				for _, x := range found {
					has(x)
				}
			})
			if distinct := distinctOf(found[:]); len(c.sets)-len(c.unused) != distinct {
				t.Fatalf("step %d: a sweep left %d sets of %d", step, len(c.sets)-len(c.unused), distinct)
			}
		}
	}
}

// distinctOf is how many sets there are, the empty one included.
func distinctOf(found []content) int {
	all := map[content]bool{nothing: true}
	for _, x := range found {
		all[x] = true
	}
	return len(all)
}
