// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An Obstacle is what keeps entries from a bound: a recursion, or something unknown.
type Obstacle struct {
	Text    string
	Remedy  string
	Entries int // that it keeps from a bound, alone or with others
	Certain int // of those, how many come to it for certain, and to a certain cycle of it
	Alone   int // that nothing else keeps from one
	Bounded int // entries that have a bound once this obstacle and all before it are out of the way
}

// Obstacles returns what keeps entries from a bound, in the order in which to take it out of the way: each one is the one that gives most
// entries a bound next, or else that most of those left come to. The runtime's own entries count if system is set.
func (r *DepthReport) Obstacles(system bool) []Obstacle {
	h := &hurdles{at: map[string]int{}}
	for _, e := range r.Entries {
		if e.System && !system {
			continue
		}
		before := len(h.entries)
		for i := range e.Cycles {
			c := &e.Cycles[i]
			h.add(before, c.key(), c.Text(), c.Remedy(), c.Reached)
		}
		for i := range e.Unknowns {
			what := e.Unknowns[i].what(1)
			h.add(before, what, what, e.Unknowns[i].Remedy(), false)
		}
		if len(h.entries) == before {
			h.bounded++
		}
	}
	return h.order()
}

// Text is the recursion in words: a cycle, what it takes, and how many functions take part.
func (c *Cycle) Text() string {
	text := fmt.Sprintf("%s, %d bytes a turn", strings.Join(append(slices.Clone(c.Funcs), c.Funcs[0]), " → "), c.Bytes)
	if more := c.Functions - int64(len(c.Funcs)); more > 0 {
		text += fmt.Sprintf(", in turn with %d more", more)
	}
	return text
}

// key is the same for all entries that come to the recursion, while they may name other cycles of it.
func (c *Cycle) key() string {
	if len(c.Limits) == 0 {
		return c.Text()
	}
	return fmt.Sprint(c.Functions, c.More, c.Limits)
}

// hurdles are the obstacles of each entry.
type hurdles struct {
	found   []Obstacle
	at      map[string]int // by key
	of      [][]int        // the entries of each obstacle
	entries [][]int        // the obstacles of each entry that has some
	bounded int
}

// add records an obstacle of the entry with a number.
func (h *hurdles) add(entry int, key, text, remedy string, certain bool) {
	i, known := h.at[key]
	if !known {
		i = len(h.found)
		h.at[key] = i
		h.found, h.of = append(h.found, Obstacle{Text: text, Remedy: remedy}), append(h.of, nil)
	}
	if entry == len(h.entries) {
		h.entries = append(h.entries, nil)
	}
	if !slices.Contains(h.entries[entry], i) {
		if certain {
			h.found[i].Certain++
		}
		h.entries[entry], h.of[i] = append(h.entries[entry], i), append(h.of[i], entry)
	}
}

// order takes the obstacles out of the way, one after the other.
func (h *hurdles) order() []Obstacle {
	left := make([]int, len(h.entries)) // obstacles, by entry
	alone, gone := make([]int, len(h.found)), make([]bool, len(h.found))
	leave := func(entry, some int) {
		if left[entry] = some; some != 1 {
			return
		}
		for _, i := range h.entries[entry] {
			if !gone[i] {
				alone[i]++
			}
		}
	}
	for e, some := range h.entries {
		leave(e, len(some))
	}
	for i := range h.found {
		h.found[i].Entries, h.found[i].Alone = len(h.of[i]), alone[i]
	}
	var order []Obstacle
	for range h.found {
		next := -1
		for i := range h.found {
			if !gone[i] && (next < 0 || h.compare(i, next, alone) < 0) {
				next = i
			}
		}
		gone[next] = true
		h.bounded += alone[next]
		h.found[next].Bounded = h.bounded
		order = append(order, h.found[next])
		for _, e := range h.of[next] {
			leave(e, left[e]-1)
		}
	}
	return order
}

func (h *hurdles) compare(a, b int, alone []int) int {
	return cmp.Or(cmp.Compare(alone[b], alone[a]), cmp.Compare(len(h.of[b]), len(h.of[a])), strings.Compare(h.found[a].Text, h.found[b].Text))
}
