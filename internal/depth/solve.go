// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

// A measure is a distance below the place of the stack pointer on entry to a node, and the call that leads there.
type measure struct {
	bytes int64
	by    int // an edge; itself if the frame alone goes that far
	to    int // the node that is called
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
	var next []int
	for _, id := range from {
		next = g.plan(next, int32(id))
	}
	for len(next) > 0 {
		id := next[len(next)-1]
		next = next[:len(next)-1]
		g.build(id)
		if g.asserted.turned > mostTurned {
			return false
		}
		n := &g.nodes[id]
		for _, e := range n.edges {
			next = g.plan(next, e.to...)
		}
		for _, d := range n.deferred {
			next = g.plan(next, d.to...)
		}
	}
	return true
}

// plan appends those of some nodes that are neither built nor planned to be.
func (g *graph) plan(next []int, ids ...int32) []int {
	for _, id := range ids {
		if n := &g.nodes[id]; !n.built && !n.planned {
			n.planned = true
			next = append(next, int(id))
		}
	}
	return next
}

// successors returns the nodes that a node calls, some more than once.
func (g *graph) successors(id int) (all []int) {
	n := &g.nodes[id]
	for _, e := range n.edges {
		all = append(all, ints(e.to)...)
	}
	for _, d := range n.deferred {
		all = append(all, ints(d.to)...)
	}
	return all
}

func ints(ids []int32) []int {
	all := make([]int, len(ids))
	for i, id := range ids {
		all[i] = int(id)
	}
	return all
}

// measure finds the depth of one node. It reports false for one whose depth is being found: a call of it closes a cycle.
func (g *graph) measure(id int) bool {
	n := &g.nodes[id]
	if n.solved || n.visiting {
		return n.solved
	}
	n.visiting = true
	f := &g.code.functions[n.function]
	n.calls, n.unwinds, n.self = measure{f.frame, itself, nobody}, measure{nowhere, itself, nobody}, itself
	n.checked = nowhere
	if f.checks {
		n.checked = f.checked
	}
	if f.Name == gopanic || f.Name == goexit {
		n.unwinds.bytes = f.frame + g.code.text.ReturnAddress
	}
	for i := range n.edges {
		for _, t := range n.edges[i].to {
			g.measureCall(id, i, int(t))
		}
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

// measureCall counts what edge i of a node leads to.
func (g *graph) measureCall(id, i, called int) {
	n := &g.nodes[id]
	e, to := &n.edges[i], &g.nodes[called]
	if !g.measure(called) {
		if called == id {
			n.selfCall(i)
		}
		return
	}
	if deep := e.height + to.deep; deep > n.calls.bytes {
		n.calls = measure{deep, i, called}
	}
	if last := to.lastUnwind(); last != nowhere && e.height+last > n.unwinds.bytes && (!e.last || len(n.deferred) > 1) {
		n.unwinds = measure{e.height + last, i, called} // a panic in the one deferred call does not call it again
	}
	n.check(e.height, to)
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
		most, last := measure{nowhere, itself, nobody}, measure{on, itself, nobody}
		for _, t := range d.to {
			if on == nowhere || !g.measure(int(t)) {
				continue
			}
			to := &g.nodes[t]
			if deep := on + to.deep; deep > most.bytes {
				most = measure{deep, i, int(t)}
			}
			if u := to.lastUnwind(); u != nowhere && on+u > last.bytes {
				last = measure{on + u, i, int(t)}
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
	certain  bool
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
		return g.path(n.above[i].deep.to, step{base: from.base + n.calledFrom(i), at: n.deferred[i].at, deferred: true}, to, most)
	}
	from, to = n.turnPath(from, to)
	if n.calls.by != itself {
		e := n.edges[n.calls.by]
		to = g.path(n.calls.to, step{base: from.base + e.height, at: *e.at, sure: e.sure}, to, most)
	}
	return to
}

// turnPath adds the steps of a node: as many as it takes turns. It returns the last.
func (n *node) turnPath(from step, to []step) (step, []step) {
	to = append(to, from)
	for turn := int64(1); n.self != itself && turn < n.repeats; turn++ {
		e := n.edges[n.self]
		from = step{node: from.node, base: from.base + e.height, at: *e.at}
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
		by := n.above[i-1].unwinds.to
		return g.unwindPath(by, step{base: from.base + n.calledFrom(i-1), at: n.deferred[i-1].at, deferred: true}, len(g.nodes[by].deferred), to, most)
	}
	from, to = n.turnPath(from, to)
	if n.unwinds.by != itself {
		e := n.edges[n.unwinds.by]
		called := n.unwinds.to
		return g.unwindPath(called, step{base: from.base + e.height, at: *e.at, sure: e.sure}, len(g.nodes[called].deferred), to, most)
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
