// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

// In a large program that uses much reflection, many nodes lead to each other in circles. All of a circle hold the same in the end, and until
// then each thing goes round it, and every node has a set of its own. So circles are looked for now and then, and made one node.

// A collapser finds the strongly connected components of the nodes, by ways that let everything through (Tarjan's algorithm).
type collapser struct {
	*flows
	index   []int32 // order in which nodes were found, from 1; 0 before
	low     []int32
	onStack []bool
	stack   []int
	path    []visit
	found   int32
}

// A visit is to a node, some of whose ways were followed.
type visit struct{ node, next int }

// collapse makes circles one node each.
func (o *flows) collapse() {
	c := &collapser{flows: o, index: make([]int32, len(o.nodes)), low: make([]int32, len(o.nodes)), onStack: make([]bool, len(o.nodes))}
	var circles [][]int
	for id := range o.nodes {
		if o.nodes[id].joined == id && c.index[id] == 0 {
			c.from(id, func(circle []int) { circles = append(circles, circle) })
		}
	}
	for _, circle := range circles {
		one := circle[0]
		for _, id := range circle[1:] {
			o.join(o.root(one), o.root(id))
		}
		o.shorten(o.root(one))
	}
}

// from looks at the nodes that one leads to.
func (c *collapser) from(id int, found func([]int)) {
	c.enter(id)
	for len(c.path) > 0 {
		at := &c.path[len(c.path)-1]
		if ways := c.nodes[at.node].to; at.next < len(ways) {
			w := ways[at.next]
			at.next++
			if w.has != nil || w.open {
				continue
			}
			to := c.root(w.to)
			if c.index[to] == 0 {
				c.enter(to)
			} else if c.onStack[to] {
				c.low[at.node] = min(c.low[at.node], c.index[to])
			}
			continue
		}
		node := at.node
		c.path = c.path[:len(c.path)-1]
		if len(c.path) > 0 {
			before := c.path[len(c.path)-1].node
			c.low[before] = min(c.low[before], c.low[node])
		}
		if c.low[node] == c.index[node] {
			c.leave(node, found)
		}
	}
}

func (c *collapser) enter(id int) {
	c.found++
	c.index[id], c.low[id], c.onStack[id] = c.found, c.found, true
	c.stack = append(c.stack, id)
	c.path = append(c.path, visit{node: id})
}

// leave takes a component off the stack.
func (c *collapser) leave(id int, found func([]int)) {
	first := len(c.stack) - 1
	for c.stack[first] != id {
		first--
	}
	for _, member := range c.stack[first:] {
		c.onStack[member] = false
	}
	if len(c.stack)-first > 1 {
		found(append([]int(nil), c.stack[first:]...))
	}
	c.stack = c.stack[:first]
}

// shorten leaves out the ways from a root that lead back to it, and all but one of those that are the same.
func (o *flows) shorten(id int) {
	n := o.nodes[id]
	type same struct {
		to, key int
		open    bool
	}
	seen := map[same]bool{}
	kept := n.to[:0]
	for _, w := range n.to {
		w.to = o.root(w.to)
		key := same{w.to, -1, w.open}
		if w.has != nil {
			key.key = w.key
		}
		if w.to != id && !seen[key] {
			seen[key] = true
			kept = append(kept, w)
		}
	}
	clear(n.to[len(kept):])
	n.to = kept
}
