// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import "slices"

// A measure is a distance below the place of the stack pointer on entry to a node, and the call that leads there.
type measure struct {
	bytes int64
	by    int // an edge, or a node among the targets of a deferral; itself if the frame alone goes that far
}

const (
	itself  = -1
	nowhere = -1 // bytes of a place that there is none of
)

// solve finds the depth of the nodes that can be reached from the given ones. On a cycle, the call that closes it does not count: the
// depth is that of the first turn.
func (g *graph) solve(from []int) {
	nodes := len(g.nodes)
	if !g.buildFrom(from) {
		g.dropLimits(nodes)
		g.buildFrom(from)
	}
	g.findCycles()
	for _, id := range from {
		g.measure(id)
	}
}

// buildFrom builds the nodes that can be reached from the given ones. It gives up, and returns false, if limits make them too many.
func (g *graph) buildFrom(from []int) bool {
	next := slices.Clone(from)
	for len(next) > 0 {
		id := next[len(next)-1]
		next = next[:len(next)-1]
		if g.nodes[id].built {
			continue
		}
		g.build(id)
		if g.asserted.turned > mostTurned {
			return false
		}
		next = append(next, g.successors(id)...)
	}
	return true
}

// successors returns the nodes that a node calls, some more than once.
func (g *graph) successors(id int) []int {
	n := &g.nodes[id]
	var ids []int
	for _, e := range n.edges {
		ids = append(ids, e.to)
	}
	for _, d := range n.deferred {
		ids = append(ids, d.to...)
	}
	return ids
}

// measure finds the depth of one node. It reports false for one whose depth is being found: a call of it closes a cycle.
func (g *graph) measure(id int) bool {
	n := &g.nodes[id]
	if n.solved || n.visiting {
		return n.solved
	}
	n.visiting = true
	f := &g.code.functions[n.function]
	n.calls, n.unwinds, n.self = measure{f.frame, itself}, measure{nowhere, itself}, itself
	n.checked = nowhere
	if f.checks {
		n.checked = f.checked
	}
	if f.Name == gopanic || f.Name == goexit {
		n.unwinds.bytes = f.frame + g.code.text.ReturnAddress
	}
	for i, e := range n.edges {
		if !g.measure(e.to) {
			if e.to == id {
				n.selfCall(i)
			}
			continue
		}
		to := &g.nodes[e.to]
		if deep := e.height + to.deep; deep > n.calls.bytes {
			n.calls = measure{deep, i}
		}
		if last := to.lastUnwind(); last != nowhere && e.height+last > n.unwinds.bytes && (!e.last || len(n.deferred) > 1) {
			n.unwinds = measure{e.height + last, i} // a panic in the one deferred call does not call it again
		}
		n.check(e.height, to)
	}
	if n.repeats > 0 {
		n.repeat()
	}
	n.deep, n.deepest = n.calls.bytes, itself
	g.measureDeferred(n)
	n.visiting, n.solved = false, true
	g.measured++
	n.order = g.measured
	return true
}

// selfCall counts the call i of the node itself.
func (n *node) selfCall(i int) {
	if n.repeats > 0 && (n.self == itself || n.edges[i].height > n.edges[n.self].height) {
		n.self = i
	}
}

// repeat puts the deepest place of the last turn below the turns before.
func (n *node) repeat() {
	before := n.before()
	n.calls.bytes += before
	if n.unwinds.bytes != nowhere {
		n.unwinds.bytes += before
	}
	if n.checked != nowhere {
		n.checked += before
	}
}

// before is how many bytes all turns but the last take.
func (n *node) before() int64 {
	if n.repeats == 0 || n.self == itself {
		return 0
	}
	return (n.repeats - 1) * n.edges[n.self].height
}

// check counts the prologues of a node that is called from a place.
func (n *node) check(from int64, to *node) {
	if to.checked != nowhere {
		n.checked = max(n.checked, from+to.checked)
	}
}

// measureDeferred puts the deferred calls on top of the place from which a panic, or the end of the goroutine, calls them. Each may
// panic again, so that the next one is called from further down.
func (g *graph) measureDeferred(n *node) {
	on := n.unwinds.bytes
	for i, d := range n.deferred {
		most, last := measure{nowhere, itself}, measure{on, itself}
		for _, t := range d.to {
			if on == nowhere || !g.measure(t) {
				continue
			}
			to := &g.nodes[t]
			if deep := on + to.deep; deep > most.bytes {
				most = measure{deep, t}
			}
			if u := to.lastUnwind(); u != nowhere && on+u > last.bytes {
				last = measure{on + u, t}
			}
			n.check(on, to)
		}
		n.above = append(n.above, above{most, last})
		if most.bytes > n.deep {
			n.deep, n.deepest = most.bytes, i
		}
		on = last.bytes
	}
}

// An above is what a deferral adds on top: how deep it gets, and from where the next one is called.
type above struct{ deep, unwinds measure }

// lastUnwind is the lowest place from which deferred calls are made while the node is on the stack, or nowhere.
func (n *node) lastUnwind() int64 {
	if len(n.above) > 0 {
		return n.above[len(n.above)-1].unwinds.bytes
	}
	return n.unwinds.bytes
}

