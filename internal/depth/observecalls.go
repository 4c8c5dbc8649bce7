// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// A callCheck follows stacks that were observed through the graph: each must be a path of it. A node for a function in each mode, variant and
// number of turns that the calls above allow is where the path may be.
type callCheck struct {
	graph      *graph
	starts     map[int][]int // nodes of entries, by first function
	byFunction map[int][]int // all nodes
	paths      map[pathStart]*path
	jumped     map[int][]int   // see jumps
	closed     map[string]bool // see isClosed
	calls      int64           // on the stacks
	beyond     int64           // of these, not looked up: below a call whose targets are not known
	missing    map[string]bool
}

type pathStart struct {
	first    string // of the goroutine; "" if the outermost function that was seen may be another
	function int
}

// A path is the outermost frames of stacks, and where in the graph they lead.
type path struct {
	at       []int // none if the last call is not in the graph, or not known
	deferred []int // what the functions so far may have deferred
	more     map[laidFrame]*path
}

func (a *Analysis) newCallCheck() *callCheck {
	k := &callCheck{
		graph: a.graph, starts: map[int][]int{}, byFunction: map[int][]int{}, paths: map[pathStart]*path{}, jumped: map[int][]int{}, closed: map[string]bool{}, missing: map[string]bool{},
	}
	for _, e := range a.entries {
		if e.function != unknownTarget {
			k.starts[e.function] = append(k.starts[e.function], a.graph.variantNode(e.function, calm, e.variant))
		}
	}
	for id := range a.graph.nodes {
		if n := &a.graph.nodes[id]; n.built {
			k.byFunction[n.function] = append(k.byFunction[n.function], id)
		}
	}
	return k
}

// follow looks up every call of a stack, from the outermost. The stack is that of goroutines whose first function has the name.
func (k *callCheck) follow(frames []laidFrame, whole bool, first string) {
	last := len(frames) - 1
	if last < 1 {
		return
	}
	k.calls += int64(last)
	p := k.start(frames[last].function, whole, first)
	for i := last; i > 0; i-- {
		if len(p.at) == 0 { // no entry is known for it, which is said elsewhere, or what is below is not known
			k.beyond += int64(i)
			return
		}
		next, seen := p.more[frames[i-1]]
		if !seen {
			next = k.extended(p, frames[i], frames[i-1])
			if p.more[frames[i-1]] = next; len(next.at) == 0 && (whole || k.isClosed(first)) && !k.open(p.at, frames[i-1].unseen != "") {
				k.miss(frames[i-1:], first)
			}
		}
		p = next
	}
	if len(p.at) == 0 {
		k.beyond++
	}
}

// isClosed reports whether all calls are known that goroutines with the first function may come to. Otherwise a stack whose outermost frames were
// not seen may be one that the graph does not have.
func (k *callCheck) isClosed(first string) bool {
	closed, known := k.closed[first]
	if !known {
		var all []int
		for _, id := range k.graph.code.byName[first] {
			all = append(all, k.starts[id]...)
		}
		seen := map[int]bool{}
		closed = len(all) > 0
		for len(all) > 0 && closed {
			id := all[len(all)-1]
			all = all[:len(all)-1]
			if !seen[id] {
				seen[id] = true
				closed = len(k.graph.nodes[id].unknowns)+len(k.graph.nodes[id].rests) == 0
				all = append(all, k.graph.successors(id)...)
			}
		}
		k.closed[first] = closed
	}
	return closed
}

// start returns the path of the outermost frame alone.
func (k *callCheck) start(function int, whole bool, first string) *path {
	if !whole {
		first = ""
	}
	p := k.paths[pathStart{first, function}]
	if p == nil {
		p = &path{more: map[laidFrame]*path{}}
		k.paths[pathStart{first, function}] = p
		if !whole {
			p.at = k.byFunction[function]
		}
		for _, id := range k.graph.code.byName[first] {
			p.at = k.add(p.at, k.starts[id], function)
		}
		p.at = unique(p.at)
	}
	return p
}

