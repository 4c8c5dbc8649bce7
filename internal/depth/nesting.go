// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/container/intsets"
)

// To compare and to hash values of an interface, the runtime calls functions for the type of what they hold. That type may have parts
// that are interfaces again, and so on: in the graph of calls it is a recursion. But a value can only hold another as deep as the
// program's types allow, and most types that have interfaces as parts don't fit into one. What counts are the values that the program
// puts into interfaces itself: those that only package reflect puts there are taken not to hold each other.

// A nesting is how deep values hold each other in interfaces.
type nesting struct {
	levels int  // of values that are not pointers and have interfaces as parts
	parts  int  // of structs and arrays in each other, in one value
	free   bool // without limit
}

// newNester looks at what the interfaces hold that are parts of other values.
func (o *flows) newNester(c *code) *nester {
	n := &nester{flows: o, holders: map[int]*holding{}, makes: c.makesTypes()}
	for _, thing := range o.things {
		if t, ok := thing.(types.Type); ok {
			n.addType(t)
		}
	}
	return n
}

// all is how deep any values hold each other.
func (n *nester) all() nesting {
	if n.makes {
		return nesting{free: true}
	}
	found := nesting{parts: n.parts}
	for _, h := range n.holders {
		n.deepen(&found, h)
	}
	return found
}

// of is how deep values hold each other in values of some types. Types that hold each other without end do not matter to others that can't
// hold them; and nor do those that are made while the program runs, unless it is not known what an interface on the way holds.
func (n *nester) of(some *intsets.Sparse) nesting {
	found := nesting{parts: n.parts}
	for _, thing := range some.AppendTo(nil) {
		if t, ok := n.things[thing].(types.Type); ok {
			n.addType(t)
			n.deepen(&found, n.holders[n.kind(t)])
			found.parts = max(found.parts, n.parts)
		}
	}
	return found
}

func (n *nester) deepen(found *nesting, h *holding) {
	if h == nil {
		return
	}
	found.levels = max(found.levels, n.chain(h))
	found.free = found.free || h.free
}

// makesTypes reports whether the program may make types while it runs. Package reflect itself only does for functions.
func (c *code) makesTypes() bool {
	return slices.ContainsFunc(c.functions, func(f function) bool {
		return !strings.HasPrefix(f.Name, "reflect.") && slices.ContainsFunc(f.calls, func(call call) bool {
			if call.target == unknownTarget {
				return false
			}
			name := c.functions[call.target].Name
			return name == "reflect.StructOf" || name == "reflect.ArrayOf"
		})
	})
}

// A nester finds nestings.
type nester struct {
	*flows
	parts   int              // of all types
	makes   bool             // the program may make types while it runs
	holders map[int]*holding // types that have interfaces as parts, by their numbers; nil for a type that has none
}

// A holding is a type that has interfaces as parts.
type holding struct {
	parts  []part
	of     types.Type
	length int  // of the longest chain from here on; -1 while it is being found, 0 before
	free   bool // the chain may have no end
}

// A part is an interface in a value, and the node that stands for what it holds.
type part struct {
	is   *types.Interface
	node int
}

func (n *nester) addType(t types.Type) {
	if types.IsInterface(t) || !types.Comparable(t) {
		return
	}
	if _, seen := n.holders[n.kind(t)]; seen {
		return
	}
	h := &holding{of: t}
	n.parts = max(n.parts, n.addParts(h, t))
	if len(h.parts) == 0 {
		h = nil
	}
	n.holders[n.kind(t)] = h
}

