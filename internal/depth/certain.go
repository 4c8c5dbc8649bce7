// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
	"slices"

	"github.com/spadego/spade/internal/finding"
)

// A recursion may be there only because of what an interface or a function value might hold for all that is known. It is certain if it has a cycle of
// certain calls, those with one target, and certain for an entry if such calls alone lead from the entry to that cycle: to know more of what calls may
// reach would take neither away. Whether the program makes the calls, and how often, is for its data to say.

// A certainty is the part of the graph that is certain calls, and the cycles in it. What only a panic, or the end of the goroutine, calls is left out.
type certainty struct {
	*condensed
	cycles  map[int][]int32 // by component that findCycles found, the components here that are cycles of it
	reached []int           // by component here: the set of those that are cycles
}

func (g *graph) findCertain() *certainty {
	c := &certainty{condensed: g.components(func(*node) int { return 0 }, true).condense(), cycles: map[int][]int32{}}
	cyclic := make([]bool, len(c.components.found))
	for i, members := range c.components.found {
		n := &g.nodes[members[0]]
		if cyclic[i] = n.cyclic && (len(members) > 1 || c.components.calls(members[0], members[0])); cyclic[i] {
			c.cycles[n.component] = append(c.cycles[n.component], int32(i))
		}
	}
	c.reached = c.collect(func(_ *node, id int32) (int, bool) { return int(c.of[id]), cyclic[c.of[id]] })
	return c
}

// reaches reports whether certain calls alone lead from a node to a component of certain calls, which is a cycle.
func (c *certainty) reaches(id int, component int32) bool {
	_, found := slices.BinarySearch(c.sets.all[c.reached[c.of[id]]], component)
	return found
}

// A namedCycles is one recursion: what is said of it to an entry depends on which certain cycle the entry comes to for certain.
type namedCycles struct {
	possible finding.Cycle   // if there is no certain one
	certain  []finding.Cycle // in the order in which they are preferred
	of       []int32         // for each, its component of the graph of certain calls
}

// cyclesIn names one cycle of each of some groups of functions that call each other, for the entry with a node: those first that are certain.
func (g *graph) cyclesIn(components []int32, c *certainty, entry int) []finding.Cycle {
	var cycles []finding.Cycle
	for _, component := range components {
		cycles = append(cycles, g.cyclesOf(int(component), c).forEntry(c, entry))
	}
	rank := func(c *finding.Cycle) int {
		switch {
		case c.Reached:
			return 0
		case c.Certain:
			return 1
		}
		return 2
	}
	slices.SortFunc(cycles, func(a, b finding.Cycle) int {
		return cmp.Or(cmp.Compare(len(a.Funcs), len(b.Funcs)), slices.Compare(a.Funcs, b.Funcs), cmp.Compare(rank(&a), rank(&b)))
	})
	cycles = slices.CompactFunc(cycles, func(a, b finding.Cycle) bool { return slices.Equal(a.Funcs, b.Funcs) })
	slices.SortStableFunc(cycles, func(a, b finding.Cycle) int { return cmp.Compare(rank(&a), rank(&b)) })
	return cycles
}

func (n namedCycles) forEntry(c *certainty, entry int) finding.Cycle {
	for i, component := range n.of {
		if c.reaches(entry, component) {
			found := n.certain[i]
			found.Reached = true
			return found
		}
	}
	if len(n.certain) > 0 {
		return n.certain[0]
	}
	return n.possible
}

// cyclesOf returns cycles of a component: what comes to one of its nodes comes to all.
func (g *graph) cyclesOf(component int, c *certainty) namedCycles {
	if g.cycles == nil {
		g.cycles = map[int]namedCycles{}
		members := map[int][]int{}
		for id := range g.nodes {
			if n := &g.nodes[id]; n.cyclic {
				members[n.component] = append(members[n.component], id)
			}
		}
		for component, ids := range members {
			g.cycles[component] = g.nameCycles(ids, c)
		}
	}
	return g.cycles[component]
}

// nameCycles is for the nodes of one component: it names a cycle through the first function that should have a limit, and so for each cycle of certain
// calls, if there are any.
func (g *graph) nameCycles(members []int, c *certainty) namedCycles {
	limits, all := g.tangleOf(members).limits()
	common := finding.Cycle{Functions: int64(len(members)), More: !all}
	for _, f := range limits {
		of := &g.code.functions[f]
		common.Limits = append(common.Limits, finding.Limit{Func: plainName(of.Name), At: sites(of.start())[0]})
	}
	if function, at, targets := g.junction(members); targets > 0 {
		common.Junction = &finding.Junction{Func: g.code.functions[function].Name, At: sites(at)[0], Targets: int64(targets)}
	}
	component := g.nodes[members[0]].component
	preferred := func(ids []int) int {
		return slices.MinFunc(ids, func(a, b int) int { return g.comparePreferred(limits, a, b) })
	}
	if len(c.cycles[component]) == 0 {
		inside := func(s step) bool { return g.nodes[s.node].component == component }
		return namedCycles{possible: g.named(common, g.cycle(preferred(members), inside))}
	}
	found := namedCycles{of: slices.Clone(c.cycles[component])}
	first := map[int32]int{}
	for _, of := range found.of {
		first[of] = preferred(ints(c.components.found[of]))
	}
	slices.SortFunc(found.of, func(a, b int32) int { return g.comparePreferred(limits, first[a], first[b]) })
	common.Certain = true
	for _, of := range found.of {
		inside := func(s step) bool { return s.certain && c.of[s.node] == of }
		found.certain = append(found.certain, g.named(common, g.lowest(g.cycle(first[of], inside))))
	}
	return found
}

// lowest lets each step of a cycle take the lowest call that there is of the same node, certain or not: bytes a turn are then those of the worst turn.
func (g *graph) lowest(cycle []step) []step {
	for i := range cycle {
		before := cycle[(i+len(cycle)-1)%len(cycle)].node
		for s := range g.steps(before) {
			if s.node == cycle[i].node {
				cycle[i].base = max(cycle[i].base, s.base)
			}
		}
	}
	return cycle
}

// comparePreferred orders nodes by which of them is to be on a cycle that is named: those of functions that should have limits first, then by
// the functions' numbers, so that the order is the same for the same binary.
func (g *graph) comparePreferred(limits []int, a, b int) int {
	rank := func(id int) int {
		if i := slices.Index(limits, g.nodes[id].function); i >= 0 {
			return i
		}
		return len(limits)
	}
	x, y := &g.nodes[a], &g.nodes[b]
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(x.function, y.function), cmp.Compare(x.mode, y.mode), cmp.Compare(a, b))
}

// named is a finding of a recursion with one cycle of it.
func (g *graph) named(common finding.Cycle, steps []step) finding.Cycle {
	for _, s := range steps {
		common.Funcs = append(common.Funcs, g.code.functions[g.nodes[s.node].function].Name)
		common.Bytes += s.base
	}
	return common
}
