// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// assign lets the value from go to the value to.
func (o *flows) assign(to, from ssa.Value) {
	if _, constant := from.(*ssa.Const); !constant && follows(from.Type()) && follows(to.Type()) {
		o.flow(o.id(from), o.id(to), isPointer(from.Type()) && isPointer(to.Type()))
	}
}

// take lets values of type t go from a node to the value to, or to part i of it if it is a tuple.
func (o *flows) take(to ssa.Value, i int, from int, t types.Type) {
	if !follows(t) {
		return
	}
	if _, tuple := to.Type().(*types.Tuple); tuple {
		o.flow(from, o.part(partOf{to, i}), isPointer(t))
	} else {
		o.flow(from, o.id(to), isPointer(t))
	}
}

// put lets the value from go to a node.
func (o *flows) put(to int, from ssa.Value) {
	if _, constant := from.(*ssa.Const); !constant && follows(from.Type()) {
		o.flow(o.id(from), to, isPointer(from.Type()))
	}
}

// kind numbers types.
func (o *flows) kind(t types.Type) int {
	n, known := o.kindOf[t]
	if known {
		return n
	}
	n, known = o.kinds.At(t).(int)
	if !known {
		n = o.kinds.Len()
		o.kinds.Set(t, n)
		o.kindTypes = append(o.kindTypes, t)
	}
	o.kindOf[t] = n // the same pointer comes often
	return n
}

func (o *flows) field(t types.Type, i int) int { return nodeOf(o, o.fields, fieldOf{o.kind(t), i}) }

func (o *flows) element(t types.Type, of container) int {
	return nodeOf(o, o.elements, elementOf{o.kind(t), of})
}

func (o *flows) resultNode(f *ssa.Function, i int) int { return nodeOf(o, o.results, resultOf{f, i}) }

func (o *flows) instruction(i ssa.Instruction) {
	switch i := i.(type) {
	case *ssa.Store:
		if follows(i.Val.Type()) {
			o.assign(i.Addr, i.Val)
		}
	case *ssa.UnOp:
		switch i.Op {
		case token.MUL:
			o.assign(i, i.X)
		case token.ARROW:
			element := i.X.Type().Underlying().(*types.Chan).Elem()
			o.take(i, 0, o.element(element, inChannel), element)
		}
	case *ssa.Phi:
		for _, e := range i.Edges {
			o.assign(i, e)
		}
	case *ssa.ChangeType:
		o.assign(i, i.X)
		o.sameFields(i.Type(), i.X.Type())
	case *ssa.ChangeInterface:
		o.assign(i, i.X)
	case *ssa.MakeInterface:
		o.hold(o.id(i), o.thing(i.X.Type()))
		o.assign(i, i.X)
		if isPointer(i.X.Type()) && follows(i.X.Type()) {
			o.put(o.box(i.X.Type()), i.X)
		}
		o.boxed = append(o.boxed, i)
	case *ssa.TypeAssert:
		o.assert(i)
	case *ssa.Convert:
		o.convert(i)
	case *ssa.Extract:
		if follows(i.Type()) {
			o.flow(o.part(partOf{i.Tuple, i.Index}), o.id(i), isPointer(i.Type()))
		}
	case *ssa.MakeClosure:
		o.hold(o.id(i), o.thing(i.Fn))
		for n, v := range i.Fn.(*ssa.Function).FreeVars {
			o.assign(v, i.Bindings[n])
		}
	case *ssa.Return:
		for n, v := range i.Results {
			if follows(v.Type()) {
				o.put(o.resultNode(i.Parent(), n), v)
			}
		}
	case *ssa.Panic:
		o.put(o.panicked, i.X)
	default:
		o.memory(i)
	}
}

// memory is for instructions on fields, elements, maps and channels.
func (o *flows) memory(i ssa.Instruction) {
	switch i := i.(type) {
	case *ssa.Field:
		o.take(i, 0, o.field(i.X.Type(), i.Field), i.Type())
	case *ssa.FieldAddr:
		o.take(i, 0, o.field(i.X.Type().Underlying().(*types.Pointer).Elem(), i.Field), i.Type())
	case *ssa.Index:
		o.take(i, 0, o.element(i.Type(), inSlice), i.Type())
	case *ssa.IndexAddr:
		o.take(i, 0, o.element(i.Type().Underlying().(*types.Pointer).Elem(), inSlice), i.Type())
	case *ssa.Lookup:
		if m, ok := i.X.Type().Underlying().(*types.Map); ok {
			o.take(i, 0, o.element(m.Elem(), inMap), m.Elem())
		}
	case *ssa.MapUpdate:
		if m, ok := i.Map.Type().Underlying().(*types.Map); ok {
			o.put(o.element(m.Key(), asKey), i.Key)
			o.put(o.element(m.Elem(), inMap), i.Value)
		}
	case *ssa.Next:
		if r, ok := i.Iter.(*ssa.Range); ok && !i.IsString {
			m := r.X.Type().Underlying().(*types.Map)
			o.take(i, 1, o.element(m.Key(), asKey), m.Key())
			o.take(i, 2, o.element(m.Elem(), inMap), m.Elem())
		}
	case *ssa.Send:
		o.put(o.element(i.Chan.Type().Underlying().(*types.Chan).Elem(), inChannel), i.X)
	case *ssa.Select:
		received := 2
		for _, s := range i.States {
			element := s.Chan.Type().Underlying().(*types.Chan).Elem()
			if s.Dir == types.SendOnly {
				o.put(o.element(element, inChannel), s.Send)
				continue
			}
			o.take(i, received, o.element(element, inChannel), element)
			received++
		}
	}
}