// addParts adds the interfaces in values of type t, and returns how deep structs and arrays are in each other.
func (n *nester) addParts(h *holding, t types.Type) int {
	deepest := 0
	add := func(element types.Type, node func() int) {
		if is, ok := element.Underlying().(*types.Interface); ok {
			h.parts = append(h.parts, part{is, node()})
		} else {
			deepest = max(deepest, n.addParts(h, element))
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		add(u.Elem(), func() int { return n.element(u.Elem(), inSlice) })
	case *types.Struct:
		for i := range u.NumFields() {
			add(u.Field(i).Type(), func() int { return n.field(t, i) })
		}
	default:
		return 0
	}
	return deepest + 1
}

// chain returns how many values may hold each other, from one of a type on. What comes back to a type whose chain is being found is on a cycle.
func (n *nester) chain(h *holding) int {
	if h.length > 0 {
		return h.length
	}
	h.length = -1
	longest := 0
	follow := func(next *holding) {
		switch {
		case next == nil:
		case next.length < 0:
			h.free = true
		default:
			longest = max(longest, n.chain(next))
			h.free = h.free || next.free
		}
	}
	for _, p := range h.parts {
		for _, thing := range n.held(p.node).AppendTo(nil) {
			switch t := n.things[thing].(type) {
			case nil: // what is not known: any type with the interface's methods
				h.free = h.free || n.makes
				for _, any := range n.holders {
					if any != nil && types.Implements(any.of, p.is) {
						follow(any)
					}
				}
			case types.Type:
				follow(n.holders[n.kind(t)])
			}
		}
	}
	h.length = longest + 1
	return h.length
}

// Counts of nested values are part of a mode, above the other bits.
const (
	nestedShift = 8
	nestedMask  = 0xff << nestedShift
)

func (m mode) nested() int { return int(m&nestedMask) >> nestedShift }

// nest returns the mode in which one function that compares or hashes is called by another, itself in a variant, and whether that can be.
func (g *graph) nest(v *variant, m mode, from, to string, target int) (mode, bool) {
	limit, nesting := 0, g.nesting
	if v != nil && v.within != nil {
		nesting = *v.within
	}
	switch {
	case from == "runtime.typehash" && isInterfaceHash(to) && v != nil && v.within != nil && nesting.levels == 0 && !nesting.free:
		return m, false // no value has an interface as a part
	case isInterfaceEqual(from) && g.holdsInterfaces(target):
		limit = nesting.levels + 1
	case to == "runtime.typehash" && (from == to || isInterfaceHash(from)), to == mapKeyError && from == to:
		limit = (nesting.levels + 1) * (nesting.parts + 1)
	case comparesOrHashes(to):
		return m, true
	default:
		return m &^ nestedMask, true
	}
	if nesting.free || limit >= nestedMask>>nestedShift {
		return m &^ nestedMask, true
	}
	n := m.nested() + 1
	return m&^nestedMask | mode(n<<nestedShift), n <= limit
}

const mapKeyError = "internal/runtime/maps.mapKeyError2"

func isInterfaceEqual(name string) bool {
	return name == "runtime.ifaceeq" || name == "runtime.efaceeq"
}

func isInterfaceHash(name string) bool {
	return name == "runtime.interhash" || name == "runtime.nilinterhash"
}

// comparesOrHashes reports whether the function belongs to how values are compared or hashed.
func comparesOrHashes(name string) bool {
	return isInterfaceEqual(name) || isInterfaceHash(name) || name == "runtime.typehash" || name == mapKeyError ||
		name == "runtime.interequal" || name == "runtime.nilinterequal" || strings.HasPrefix(name, "type:.eq.") || strings.HasPrefix(name, "type:.hash.")
}

// holdsInterfaces reports whether a function compares values that have interfaces as parts.
func (g *graph) holdsInterfaces(function int) bool {
	holds, known := g.holding[function]
	if known {
		return holds
	}
	g.holding[function] = false
	if comparesOrHashes(g.code.functions[function].Name) {
		for _, c := range g.code.functions[function].calls {
			if c.target != unknownTarget && (isInterfaceEqual(g.code.functions[c.target].Name) || g.holdsInterfaces(c.target)) {
				holds = true
			}
		}
	}
	g.holding[function] = holds
	return holds
}