// extended returns a path with one frame more: that of callee, by a call in that of caller.
func (k *callCheck) extended(p *path, caller, callee laidFrame) *path {
	next := &path{deferred: k.addDeferred(p.deferred, p.at), more: map[laidFrame]*path{}}
	at, below := p.at, int64(0)
	if callee.unseen != "" { // by way of one more function
		at = k.called(at)
		next.deferred = k.addDeferred(next.deferred, at)
	} else if caller.unseen == "" && caller.entered != notSeen && callee.entered != notSeen {
		below = callee.entered - caller.entered
	}
	for _, id := range at {
		n := &k.graph.nodes[id]
		for i := range n.edges {
			if e := &n.edges[i]; e.height >= below {
				next.at = k.add(next.at, ints(e.to), callee.function)
			}
		}
		if runsDeferred(k.graph.code.functions[n.function].Name) {
			next.at = k.add(next.at, next.deferred, callee.function)
		}
	}
	next.at = unique(next.at)
	return next
}

// add adds to a list those of some nodes, and of what they jump to, that are of the function.
func (k *callCheck) add(list, some []int, function int) []int {
	for _, id := range some {
		if k.graph.nodes[id].function == function {
			list = append(list, id)
		}
		for _, to := range k.jumps(id) {
			if k.graph.nodes[to].function == function {
				list = append(list, to)
			}
		}
	}
	return list
}

// jumps returns the nodes that one jumps to when it has no frame any more: a jump is an edge on which nothing lies.
func (k *callCheck) jumps(id int) []int {
	all, known := k.jumped[id]
	if known {
		return all
	}
	all = []int{id}
	for i := 0; i < len(all); i++ {
		for _, e := range k.graph.nodes[all[i]].edges {
			if e.height != 0 {
				continue
			}
			for _, to := range ints(e.to) {
				if !slices.Contains(all, to) {
					all = append(all, to)
				}
			}
		}
	}
	k.jumped[id] = all[1:]
	return all[1:]
}

// called returns the nodes that some call.
func (k *callCheck) called(some []int) []int {
	var all []int
	for _, id := range some {
		for _, to := range k.graph.successors(id) {
			all = append(append(all, to), k.jumps(to)...)
		}
	}
	return unique(all)
}

// addDeferred adds the nodes of what some nodes defer.
func (k *callCheck) addDeferred(all, some []int) []int {
	before := len(all)
	all = slices.Clip(all)
	for _, id := range some {
		n := &k.graph.nodes[id]
		for _, d := range n.deferred {
			all = append(all, ints(d.to)...)
		}
		for i := range n.edges {
			if n.edges[i].last {
				all = append(all, ints(n.edges[i].to)...)
			}
		}
	}
	if len(all) == before {
		return all
	}
	return unique(all)
}

// open reports whether it is said of a node that it has more calls: unknown ones, or some that an assertion rules out. What it calls may jump
// to where nobody knows, or not be seen itself.
func (k *callCheck) open(some []int, unseen bool) bool {
	says := func(id int) bool { return len(k.graph.nodes[id].unknowns)+len(k.graph.nodes[id].rests) > 0 }
	jumps := func(id int) bool {
		return slices.ContainsFunc(k.graph.nodes[id].unknowns, func(u unknown) bool { return u.height == 0 })
	}
	return slices.ContainsFunc(some, says) || slices.ContainsFunc(k.called(some), func(id int) bool { return jumps(id) || unseen && says(id) })
}

// miss records that the graph lacks the call of the first of some frames by the second.
func (k *callCheck) miss(frames []laidFrame, first string) {
	name := func(i int) string { return k.graph.code.functions[frames[i].function].Name }
	file, line := k.graph.code.functions[frames[1].function].Places().At(frames[1].pc)
	var above []string
	for i := 2; i < len(frames) && i < 2+mostAbove; i++ {
		above = append(above, name(i))
	}
	k.missing[fmt.Sprintf("the graph has no call of %s by %s, %s, below %s, from %s on",
		name(0), name(1), finding.Site{File: file, Line: int64(line)}, strings.Join(above, ", "), first)] = true
}

// mostAbove is how many of the functions above a missing call are named.
const mostAbove = 4
