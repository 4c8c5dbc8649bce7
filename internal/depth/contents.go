// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import "golang.org/x/tools/container/intsets"

// A content is what nodes hold, by its number: a set of things. What is returned by panic or error, or printed, is the same for a great many nodes
// in a large program, and so is what goes from one to the next. So there is each set once, and what was found for two of them
// holds for all nodes that have them.
type content int32

// nothing is the empty set.
const nothing content = 0

// contents has the sets.
type contents struct {
	sets     []kept
	byHash   map[uint64][]content
	unions   map[[2]content]content
	without  map[[2]content]content
	unused   []content // numbers that are free
	added    int64     // bytes that the sets take that are new since the last sweep, about
	live     int64     // bytes of those that it left
	elements []int     // for passing through a set
}

// A kept is a set that is not changed any more.
type kept struct {
	set  *intsets.Sparse
	hash uint64 // the sum of those of the elements
	len  int
}

func newContents() *contents {
	c := &contents{byHash: map[uint64][]content{}}
	c.forget()
	c.sets = append(c.sets, kept{set: &intsets.Sparse{}})
	return c
}

// forget drops what was found for pairs of sets.
func (c *contents) forget() {
	c.unions, c.without = map[[2]content]content{}, map[[2]content]content{}
}

// set returns the set of a number, which is not to be changed.
func (c *contents) set(x content) *intsets.Sparse { return c.sets[x].set }

func (c *contents) has(x content, thing int) bool { return c.sets[x].set.Has(thing) }

// with returns a set and one thing more.
func (c *contents) with(x content, thing int) content {
	if c.has(x, thing) {
		return x
	}
	one := kept{hash: hashOf(thing), len: 1}
	return c.union(x, c.number(one, func(s *intsets.Sparse) bool { return s.Has(thing) }, func() *intsets.Sparse {
		s := &intsets.Sparse{}
		s.Insert(thing)
		return s
	}))
}

// union returns what is in any of two sets.
func (c *contents) union(x, y content) content {
	if x == y || y == nothing {
		return x
	}
	if x == nothing {
		return y
	}
	key := [2]content{min(x, y), max(x, y)}
	n, known := c.unions[key]
	if !known {
		a, more := c.sets[x], c.sets[c.minus(y, x)]
		n = c.number(kept{hash: a.hash + more.hash, len: a.len + more.len},
			func(s *intsets.Sparse) bool { return a.set.SubsetOf(s) && more.set.SubsetOf(s) },
			func() *intsets.Sparse {
				s := &intsets.Sparse{}
				s.Union(a.set, more.set)
				return s
			})
		c.unions[key] = n
	}
	return n
}

// minus returns what is in the first set and not in the second.
func (c *contents) minus(x, y content) content {
	switch {
	case x == y || x == nothing:
		return nothing
	case y == nothing:
		return x
	}
	key := [2]content{x, y}
	n, known := c.without[key]
	if !known {
		n = c.findMinus(x, y)
		c.without[key] = n
	}
	return n
}

func (c *contents) findMinus(x, y content) content {
	a, b := c.sets[x].set, c.sets[y].set
	switch {
	case a.SubsetOf(b):
		return nothing
	case !a.Intersects(b):
		return x
	}
	s := &intsets.Sparse{}
	s.Difference(a, b)
	return c.add(s)
}

// and returns what is in both sets.
func (c *contents) and(x, y content) content { return c.minus(x, c.minus(x, y)) }

// add numbers a set.
func (c *contents) add(s *intsets.Sparse) content {
	k := kept{set: s}
	c.elements = s.AppendTo(c.elements[:0])
	for _, thing := range c.elements {
		k.hash += hashOf(thing)
		k.len++
	}
	return c.number(k, s.Equals, func() *intsets.Sparse { return s })
}

// number returns the number of a set by its hash and length. same tells whether one with both is it; if there is none, made makes it.
func (c *contents) number(k kept, same func(*intsets.Sparse) bool, made func() *intsets.Sparse) content {
	if k.len == 0 {
		return nothing
	}
	for _, n := range c.byHash[k.hash] {
		if c.sets[n].len == k.len && same(c.sets[n].set) {
			return n
		}
	}
	k.set = made()
	n := content(len(c.sets))
	if last := len(c.unused) - 1; last >= 0 {
		n, c.unused = c.unused[last], c.unused[:last]
		c.sets[n] = k
	} else {
		c.sets = append(c.sets, k)
	}
	c.byHash[k.hash] = append(c.byHash[k.hash], n)
	c.added += k.bytes()
	return n
}

// bytes is about what a set takes: it has a block of 64 bytes for each 256 numbers of which it has one.
func (k kept) bytes() int64 {
	if k.len == 0 {
		return 0
	}
	return 128 + 64*int64(min(k.len, (k.set.Max()-k.set.Min())/256+1))
}

// hashOf mixes the bits of a number (the finalizer of SplitMix64).
func hashOf(thing int) uint64 {
	x := uint64(thing) + 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// sweepAfter is how many bytes new sets may take, at least, before those that nobody has any more are dropped.
const sweepAfter = 64 << 20

// wantsSweep reports whether there is more that is new than there was left last time.
func (c *contents) wantsSweep() bool { return c.added > max(sweepAfter, c.live) }

// sweep drops all sets but those that mark is told of.
func (c *contents) sweep(mark func(has func(content))) {
	used := make([]bool, len(c.sets))
	used[nothing] = true
	mark(func(x content) { used[x] = true })
	c.forget()
	clear(c.byHash)
	c.unused, c.added, c.live = nil, 0, 0
	for n := range c.sets {
		if !used[n] {
			c.sets[n] = kept{}
			c.unused = append(c.unused, content(n))
			continue
		}
		k := c.sets[n]
		c.live += k.bytes()
		if n != int(nothing) {
			c.byHash[k.hash] = append(c.byHash[k.hash], content(n))
		}
	}
}
