// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
	"maps"
	"slices"
	"testing"
)

// reachOne is what an entry's node reaches, found the simple way: all nodes, and for each how many bytes are used at most when it is entered.
func reachOne(g *graph, from int, top int64) map[int]int64 {
	used := map[int]int64{from: top}
	seen := []int{from}
	for i := 0; i < len(seen); i++ {
		for s := range g.steps(seen[i]) {
			if _, known := used[s.node]; !known {
				used[s.node] = 0
				seen = append(seen, s.node)
			}
		}
	}
	slices.SortFunc(seen, func(a, b int) int { return cmp.Compare(g.nodes[b].order, g.nodes[a].order) })
	for _, id := range seen {
		used[id] += g.nodes[id].before()
		for s := range g.steps(id) {
			if g.nodes[s.node].order < g.nodes[id].order {
				used[s.node] = max(used[s.node], used[id]+s.base)
			}
		}
	}
	return used
}

// TestReach: what is found for all entries at once is what is found for each alone.
func TestReach(t *testing.T) {
	for _, name := range []string{"corpus", "assert"} {
		a := analysis(t, name)
		g, reach := a.graph, a.reach()
		unknown, cyclic := 0, 0
		for _, e := range a.entries {
			if e.function == unknownTarget {
				continue
			}
			id := g.variantNode(e.function, calm, e.variant)
			open, rests, cycles := map[int]int64{}, map[int32]bool{}, map[int32]bool{}
			for n, used := range reachOne(g, id, 40) {
				if len(g.nodes[n].unknowns) > 0 {
					open[n] = used
				}
				if g.nodes[n].cyclic {
					cycles[int32(g.nodes[n].component)] = true
				}
				if len(g.nodes[n].rests) > 0 {
					rests[int32(n)] = true
				}
			}
			got := map[int]int64{}
			for _, r := range reach.unknowns(id, 40) {
				got[r.id] = r.used
			}
			if !maps.Equal(got, open) {
				t.Errorf("%s of %s: unknown are %v, want %v", g.code.functions[e.function].Name, name, got, open)
			}
			if got, want := reach.cycles(id), slices.Sorted(maps.Keys(cycles)); !slices.Equal(got, want) {
				t.Errorf("%s of %s: cycles are %v, want %v", g.code.functions[e.function].Name, name, got, want)
			}
			if got, want := reach.resting(id), slices.Sorted(maps.Keys(rests)); !slices.Equal(got, want) {
				t.Errorf("%s of %s: assertions are at %v, want %v", g.code.functions[e.function].Name, name, got, want)
			}
			unknown, cyclic = unknown+len(open), cyclic+len(cycles)
		}
		if unknown == 0 || cyclic == 0 {
			t.Errorf("%s has %d unknown and %d cycles: too few to tell", name, unknown, cyclic)
		}
	}
}

func TestSets(t *testing.T) {
	s := newSets()
	a, b := s.number([]int32{1, 5}), s.number([]int32{2, 5, 9})
	both := s.union(a, b)
	for _, test := range []struct {
		got  int
		want []int32
	}{
		{0, nil}, {a, []int32{1, 5}}, {both, []int32{1, 2, 5, 9}}, {s.union(b, a), s.all[both]}, {s.union(0, a), s.all[a]}, {s.union(a, 0), s.all[a]},
		{s.union(both, a), s.all[both]},
	} {
		if !slices.Equal(s.all[test.got], test.want) {
			t.Errorf("set %d is %v, want %v", test.got, s.all[test.got], test.want)
		}
	}
	if again := s.number([]int32{1, 2, 5, 9}); again != both || s.union(a, b) != both {
		t.Errorf("the same set is number %d and %d", both, again)
	}
}