// sameFields lets the fields of two struct types be the same, since a value of one was converted to the other.
func (o *flows) sameFields(a, b types.Type) {
	if p, ok := a.Underlying().(*types.Pointer); ok {
		a = p.Elem()
	}
	if p, ok := b.Underlying().(*types.Pointer); ok {
		b = p.Elem()
	}
	s, ok := a.Underlying().(*types.Struct)
	if t, both := b.Underlying().(*types.Struct); !ok || !both || t.NumFields() != s.NumFields() {
		return
	}
	for i := range s.NumFields() {
		if t := s.Field(i).Type(); follows(t) {
			o.mark(o.field(a, i)) // VTA does not let one flow into the other
			o.mark(o.field(b, i))
		}
	}
}

// assert is for a type assertion.
func (o *flows) assert(i *ssa.TypeAssert) {
	if !follows(i.AssertedType) {
		return
	}
	var to int
	if i.CommaOk {
		to = o.part(partOf{i, 0})
	} else {
		to = o.id(i)
	}
	from := o.id(i.X)
	if isPointer(i.AssertedType) {
		o.lead(from, way{to: to, open: true})
		o.unbox(to, i.AssertedType)
		return
	}
	has, _ := i.AssertedType.Underlying().(*types.Interface)
	if from != to {
		o.lead(from, way{to: to, has: has, key: o.kind(i.AssertedType)})
	}
}

// convert is where values come from package unsafe, or may be changed by it. Package sync/atomic keeps what it gives back: what all its
// pointers to one type point to is one node, and so is what all its Values hold.
func (o *flows) convert(i *ssa.Convert) {
	for _, v := range []ssa.Value{i, i.X} {
		switch from := packagePath(i.Parent()); {
		case !isPointer(v.Type()) || !follows(v.Type()):
		case from == "sync/atomic" || from == "internal/runtime/atomic":
			o.flow(o.id(v), o.element(v.Type(), inAtomic), true)
		case !onlyReads(from) && (from != "runtime" || i.Parent().Name() != "makeArg"): // that makes an interface of a pointer
			o.mark(o.id(v))
			if v == ssa.Value(i) && !onlyLoads(v) {
				o.unbox(o.id(v), v.Type())
			}
		}
	}
	o.sameFields(i.Type(), i.X.Type())
}

// onlyReads reports whether the package only reads, by package unsafe, from variables of types that are followed.
func onlyReads(path string) bool { return path == "internal/sync" || path == "internal/abi" }

// packagePath is the import path of f's package.
func packagePath(f *ssa.Function) string {
	for f.Parent() != nil {
		f = f.Parent()
	}
	if f.Origin() != nil {
		f = f.Origin()
	}
	if f.Pkg == nil {
		return ""
	}
	return f.Pkg.Pkg.Path()
}

// call is for a call, a go statement or a defer statement.
func (o *flows) call(c ssa.CallInstruction) {
	common := c.Common()
	if builtin, ok := common.Value.(*ssa.Builtin); ok {
		o.builtin(c, builtin)
		if _, deferred := c.(*ssa.Defer); deferred {
			o.sites[c] = &site{instruction: c} // by a function that the compiler writes
		}
		return
	}
	f := common.StaticCallee()
	if f != nil && o.static != nil {
		o.static(c, f)
		return
	}
	s := &site{instruction: c}
	o.sites[c] = s
	if f != nil {
		o.callee(s, f)
		return
	}
	s.dynamic = &dynamic{}
	id := o.id(common.Value)
	o.nodes[id].calls = append(o.nodes[id].calls, s)
	o.called = append(o.called, attached{s, id})
}

// callee adds a function to those that a site may call: arguments go to parameters and results come back.
func (o *flows) callee(s *site, f *ssa.Function) {
	o.read(f)
	if s.dynamic != nil && !s.dynamic.reached.Insert(o.functions[f]) {
		return
	}
	s.targets = append(s.targets, f)
	if f.Blocks == nil {
		o.outside(s.instruction)
		return
	}
	if isEfaceOf(f) {
		if strings.HasPrefix(s.instruction.Parent().Name(), "arena_") {
			o.outside(s.instruction)
		}
		return
	}
	common, params := s.instruction.Common(), f.Params
	if common.IsInvoke() && len(params) > 0 {
		o.assign(params[0], common.Value)
		params = params[1:]
	}
	for n := range min(len(common.Args), len(params)) {
		o.assign(params[n], common.Args[n])
	}
	results := f.Signature.Results()
	if value := s.instruction.Value(); value != nil && results.Len() == common.Signature().Results().Len() {
		for n := range results.Len() {
			if t := results.At(n).Type(); follows(t) {
				o.flow(o.resultNode(f, n), o.result(value, results, n), isPointer(t))
			}
		}
	}
}

// isEfaceOf reports whether f is the function by which the runtime looks at values in interfaces; arenas make some that way.
func isEfaceOf(f *ssa.Function) bool {
	return f.Name() == "efaceOf" && packagePath(f) == "runtime"
}

// outside is for the call of a function without a body: its results are open, and so is what its arguments point to.
func (o *flows) outside(c ssa.CallInstruction) {
	if value := c.Value(); value != nil {
		o.markResults(value, c.Common().Signature())
	}
	for _, a := range c.Common().Args {
		if _, constant := a.(*ssa.Const); !constant && isPointer(a.Type()) && follows(a.Type()) {
			o.mark(o.id(a))
		}
	}
}

func (o *flows) builtin(c ssa.CallInstruction, b *ssa.Builtin) {
	value := c.Value()
	if value == nil || !follows(value.Type()) {
		return
	}
	switch b.Name() {
	case "recover":
		o.flow(o.panicked, o.id(value), false)
	case "ssa:wrapnilchk":
		o.assign(value, c.Common().Args[0])
	default: // SliceData of package unsafe, and what may come
		o.mark(o.id(value))
	}
}
