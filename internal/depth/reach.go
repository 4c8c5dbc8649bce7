// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// A reaching is what can be reached from entries: cycles, what rests on assertions, and what is not known. All entries are looked at together,
// by the strongly connected components of the graph: a large program has thousands of entries, and from most of them nearly all of the
// program can be reached.
type reaching struct {
	*condensed
	certain *certainty
	cyclic  []int // by component: the set of components, of those that findCycles found
	rests   []int // likewise, of nodes
	open    []int32
	used    map[int][]int64 // by the node of an entry, for each open node what is used below the entry, and then for each what is at least used
}

// A reached is a node that can be reached from an entry, and how many bytes of stack are used at most when it is entered.
type reached struct {
	id   int
	used int64
}

// reach finds what the analysis' entries reach.
func (a *Analysis) reach() *reaching {
	if a.reaches != nil {
		return a.reaches
	}
	g := a.graph
	r := &reaching{condensed: g.components((*node).deferrals, false).condense(), certain: g.findCertain(), used: map[int][]int64{}}
	r.cyclic = r.collect(func(n *node, _ int32) (int, bool) { return n.component, n.cyclic })
	r.rests = r.collect(func(n *node, id int32) (int, bool) { return int(id), len(n.rests) > 0 })
	var entries []int
	for _, e := range a.entries {
		if e.function != unknownTarget {
			entries = append(entries, g.variantNode(e.function, calm, e.variant))
		}
	}
	r.findUnknowns(unique(entries))
	a.reaches = r
	return r
}

// cycles returns the components that are cycles and can be reached from a node.
func (r *reaching) cycles(id int) []int32 { return r.sets.all[r.cyclic[r.of[id]]] }

// resting returns the nodes that rest on assertions and can be reached from a node.
func (r *reaching) resting(id int) []int32 { return r.sets.all[r.rests[r.of[id]]] }

// unknowns returns the nodes with something unknown that can be reached from that of an entry, with top bytes used on entry. The
// first turn of cycles counts.
func (r *reaching) unknowns(id int, top int64) []reached {
	var all []reached
	used := r.used[id]
	for i, n := range r.open {
		below, least := used[i], used[len(r.open)+i]
		if least >= 0 {
			all = append(all, reached{int(n), max(top+below, least)})
		}
	}
	return all
}

// A condensed is a graph, or a part of one, by its strongly connected components.
type condensed struct {
	g          *graph
	components *tarjan
	of         []int32 // by node, its component
	sets       *sets
}

func (t *tarjan) condense() *condensed {
	c := &condensed{g: t.g, components: t, of: make([]int32, len(t.g.nodes)), sets: newSets()}
	for i, members := range t.found {
		for _, m := range members {
			c.of[m] = int32(i)
		}
	}
	return c
}

// collect returns for each component the set of what can be reached from it.
func (c *condensed) collect(what func(n *node, id int32) (int, bool)) []int {
	found := make([]int, len(c.components.found))
	for i := range found {
		var own []int32
		for _, m := range c.components.found[i] {
			if x, has := what(&c.g.nodes[m], m); has {
				own = append(own, int32(x))
			}
		}
		slices.Sort(own)
		set := c.sets.number(slices.Compact(own))
		c.eachAfter(i, func(next int32) { set = c.sets.union(set, found[next]) })
		found[i] = set
	}
	return found
}

// eachAfter calls do for the components that a component's nodes call, but not for itself; for some more than once.
func (c *condensed) eachAfter(component int, do func(next int32)) {
	last := int32(component)
	follow := func(to []int32) {
		for _, t := range to {
			if next := c.of[t]; next != last && next != int32(component) {
				last = next
				do(next)
			}
		}
	}
	for _, m := range c.components.found[component] {
		n := &c.g.nodes[m]
		for i := range n.edges {
			if c.components.counts(&n.edges[i]) {
				follow(n.edges[i].to)
			}
		}
		for _, d := range n.deferred[:c.components.deferrals(n)] {
			follow(d.to)
		}
	}
}

// sets numbers sets, which are lists in order. Number 0 is the empty set.
type sets struct {
	all    [][]int32
	known  map[string]int
	unions map[[2]int]int
}

func newSets() *sets {
	s := &sets{known: map[string]int{}, unions: map[[2]int]int{}}
	s.number(nil)
	return s
}

func (s *sets) number(list []int32) int {
	key := make([]byte, 0, 4*len(list))
	for _, x := range list {
		key = append(key, byte(x), byte(x>>8), byte(x>>16), byte(x>>24))
	}
	n, known := s.known[string(key)]
	if !known {
		n = len(s.all)
		s.all = append(s.all, list)
		s.known[string(key)] = n
	}
	return n
}

