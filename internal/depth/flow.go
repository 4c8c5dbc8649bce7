// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"

	"golang.org/x/tools/container/intsets"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// A flow analysis finds which functions, and which types of values in interfaces, a variable may hold: where values of one are put
// into the other, it holds what the other holds. A variable, a field of a type, the elements of all slices of a type, and so on are one
// node each. This is variable type analysis, as in golang.org/x/tools/go/callgraph/vta, and goes beyond that in what soundness needs.
// A node may be open: its values may come from package unsafe, from reflection or from assembly, so that what it holds is not known,
// and a call of it may reach whatever has the right type. And calls are followed as they are found, not by a first guess at all of them.
type flows struct {
	program   *ssa.Program
	functions map[*ssa.Function]int // those that were read, numbered
	found     func(*ssa.Function)   // is told of each
	sites     map[ssa.CallInstruction]*site
	methods   map[string][]*ssa.Function // all methods, by name
	values    typeutil.Map               // by signature, all functions that are used as values: *[]*ssa.Function
	areValues map[*ssa.Function]bool
	boxed     []*ssa.MakeInterface
	linked    *linkage                                 // nil while packages are read
	waits     map[*ssa.Function]bool                   // for it
	waiting   []*ssa.Function                          // those that do
	untrimmed []*ssa.Function                          // that were read since trim
	debugs    map[debugging]bool                       // those that may be called, or whose variable may be set, by the program itself
	static    func(ssa.CallInstruction, *ssa.Function) // is told of calls by name, for those who do not read what is called, nor let anything flow; or nil

	ids      map[ssa.Value]int // nodes
	parts    map[partOf]int
	fields   map[fieldOf]int
	elements map[elementOf]int
	results  map[resultOf]int
	panicked int // what a panic was given
	nodes    []*holder

	todo   []int
	called []attached
	going  int // the node whose things go on
	went   int // how many ways things went since circles were looked for
	enough int // after so many, they are looked for again
	sets   *contents

	kinds      typeutil.Map // numbers of types
	kindOf     map[types.Type]int
	kindTypes  []types.Type // by number
	things     []any        // what a node may hold: types.Type or *ssa.Function, by number
	number     map[any]int
	passes     map[int]*passed // by the number of an interface
	unboxed    typeutil.Map    // types of variables to which pointers come out of interfaces
	news       bool            // of these
	makes      bool            // there may be functions that are not in the source
	plain      []types.Type    // once asked for, see plainTypes
	types      content         // the things that are types, once asked for
	comparable content         // of these, those of values that can be compared

	classes       []*class
	valueClasses  typeutil.Map // by signature
	methodClasses map[string]*typeutil.Map
}

// A holder is a node.
type holder struct {
	joined int     // another node that this one is the same as, or itself
	holds  content // everything
	fresh  content // of that, what has not gone on yet
	to     []way
	calls  []*site // whose function or interface the node is
}

// A way leads to another node. An interface that a value was asserted to have lets only types with its methods through.
type way struct {
	to   int
	has  *types.Interface // or nil
	key  int              // its number
	open bool             // only what is open gets through
}

// An attached is a site that has not looked yet at what its node holds.
type attached struct {
	site *site
	node int
}

// A passed is which things may be in an interface, as far as it was asked.
type passed struct{ asked, may content }

const nobody = -1

// open is the thing that stands for what is not known.
const open = 0

// Keys of nodes that are no values of ssa.
type (
	fieldOf   struct{ kind, index int }
	elementOf struct {
		kind int
		of   container
	}
	partOf struct { // of a tuple
		tuple ssa.Value
		index int
	}
	resultOf struct {
		function *ssa.Function
		index    int
	}
)

type container int

const (
	inSlice container = iota // or array
	inMap
	asKey
	inChannel
	inAtomic // what an atomic.Pointer to the type points to
	inBox    // what pointers to the type point to that are in interfaces
)

func newFlows(program *ssa.Program, found func(*ssa.Function), sites map[ssa.CallInstruction]*site) *flows {
	o := &flows{
		program: program, functions: map[*ssa.Function]int{}, found: found, sites: sites, methods: map[string][]*ssa.Function{}, areValues: map[*ssa.Function]bool{}, waits: map[*ssa.Function]bool{}, debugs: map[debugging]bool{},
		ids: map[ssa.Value]int{}, parts: map[partOf]int{}, fields: map[fieldOf]int{}, elements: map[elementOf]int{}, results: map[resultOf]int{},
		kindOf: map[types.Type]int{}, things: []any{nil}, number: map[any]int{}, passes: map[int]*passed{},
		methodClasses: map[string]*typeutil.Map{}, sets: newContents(),
	}
	o.panicked, o.going, o.enough = o.add(), nobody, 1<<20
	return o
}

