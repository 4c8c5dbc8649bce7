// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import "slices"

// findCycles finds the strongly connected components.
func (g *graph) findCycles() {
	t := g.components(func(n *node) int { return len(n.deferred) }, false)
	for i, members := range t.found {
		for _, m := range members {
			n := &g.nodes[m]
			n.component, n.cyclic = i+1, len(members) > 1
			if len(members) == 1 && t.calls(m, m) {
				n.repeats = g.limit(n)
				n.cyclic = n.repeats == 0
			}
		}
	}
}

// A tarjan finds strongly connected components by Tarjan's algorithm: each after all others that can be reached from it.
type tarjan struct {
	g          *graph
	deferrals  func(*node) int // how many of a node's deferrals count
	certain    bool            // of the edges, only those count that are certain
	index, low []int32         // index from 1
	onStack    []bool
	stack      []int32
	count      int32
	found      [][]int32
}

// components finds the components of the graph with some of the nodes' deferrals, the first ones, and all edges or those that are certain.
func (g *graph) components(deferrals func(*node) int, certain bool) *tarjan {
	t := &tarjan{g: g, deferrals: deferrals, certain: certain, index: make([]int32, len(g.nodes)), low: make([]int32, len(g.nodes)), onStack: make([]bool, len(g.nodes))}
	for id := range g.nodes {
		if t.index[id] == 0 {
			t.visit(int32(id))
		}
	}
	return t
}

func (t *tarjan) visit(id int32) {
	t.count++
	t.index[id], t.low[id] = t.count, t.count
	t.stack, t.onStack[id] = append(t.stack, id), true
	n := &t.g.nodes[id]
	for i := range n.edges {
		if t.counts(&n.edges[i]) {
			t.follow(id, n.edges[i].to)
		}
	}
	for i := range t.deferrals(n) {
		t.follow(id, n.deferred[i].to)
	}
	if t.low[id] != t.index[id] {
		return
	}
	at := len(t.stack) - 1
	for t.stack[at] != id {
		at--
	}
	members := slices.Clone(t.stack[at:])
	t.stack = t.stack[:at]
	for _, m := range members {
		t.onStack[m] = false
	}
	t.found = append(t.found, members)
}

func (t *tarjan) follow(id int32, to []int32) {
	for _, s := range to {
		if t.index[s] == 0 {
			t.visit(s)
			t.low[id] = min(t.low[id], t.low[s])
		} else if t.onStack[s] {
			t.low[id] = min(t.low[id], t.index[s])
		}
	}
}

func (t *tarjan) counts(e *edge) bool { return e.certain || !t.certain }

// calls reports whether a node calls another one.
func (t *tarjan) calls(id, other int32) bool {
	n := &t.g.nodes[id]
	return slices.ContainsFunc(n.edges, func(e edge) bool { return t.counts(&e) && slices.Contains(e.to, other) }) ||
		slices.ContainsFunc(n.deferred[:t.deferrals(n)], func(d deferral) bool { return slices.Contains(d.to, other) })
}

// cycle returns a way of as few calls as possible, of those inside, from a node that is on a cycle of such calls back to it, without the
// node at its end. Of several calls of the same function it takes the lowest.
func (g *graph) cycle(id int, inside func(step) bool) []step {
	type arrival struct {
		from int
		step step
	}
	arrivals := map[int]arrival{}
	next := []int{id}
	for arrivals[id] == (arrival{}) { // there is one when all calls of the node are known that leads back
		n := next[0]
		next = next[1:]
		for s := range g.steps(n) {
			if !inside(s) {
				continue
			}
			switch a, known := arrivals[s.node]; {
			case !known:
				arrivals[s.node] = arrival{n, s}
				next = append(next, s.node)
			case a.from == n && a.step.base < s.base:
				arrivals[s.node] = arrival{n, s}
			}
		}
	}
	var back []step
	for at := id; ; {
		a := arrivals[at]
		back = append(back, a.step)
		if at = a.from; at == id {
			break
		}
	}
	slices.Reverse(back)
	return back
}

// steps are the calls of a node whose depth is known, each with its height as the base.
func (g *graph) steps(id int) func(yield func(step) bool) {
	return func(yield func(step) bool) {
		n := &g.nodes[id]
		for _, e := range n.edges {
			for _, t := range e.to {
				if !yield(step{node: int(t), base: e.height, at: *e.at, sure: e.sure, certain: e.certain}) {
					return
				}
			}
		}
		for i, d := range n.deferred[:n.deferrals()] {
			for _, t := range d.to {
				if !yield(step{node: int(t), base: n.calledFrom(i), at: d.at, deferred: true}) {
					return
				}
			}
		}
	}
}

// deferrals is how many of a node's deferred calls there is a place for from which they are called: the first ones.
func (n *node) deferrals() int {
	for i := range n.above {
		if n.calledFrom(i) == nowhere {
			return i
		}
	}
	return len(n.above)
}