func (s *sets) union(a, b int) int {
	switch {
	case a == b || b == 0:
		return a
	case a == 0:
		return b
	}
	key := [2]int{min(a, b), max(a, b)}
	n, known := s.unions[key]
	if !known {
		list := slices.Concat(s.all[a], s.all[b])
		slices.Sort(list)
		n = s.number(slices.Compact(list))
		s.unions[key] = n
	}
	return n
}

// A lane is what is used on the way from a node to each of a few others, or unreached.
const lanes = 8

type lane [lanes]int64

const unreached = math.MinInt64 / 2

// A way to open nodes, of calls that lead to some.
type (
	openCalls struct {
		nodes []int32 // those from which an open node can be reached, in the order of their depths' dependence
		from  []int   // by index in nodes, where its calls start
		calls []openCall
		at    []int32 // by node, its index in nodes, or nobody
	}
	openCall struct {
		to   int32 // an index in nodes
		base int32
	}
)

// findUnknowns finds what is used on the way from entries to the nodes with something unknown.
func (r *reaching) findUnknowns(entries []int) {
	for id := range r.g.nodes {
		if len(r.g.nodes[id].unknowns) > 0 {
			r.open = append(r.open, int32(id))
		}
	}
	for _, e := range entries {
		r.used[e] = make([]int64, 2*len(r.open))
	}
	calls := r.openCalls()
	var workers sync.WaitGroup
	next := make(chan int)
	for range 2 {
		workers.Go(func() {
			for first := range next {
				r.findSome(calls, first, entries)
			}
		})
	}
	for first := 0; first < len(r.open); first += lanes {
		next <- first
	}
	close(next)
	workers.Wait()
}

// openCalls returns the part of the graph from which there is a way to a node with something unknown.
func (r *reaching) openCalls() *openCalls {
	g := r.g
	leads := make([]bool, len(r.components.found)) // by component
	for i, members := range r.components.found {
		leads[i] = slices.ContainsFunc(members, func(m int32) bool { return len(g.nodes[m].unknowns) > 0 })
		r.eachAfter(i, func(next int32) { leads[i] = leads[i] || leads[next] })
	}
	o := &openCalls{at: make([]int32, len(g.nodes))}
	for id := range g.nodes {
		o.at[id] = nobody
		if leads[r.of[id]] {
			o.nodes = append(o.nodes, int32(id))
		}
	}
	slices.SortFunc(o.nodes, func(a, b int32) int { return cmp.Compare(g.nodes[a].order, g.nodes[b].order) })
	for i, id := range o.nodes {
		o.at[id] = int32(i)
	}
	for _, id := range o.nodes {
		o.from = append(o.from, len(o.calls))
		n := &g.nodes[id]
		for _, e := range n.edges {
			o.add(e.to, e.height)
		}
		for i, d := range n.deferred[:n.deferrals()] {
			o.add(d.to, n.calledFrom(i))
		}
	}
	o.from = append(o.from, len(o.calls))
	return o
}

func (o *openCalls) add(to []int32, base int64) {
	for _, t := range to {
		if at := o.at[t]; at != nobody {
			o.calls = append(o.calls, openCall{at, int32(base)})
		}
	}
}

// findSome is findUnknowns for a few nodes, from a first one on. What is used below a node counts calls of nodes whose depth was known
// before; what can be reached in other ways, by the call that closes a cycle, is at least used from where it is.
func (r *reaching) findSome(o *openCalls, first int, entries []int) {
	below, least := make([]lane, len(o.nodes)), make([]lane, len(r.components.found))
	some := r.open[first:min(first+lanes, len(r.open))]
	for i := range least {
		for k := range lanes {
			least[i][k] = unreached
		}
	}
	for i, id := range o.nodes {
		l := &below[i]
		for k := range lanes {
			l[k] = unreached
		}
		if k := slices.Index(some, id); k >= 0 {
			l[k] = 0
		}
		for _, c := range o.calls[o.from[i]:o.from[i+1]] {
			if int(c.to) < i {
				l.deepen(&below[c.to], int64(c.base))
			}
		}
		if before := r.g.nodes[id].before(); before > 0 {
			for k := range lanes {
				l[k] += before
			}
		}
	}
	for i, members := range r.components.found {
		for _, m := range members {
			at := o.at[m]
			if at == nobody {
				break
			}
			least[i].deepen(&below[at], 0)
			for _, c := range o.calls[o.from[at]:o.from[at+1]] {
				if next := r.of[o.nodes[c.to]]; next != int32(i) {
					least[i].deepen(&least[next], 0)
				}
			}
		}
	}
	for _, e := range entries {
		used := r.used[e]
		for k := range some {
			used[first+k], used[len(r.open)+first+k] = unreached, unreached
			if at := o.at[e]; at != nobody {
				used[first+k], used[len(r.open)+first+k] = below[at][k], least[r.of[e]][k]
			}
		}
	}
}

func (l *lane) deepen(by *lane, more int64) {
	for k := range lanes {
		l[k] = max(l[k], by[k]+more)
	}
}