// A step is one function on a witness path.
type step struct {
	node     int
	base     int64 // of the stack pointer on entry below that of the path's first function
	at       place // the call, in the step before
	sure     bool
	deferred bool
}

// path returns the calls that lead to a node's depth, and stops when there are as many as most.
func (g *graph) path(id int, from step, to []step, most int) []step {
	if len(to) >= most {
		return to
	}
	n := &g.nodes[id]
	from.node = id
	if i := n.deepest; i != itself {
		to = g.unwindPath(id, from, i, to, most)
		return g.path(n.above[i].deep.by, step{base: from.base + n.calledFrom(i), at: n.deferred[i].at, deferred: true}, to, most)
	}
	from, to = n.turnPath(from, to)
	if n.calls.by != itself {
		e := n.edges[n.calls.by]
		to = g.path(e.to, step{base: from.base + e.height, at: e.at, sure: e.sure}, to, most)
	}
	return to
}

// turnPath adds the steps of a node: as many as it takes turns. It returns the last.
func (n *node) turnPath(from step, to []step) (step, []step) {
	to = append(to, from)
	for turn := int64(1); n.self != itself && turn < n.repeats; turn++ {
		e := n.edges[n.self]
		from = step{node: from.node, base: from.base + e.height, at: e.at}
		to = append(to, from)
	}
	return from, to
}

// unwindPath returns the calls that lead to the place from which deferral i of a node is called.
func (g *graph) unwindPath(id int, from step, i int, to []step, most int) []step {
	if len(to) >= most {
		return to
	}
	n := &g.nodes[id]
	from.node = id
	for i > 0 && n.above[i-1].unwinds.by == itself {
		i--
	}
	if i > 0 {
		to = g.unwindPath(id, from, i-1, to, most)
		by := n.above[i-1].unwinds.by
		return g.unwindPath(by, step{base: from.base + n.calledFrom(i-1), at: n.deferred[i-1].at, deferred: true}, len(g.nodes[by].deferred), to, most)
	}
	from, to = n.turnPath(from, to)
	if n.unwinds.by != itself {
		e := n.edges[n.unwinds.by]
		return g.unwindPath(e.to, step{base: from.base + e.height, at: e.at, sure: e.sure}, len(g.nodes[e.to].deferred), to, most)
	}
	return to
}

// calledFrom is the place from which deferral i is called.
func (n *node) calledFrom(i int) int64 {
	if i == 0 {
		return n.unwinds.bytes
	}
	return n.above[i-1].unwinds.bytes
}

// findCycles finds the strongly connected components, by Tarjan's algorithm.
func (g *graph) findCycles() {
	t := tarjan{g: g, index: make([]int, len(g.nodes)), low: make([]int, len(g.nodes)), onStack: make([]bool, len(g.nodes))}
	for id := range g.nodes {
		if t.index[id] == 0 {
			t.visit(id)
		}
	}
}

type tarjan struct {
	g          *graph
	index, low []int // index from 1
	onStack    []bool
	stack      []int
	count      int
	components int
}

func (t *tarjan) visit(id int) {
	t.count++
	t.index[id], t.low[id] = t.count, t.count
	t.stack, t.onStack[id] = append(t.stack, id), true
	selfCall := false
	for _, s := range t.g.successors(id) {
		selfCall = selfCall || s == id
		if t.index[s] == 0 {
			t.visit(s)
			t.low[id] = min(t.low[id], t.low[s])
		} else if t.onStack[s] {
			t.low[id] = min(t.low[id], t.index[s])
		}
	}
	if t.low[id] != t.index[id] {
		return
	}
	t.components++
	at := len(t.stack) - 1
	for t.stack[at] != id {
		at--
	}
	members := t.stack[at:]
	t.stack = t.stack[:at]
	for _, m := range members {
		t.onStack[m] = false
		t.g.nodes[m].component = t.components
		t.g.nodes[m].cyclic = len(members) > 1
		if n := &t.g.nodes[m]; selfCall && len(members) == 1 {
			n.repeats = t.g.limit(n)
			n.cyclic = n.repeats == 0
		}
	}
}

// cycle returns a way of as few calls as possible from a node that is on a cycle back to it, without the node at its end. Of several
// calls of the same function it takes the lowest.
func (g *graph) cycle(id int) []step {
	type arrival struct {
		from int
		step step
	}
	arrivals := map[int]arrival{}
	next := []int{id}
	for len(next) > 0 {
		n := next[0]
		next = next[1:]
		for _, s := range g.steps(n) {
			if g.nodes[s.node].component != g.nodes[id].component {
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

// steps returns the calls of a node whose depth is known, each with its height as the base.
func (g *graph) steps(id int) []step {
	n := &g.nodes[id]
	if n.steps == nil {
		n.steps = []step{}
		for _, e := range n.edges {
			n.steps = append(n.steps, step{node: e.to, base: e.height, at: e.at, sure: e.sure})
		}
		for i, d := range n.deferred {
			if i >= len(n.above) || n.calledFrom(i) == nowhere {
				break
			}
			for _, t := range d.to {
				n.steps = append(n.steps, step{node: t, base: n.calledFrom(i), at: d.at, deferred: true})
			}
		}
	}
	return n.steps
}
