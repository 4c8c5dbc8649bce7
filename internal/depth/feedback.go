// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
	"slices"
)

// A recursion that functions take part in by the thousand has more cycles than anyone can look at. What helps against all of them are limits on a
// few functions that every cycle goes through, or to know what one indirect call really calls.

// mostLimits is how many functions are named at most.
const mostLimits = 12

// A tangle is the nodes of a strongly connected component and the calls among them, numbered from 0.
type tangle struct {
	function []int // by node
	to, from [][]int
}

func (g *graph) tangleOf(members []int) *tangle {
	t := &tangle{function: make([]int, len(members)), to: make([][]int, len(members)), from: make([][]int, len(members))}
	number := make(map[int]int, len(members))
	for i, id := range members {
		number[id] = i
		t.function[i] = g.nodes[id].function
	}
	last := make([]int, len(members)) // the last that called each one, from 1
	for i, id := range members {
		for _, s := range g.successors(id) {
			if n, inside := number[s]; inside && last[n] != i+1 {
				last[n] = i + 1
				t.to[i], t.from[n] = append(t.to[i], n), append(t.from[n], i)
			}
		}
	}
	return t
}

// limits returns functions that, taken out, leave no cycle; none of them could stay. It returns false if there would have to be more than
// mostLimits, and then those that most cycles seem to go through.
func (t *tangle) limits() (functions []int, all bool) {
	without := map[int]bool{}
	for {
		left, any := t.trim(without)
		if !any {
			break
		}
		if len(functions) == mostLimits {
			return functions, false
		}
		next := t.busiest(left)
		without[next], functions = true, append(functions, next)
	}
	return slices.DeleteFunc(functions, func(f int) bool {
		delete(without, f)
		_, any := t.trim(without)
		without[f] = any
		return !any
	}), true
}

// trim takes out functions, and then the nodes that call none of the rest or that none of the rest calls, one by one. It returns the nodes that are
// left, and whether there are any: there are as long as there is a cycle.
func (t *tangle) trim(without map[int]bool) (left []bool, any bool) {
	left = make([]bool, len(t.function))
	calls, called := make([]int, len(t.function)), make([]int, len(t.function))
	var out []int
	remove := func(i int) {
		left[i] = false
		out = append(out, i)
	}
	for i, f := range t.function {
		left[i], calls[i], called[i] = true, len(t.to[i]), len(t.from[i])
		if without[f] || calls[i] == 0 || called[i] == 0 {
			remove(i)
		}
	}
	gone := 0
	for ; gone < len(out); gone++ {
		for _, n := range t.to[out[gone]] {
			if called[n]--; left[n] && called[n] == 0 {
				remove(n)
			}
		}
		for _, n := range t.from[out[gone]] {
			if calls[n]--; left[n] && calls[n] == 0 {
				remove(n)
			}
		}
	}
	return left, gone < len(left)
}

// busiest returns the function that most ways of one call each lead through; one that calls itself has to go in any case.
func (t *tangle) busiest(left []bool) int {
	ways := map[int]int{}
	for i, f := range t.function {
		if !left[i] {
			continue
		}
		in, out := count(t.from[i], left), count(t.to[i], left)
		ways[f] += in * out
		if slices.Contains(t.to[i], i) {
			ways[f] += len(left) * len(left)
		}
	}
	best := -1
	for f, n := range ways {
		if best < 0 || cmp.Or(cmp.Compare(n, ways[best]), cmp.Compare(best, f)) > 0 {
			best = f
		}
	}
	return best
}

func count(nodes []int, left []bool) int {
	n := 0
	for _, i := range nodes {
		if left[i] {
			n++
		}
	}
	return n
}

// junction returns the indirect call by which one function of a component calls most others of it, and how many; fewer than two are none.
func (g *graph) junction(members []int) (function int, at place, targets int) {
	type key struct {
		function int
		at       place
	}
	component := g.nodes[members[0]].component
	called := map[key]map[int]bool{}
	for _, id := range members {
		n := &g.nodes[id]
		for _, e := range n.edges {
			k := key{n.function, *e.at}
			for _, to := range e.to {
				if e.sure || g.nodes[to].component != component {
					continue
				}
				if called[k] == nil {
					called[k] = map[int]bool{}
				}
				called[k][g.nodes[to].function] = true
			}
		}
	}
	for k, to := range called {
		order := cmp.Or(cmp.Compare(len(to), targets), cmp.Compare(function, k.function), cmp.Compare(at.line, k.at.line))
		if len(to) > 1 && order > 0 {
			function, at, targets = k.function, k.at, len(to)
		}
	}
	return function, at, targets
}
