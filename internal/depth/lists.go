// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import "slices"

// lists keeps lists of functions, those that are the same once.
type lists struct {
	known map[uint64][][]int
	each  []int    // all functions: most lists are one of them
	has   []uint64 // for unions: a bit for each function
}

func newLists(functions int) *lists {
	l := &lists{map[uint64][][]int{}, make([]int, functions), make([]uint64, functions/64+1)}
	for i := range l.each {
		l.each[i] = i
	}
	return l
}

// one returns the functions in order, each once. It takes over its argument; the result is not to be changed.
func (l *lists) one(ids []int) []int {
	switch len(ids) {
	case 0:
		return nil
	case 1:
		return l.each[ids[0] : ids[0]+1 : ids[0]+1]
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	hash := uint64(len(ids))
	for _, id := range ids {
		hash = hashOf(int(hash) ^ id)
	}
	for _, known := range l.known[hash] {
		if slices.Equal(known, ids) {
			return known
		}
	}
	ids = slices.Clip(ids)
	l.known[hash] = append(l.known[hash], ids)
	return ids
}

// all returns what is in any of some lists, in order and each once. The result is not to be changed.
func (l *lists) all(parts [][]int) []int {
	u := l.union()
	for _, p := range parts {
		u.add(p)
	}
	return u.done()
}

// isSame reports whether two lists share memory.
func isSame(a, b []int) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// A union collects functions, each once.
type union struct {
	*lists
	first []int // what was added, if that was one list
	last  []int // what was added last
	list  []int // if there were several
	many  bool  // has is in use
}

// union returns an empty union. There is to be one at a time.
func (l *lists) union() *union { return &union{lists: l} }

// few is how many functions are looked for one by one.
const few = 16

// add adds a list that is not changed any more. A list that is all that is added remains the same.
func (u *union) add(ids []int) {
	switch {
	case len(ids) == 0 || isSame(ids, u.last):
		return
	case u.last == nil:
		u.first, u.last = ids, ids
		return
	case u.first != nil:
		u.list = make([]int, 0, len(u.first)+len(ids))
		u.addEach(u.first)
		u.first = nil
	}
	u.last = ids
	u.addEach(ids)
}

func (u *union) addEach(ids []int) {
	for _, id := range ids {
		if !u.many && len(u.list) == few {
			u.many = true
			for _, known := range u.list {
				u.mark(known)
			}
		}
		if u.many && u.mark(id) || !u.many && !slices.Contains(u.list, id) {
			u.list = append(u.list, id)
		}
	}
}

// mark reports whether a function is new.
func (u *union) mark(id int) bool {
	word, bit := &u.has[id/64], uint64(1)<<(id%64)
	isNew := *word&bit == 0
	*word |= bit
	return isNew
}

// done ends the union and returns the functions, in order. The result is not to be changed.
func (u *union) done() []int {
	if u.many {
		for _, id := range u.list {
			u.has[id/64] = 0
		}
	}
	switch {
	case u.first == nil:
		return u.one(u.list)
	case isSet(u.first):
		return u.first
	}
	return u.one(slices.Clone(u.first))
}

// isSet reports whether a list is in order, with each function once.
func isSet(ids []int) bool {
	for i := 1; i < len(ids); i++ {
		if ids[i-1] >= ids[i] {
			return false
		}
	}
	return true
}
