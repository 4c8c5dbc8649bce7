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
	calls      int64         // on the stacks
	beyond     int64         // of these, not looked up: below a call whose targets are not known
	missing    map[string]bool
}

func (a *Analysis) newCallCheck() *callCheck {
	k := &callCheck{graph: a.graph, starts: map[int][]int{}, byFunction: map[int][]int{}, missing: map[string]bool{}}
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
	var at []int
	if whole {
		for _, id := range k.graph.code.byName[first] {
			at = append(at, k.to(k.starts[id], frames[last].function)...)
		}
	} else {
		at = k.byFunction[frames[last].function]
	}
	k.calls += int64(last)
	if len(at) == 0 { // no entry is known for it, which is said elsewhere
		k.beyond += int64(last)
		return
	}
	var deferred []int // what the functions so far may have deferred
	for i := last; i > 0; i-- {
		deferred = k.addDeferred(deferred, at)
		if frames[i-1].unseen != "" {
			deferred = k.addDeferred(deferred, k.called(at))
		}
		next := k.next(at, frames[i], frames[i-1], deferred)
		if len(next) == 0 {
			if k.open(at, frames[i-1].unseen != "") {
				k.beyond += int64(i)
				return
			}
			k.miss(frames[i-1:], first)
			k.beyond += int64(i - 1)
			return
		}
		at = next
	}
}

// next returns the nodes for the function of callee that those of its caller lead to, which are at.
func (k *callCheck) next(at []int, caller, callee laidFrame, deferred []int) []int {
	below := int64(0)
	if callee.unseen != "" { // by way of one more function
		at = k.called(at)
	} else if caller.unseen == "" && caller.entered != notSeen && callee.entered != notSeen {
		below = callee.entered - caller.entered
	}
	var next []int
	for _, id := range at {
		for _, e := range k.graph.nodes[id].edges {
			if e.height >= below {
				next = append(next, k.to([]int{e.to}, callee.function)...)
			}
		}
		if runsDeferred(k.graph.code.functions[k.graph.nodes[id].function].Name) {
			next = append(next, k.to(deferred, callee.function)...)
		}
	}
	return unique(next)
}

// to returns those of some nodes, and of what they jump to, that are of the function.
func (k *callCheck) to(some []int, function int) []int {
	return slices.DeleteFunc(k.jumps(some), func(id int) bool { return k.graph.nodes[id].function != function })
}

// jumps returns some nodes and those that they jump to when they have no frame any more: a jump is an edge on which nothing lies.
func (k *callCheck) jumps(some []int) []int {
	all := slices.Clone(some)
	for i := 0; i < len(all); i++ {
		for _, e := range k.graph.nodes[all[i]].edges {
			if e.height == 0 && !slices.Contains(all, e.to) {
				all = append(all, e.to)
			}
		}
	}
	return all
}

// called returns the nodes that some call.
func (k *callCheck) called(some []int) []int {
	var all []int
	for _, id := range some {
		all = append(all, k.graph.successors(id)...)
	}
	return k.jumps(unique(all))
}

// addDeferred adds the nodes of what some nodes defer.
func (k *callCheck) addDeferred(all, some []int) []int {
	for _, id := range some {
		n := &k.graph.nodes[id]
		for _, d := range n.deferred {
			all = append(all, d.to...)
		}
		for _, e := range n.edges {
			if e.last {
				all = append(all, e.to)
			}
		}
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
