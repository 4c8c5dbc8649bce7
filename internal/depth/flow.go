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
	functions map[*ssa.Function]bool // those that were read
	found     func(*ssa.Function)    // is told of each
	sites     map[ssa.CallInstruction]*site
	methods   map[string][]*ssa.Function // all methods, by name
	values    typeutil.Map               // by signature, all functions that are used as values: *[]*ssa.Function

	ids    map[any]int
	nodes  []*holder
	todo   []int
	kinds  typeutil.Map // numbers of types
	things []any        // what a node may hold: types.Type or *ssa.Function, by number
	number map[any]int
	passes map[[2]int]bool         // whether the type with one number has the methods of the interface with another
	makes  bool                    // there may be functions that are not in the source
	plain  []types.Type            // once asked for, see plainTypes
	anyOf  map[int]*intsets.Sparse // once everything has flown: the types of values that can be compared, by the number of an interface that they have the methods of
}

// A holder is a node.
type holder struct {
	joined int // another node that this one is the same as, or itself
	holds  intsets.Sparse
	to     []way
	calls  []*site // whose function or interface the node is
	queued bool
}

// A way leads to another node. An interface that a value was asserted to have lets only types with its methods through.
type way struct {
	to  int
	has *types.Interface // or nil
	key int              // its number
}

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
	panicked struct{}
)

type container int

const (
	inSlice container = iota // or array
	inMap
	asKey
	inChannel
	inAtomic // what an atomic.Pointer to the type points to
)

func newFlows(program *ssa.Program, found func(*ssa.Function), sites map[ssa.CallInstruction]*site) *flows {
	return &flows{
		program: program, functions: map[*ssa.Function]bool{}, found: found, sites: sites, methods: map[string][]*ssa.Function{},
		ids: map[any]int{}, things: []any{nil}, number: map[any]int{}, passes: map[[2]int]bool{}, anyOf: map[int]*intsets.Sparse{},
	}
}

// run lets everything flow until nothing moves any more.
func (o *flows) run(r reflection) {
	o.makes = r.makes
	for read := -1; read != len(o.functions); {
		read = len(o.functions)
		o.reflect(r)
		for _, s := range o.sites {
			if s.open {
				o.openSite(s) // there may be more functions to call than when it was opened
			}
		}
		o.drain()
	}
}

func (o *flows) drain() {
	for len(o.todo) > 0 {
		last := o.todo[len(o.todo)-1]
		o.todo = o.todo[:len(o.todo)-1]
		n := o.nodes[last]
		n.queued = false
		if n.joined != last {
			continue
		}
		for _, w := range n.to {
			o.pass(last, w)
		}
		for i := 0; i < len(n.calls); i++ {
			o.resolve(n.calls[i], n)
		}
	}
}

// pass lets what a node holds go one way.
func (o *flows) pass(from int, f way) {
	to := o.root(f.to)
	holds := &o.nodes[from].holds
	if f.has != nil {
		var some intsets.Sparse
		for _, thing := range holds.AppendTo(nil) {
			if o.has(thing, f) {
				some.Insert(thing)
			}
		}
		holds = &some
	}
	if o.nodes[to].holds.UnionWith(holds) {
		o.queue(to)
	}
}

// has reports whether a thing may be in an interface: what is no type, or one with all methods.
func (o *flows) has(thing int, f way) bool {
	t, ok := o.things[thing].(types.Type)
	if !ok {
		return true
	}
	key := [2]int{thing, f.key}
	may, known := o.passes[key]
	if !known {
		may = types.Implements(t, f.has)
		o.passes[key] = may
	}
	return may
}

func (o *flows) queue(id int) {
	if !o.nodes[id].queued {
		o.nodes[id].queued = true
		o.todo = append(o.todo, id)
	}
}

func (o *flows) id(key any) int {
	id, known := o.ids[key]
	if known {
		return o.root(id)
	}
	id = len(o.nodes)
	o.ids[key] = id
	o.nodes = append(o.nodes, &holder{joined: id})
	if f, ok := key.(*ssa.Function); ok {
		o.hold(id, o.thing(f))
	}
	return id
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
	if id = o.root(id); o.nodes[id].holds.Insert(thing) {
		o.queue(id)
	}
}

func (o *flows) mark(id int) { o.hold(id, open) }

// flow lets values go from one node to another, both of types that are followed. Two pointers point to the same.
func (o *flows) flow(from, to int, pointers bool) {
	from, to = o.root(from), o.root(to)
	switch {
	case from == to:
	case pointers:
		o.join(from, to)
	default:
		o.nodes[from].to = append(o.nodes[from].to, way{to: to})
		o.queue(from)
	}
}

// join makes two nodes the same.
func (o *flows) join(a, b int) {
	if len(o.nodes[a].to)+len(o.nodes[a].calls) < len(o.nodes[b].to)+len(o.nodes[b].calls) {
		a, b = b, a
	}
	x, y := o.nodes[a], o.nodes[b]
	y.joined = a
	x.holds.UnionWith(&y.holds)
	x.to, x.calls = append(x.to, y.to...), append(x.calls, y.calls...)
	y.to, y.calls = nil, nil
	y.holds.Clear()
	o.queue(a)
}

// resolve finds what a site may call, now that its node holds more.
func (o *flows) resolve(s *site, n *holder) {
	common := s.instruction.Common()
	for _, thing := range n.holds.AppendTo(nil) {
		if !s.seen.Insert(thing) {
			continue
		}
		switch t := o.things[thing].(type) {
		case nil:
			s.open = true
			o.openSite(s)
		case *ssa.Function:
			if !common.IsInvoke() && types.Identical(withoutReceiver(t.Signature), withoutReceiver(common.Signature())) {
				o.callee(s, t)
			}
		case types.Type:
			if !common.IsInvoke() {
				continue
			}
			if m := o.program.MethodSets.MethodSet(t).Lookup(common.Method.Pkg(), common.Method.Name()); m != nil {
				if f := o.program.MethodValue(m); f != nil {
					o.callee(s, f)
				}
			}
		}
	}
}

// openSite is for a call whose function is open: it may call whatever has the right type. A function that package reflect has made, or a plugin has
// brought, may return anything.
func (o *flows) openSite(s *site) {
	common := s.instruction.Common()
	if value := s.instruction.Value(); value != nil && o.makes && !common.IsInvoke() {
		o.markResults(value, common.Signature())
	}
	for _, f := range o.candidates(common) {
		o.callee(s, f)
	}
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
	return o.id(partOf{value, i})
}

// candidates returns all functions that a call may reach by its type alone.
func (o *flows) candidates(common *ssa.CallCommon) []*ssa.Function {
	if !common.IsInvoke() {
		if list, ok := o.values.At(withoutReceiver(common.Signature())).(*[]*ssa.Function); ok {
			return *list
		}
		return nil
	}
	var found []*ssa.Function
	for _, f := range o.methods[common.Method.Name()] {
		if types.Identical(withoutReceiver(f.Signature), withoutReceiver(common.Signature())) {
			found = append(found, f)
		}
	}
	return found
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
