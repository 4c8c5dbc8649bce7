// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"encoding/binary"
	"slices"
	"strings"

	"golang.org/x/tools/container/intsets"
)

// An edit may let values flow another way. If all that comes that way is there already, nothing else is changed by it: what was found is a solution
// of the new ways, too, and the least one. So a record has what the nodes hold that have names in the main module.

// A keptFlows is what nodes hold.
type keptFlows struct {
	Things []uint64 // hashes of the names of things, by number
	Nodes  []uint64 // hashes of the names of nodes, in order
	Holds  []int32  // by node, a number of Sets; -1 if it is not known
	Sets   [][]byte // numbers of things in order, each as the distance to the one before
}

// mostKept is how many bytes of sets are kept: what larger ones hold is not known then.
const mostKept = 24 << 20

// keepFlows records what nodes hold.
func keepFlows(o *flows, found map[string]facts) keptFlows {
	var k keptFlows
	for _, thing := range o.things {
		k.Things = append(k.Things, hashText(thingName(thing, globalName)))
	}
	holds, numbers := map[uint64]int32{}, map[content]int32{}
	size := 0
	number := func(id int) int32 {
		held := nothing
		if id != nobody {
			held = o.nodes[id].holds
		}
		n, known := numbers[held]
		if !known {
			n = -1
			text := encodeSet(o.sets.set(held).AppendTo(nil))
			if size += len(text); size <= mostKept {
				n = int32(len(k.Sets))
				k.Sets = append(k.Sets, text)
			}
			numbers[held] = n
		}
		return n
	}
	for _, f := range found {
		for name, n := range f.nodes {
			key := hashText(name)
			if _, done := holds[key]; done {
				continue
			}
			holds[key] = -1
			if id, known := n.find(o); known {
				holds[key] = number(id)
			}
		}
	}
	for key := range holds {
		k.Nodes = append(k.Nodes, key)
	}
	slices.Sort(k.Nodes)
	for _, key := range k.Nodes {
		k.Holds = append(k.Holds, holds[key])
	}
	return k
}

func encodeSet(numbers []int) []byte {
	text, last := []byte{}, 0
	for _, n := range numbers {
		text = binary.AppendUvarint(text, uint64(n-last))
		last = n
	}
	return text
}

func decodeSet(text []byte) *intsets.Sparse {
	s, last := &intsets.Sparse{}, 0
	for len(text) > 0 {
		distance, n := binary.Uvarint(text)
		last += int(distance)
		s.Insert(last)
		text = text[n:]
	}
	return s
}

// A closure finds whether new ways change what nodes hold.
type closure struct {
	kept   *keptFlows
	things map[uint64]int
	sets   map[string]*intsets.Sparse
	own    map[string]namedNode // of packages that were edited
}

// closes reports whether some ways bring nothing to nodes that were there before. What else there is, is new in the packages that were edited.
func (k *keptFlows) closes(ways []wayFact, own map[string]namedNode) bool {
	if len(ways) == 0 {
		return true
	}
	c := &closure{k, map[uint64]int{}, map[string]*intsets.Sparse{}, own}
	for i, hash := range k.Things {
		c.things[hash] = i
	}
	for changed := true; changed; {
		changed = false
		for _, w := range ways {
			from, to := c.holds(w.from), c.holds(w.to)
			switch {
			case from == nil || to == nil:
				return false
			case from.SubsetOf(to):
			case !c.isNew(w.to):
				return false
			default:
				to.UnionWith(from)
				changed = true
			}
		}
	}
	return true
}

// isNew reports whether a node is one of a function that was edited, and was not there before.
func (c *closure) isNew(name string) bool {
	n, own := c.own[name]
	_, known := slices.BinarySearch(c.kept.Nodes, hashText(name))
	return own && !known && n.function != nil && n.function.Origin() == nil && !isPattern(n.function) && n.function.Blocks != nil
}

// holds returns what a node holds, or the one thing that is named; nil if that is not known.
func (c *closure) holds(name string) *intsets.Sparse {
	name, _, _ = strings.Cut(name, "\x00") // more than gets through
	set := c.sets[name]
	if set != nil {
		return set
	}
	if at, known := slices.BinarySearch(c.kept.Nodes, hashText(name)); known {
		if c.kept.Holds[at] >= 0 {
			set = decodeSet(c.kept.Sets[c.kept.Holds[at]])
		}
	} else if thing, known := c.things[hashText(name)]; known {
		set = &intsets.Sparse{}
		set.Insert(thing)
	} else if c.isNew(name) {
		set = &intsets.Sparse{}
	}
	c.sets[name] = set
	return set
}