// add makes a node.
func (o *flows) add() int {
	id := len(o.nodes)
	o.nodes = append(o.nodes, &holder{joined: id})
	return id
}

// id is the node of a value.
func (o *flows) id(v ssa.Value) int {
	known := len(o.ids)
	id := nodeOf(o, o.ids, v)
	if f, ok := v.(*ssa.Function); ok && len(o.ids) > known {
		o.hold(id, o.thing(f))
	}
	return id
}

func (o *flows) part(of partOf) int { return nodeOf(o, o.parts, of) }

// nodeOf is the node of a key.
func nodeOf[K comparable](o *flows, ids map[K]int, key K) int {
	id, known := ids[key]
	if !known {
		id = o.add()
		ids[key] = id
		return id
	}
	return o.root(id)
}

func (o *flows) root(id int) int {
	for o.nodes[id].joined != id {
		o.nodes[id].joined = o.nodes[o.nodes[id].joined].joined
		id = o.nodes[id].joined
	}
	return id
}

// thing numbers types and functions.
func (o *flows) thing(key any) int {
	if t, ok := key.(types.Type); ok {
		key = o.kind(t)
		if n, known := o.number[key]; known {
			return n
		}
		o.number[key] = len(o.things)
		o.things = append(o.things, t)
		return len(o.things) - 1
	}
	n, known := o.number[key]
	if !known {
		n = len(o.things)
		o.number[key] = n
		o.things = append(o.things, key)
	}
	return n
}

func (o *flows) hold(id, thing int) {
	if !o.sets.has(o.nodes[o.root(id)].holds, thing) {
		o.holdAll(o.root(id), o.sets.with(nothing, thing))
	}
}

// holdAll is hold for a set of things, and a root.
func (o *flows) holdAll(id int, things content) {
	n := o.nodes[id]
	if more := o.sets.minus(things, n.holds); more != nothing {
		n.holds = o.sets.union(n.holds, more)
		o.refresh(id, more)
	}
}

// refresh adds to what has not gone on yet from a root.
func (o *flows) refresh(id int, more content) {
	n := o.nodes[id]
	if n.fresh == nothing {
		o.todo = append(o.todo, id)
	}
	n.fresh = o.sets.union(n.fresh, more)
}

// held returns what a node holds, which is not to be changed.
func (o *flows) held(id int) *intsets.Sparse { return o.sets.set(o.nodes[o.root(id)].holds) }

func (o *flows) mark(id int) { o.hold(id, open) }

// flow lets values go from one node to another, both of types that are followed. Two pointers point to the same.
func (o *flows) flow(from, to int, pointers bool) {
	from, to = o.root(from), o.root(to)
	switch {
	case from == to:
	case pointers:
		o.join(from, to)
	default:
		o.lead(from, way{to: to})
	}
}

// lead adds a way from a root.
func (o *flows) lead(from int, w way) {
	n := o.nodes[from]
	n.to = append(n.to, w)
	if o.static == nil {
		o.pass(n.holds, w)
	}
}

// join makes two nodes the same.
func (o *flows) join(a, b int) {
	if len(o.nodes[a].to)+len(o.nodes[a].calls) < len(o.nodes[b].to)+len(o.nodes[b].calls) {
		a, b = b, a
	}
	x, y := o.nodes[a], o.nodes[b]
	y.joined = a
	if x.holds != y.holds || x.fresh != nothing || y.fresh != nothing || o.going == b {
		x.holds = o.sets.union(x.holds, y.holds)
		if x.holds != nothing {
			o.refresh(a, x.holds)
		}
	}
	x.to, x.calls = append(x.to, y.to...), append(x.calls, y.calls...)
	*y = holder{joined: a}
}

func (o *flows) markResults(value ssa.Value, signature *types.Signature) {
	results := signature.Results()
	for i := range results.Len() {
		if follows(results.At(i).Type()) {
			o.mark(o.result(value, results, i))
		}
	}
}

// result is the node of result i of a call.
func (o *flows) result(value ssa.Value, results *types.Tuple, i int) int {
	if results.Len() == 1 {
		return o.id(value)
	}
	return o.part(partOf{value, i})
}

func withoutReceiver(s *types.Signature) *types.Signature {
	if s.Recv() == nil {
		return s
	}
	return types.NewSignatureType(nil, nil, nil, s.Params(), s.Results(), s.Variadic())
}

// follows reports whether values of type t are followed: interfaces, functions, and pointers to them. The node of a pointer stands for
// what it points to.
func follows(t types.Type) bool {
	seen := map[types.Type]bool{} // named pointers: a type may be a pointer to pointers to itself
	for !seen[t] {
		switch u := t.Underlying().(type) {
		case *types.Interface, *types.Signature:
			return true
		case *types.Pointer:
			if t != types.Type(u) {
				seen[t] = true
			}
			t = types.Unalias(u.Elem())
		default:
			return false
		}
	}
	return false
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}
