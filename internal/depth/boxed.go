// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A pointer to a variable that is followed may be put into an interface, and come out elsewhere: by a type assertion, by package reflect or by
// package unsafe. What is stored through it then, the variable holds. So all variables of one type that are pointed to from
// interfaces are one node, their box, and what such pointers point to when they come out is the same.

// box returns the node for what pointers of type t in interfaces point to.
func (o *flows) box(t types.Type) int { return o.element(pointee(t), inBox) }

// pointee is the type that a pointer leads to in the end: all pointers on the way to it have its node.
func pointee(t types.Type) types.Type {
	for {
		p, ok := t.Underlying().(*types.Pointer)
		if !ok {
			return types.Unalias(t)
		}
		t = p.Elem()
	}
}

// unbox is for a pointer that comes out, whose node is id.
func (o *flows) unbox(id int, t types.Type) {
	if !isPointer(t) || !follows(t) {
		return
	}
	o.flow(id, o.box(t), true)
	if o.unboxed.Set(pointee(t), true) == nil {
		o.news = true
	}
}

// boxResults is for a function that package reflect may call: it hands out what that returns.
func (o *flows) boxResults(f *ssa.Function) {
	if f == nil {
		return
	}
	results := f.Signature.Results()
	for i := range results.Len() {
		if t := results.At(i).Type(); isPointer(t) && follows(t) {
			o.flow(o.resultNode(f, i), o.box(t), true)
		}
	}
}

// boxArguments is for the call of a function that package reflect may have made: it hands out what that is given.
func (o *flows) boxArguments(call *ssa.CallCommon) {
	for _, v := range call.Args {
		if _, constant := v.(*ssa.Const); !constant && isPointer(v.Type()) && follows(v.Type()) {
			o.put(o.box(v.Type()), v)
		}
	}
}

// onlyLoads reports whether a pointer serves for nothing but to load values that are no pointers.
func onlyLoads(pointer ssa.Value) bool {
	return !slices.ContainsFunc(*pointer.Referrers(), func(i ssa.Instruction) bool {
		load, ok := i.(*ssa.UnOp)
		return !ok || load.Op != token.MUL || isPointer(load.Type())
	})
}

// linkBoxes lets what reflection may hand out a pointer to be the same as what such pointers point to when they come out: pointers that a value
// in an interface holds, and if it takes addresses, variables.
func (o *reflector) linkBoxes() {
	if o.unboxed.Len() == 0 || !o.news {
		return
	}
	o.news = false
	for _, t := range o.settable.Keys() {
		eachContent(t, func(element types.Type, node func(*flows) int) {
			if follows(element) && (o.addresses || isPointer(element)) && o.unboxed.At(pointee(element)) != nil {
				o.flow(node(o.flows), o.box(element), true)
			}
		})
	}
}

// eachContent tells do of what a value of type t holds that reflection can come to.
func eachContent(t types.Type, do func(element types.Type, node func(*flows) int)) {
	in := func(element types.Type, of container) {
		do(element, func(o *flows) int { return o.element(element, of) })
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for i := range u.NumFields() {
			if f := u.Field(i); f.Exported() {
				do(f.Type(), func(o *flows) int { return o.field(t, i) })
			}
		}
	case *types.Slice:
		in(u.Elem(), inSlice)
	case *types.Array:
		in(u.Elem(), inSlice)
	case *types.Map:
		in(u.Key(), asKey)
		in(u.Elem(), inMap)
	case *types.Chan:
		in(u.Elem(), inChannel)
	}
}

// takesAddresses reports whether reflection may hand out pointers to parts of what it was given, but for what packages that decode do with them.
func (c *code) takesAddresses() bool {
	names := []string{"reflect.Value.Addr", "reflect.Value.UnsafeAddr", "reflect.(*Value).Addr", "reflect.(*Value).UnsafeAddr"}
	for i := range c.functions {
		f := &c.functions[i]
		if slices.Contains(names[2:], f.Name) || strings.HasPrefix(f.Name, "encoding/json/v2.UnmarshalFromFunc[") || strings.HasPrefix(f.Name, "encoding/json/v2.UnmarshalFunc[") {
			return true
		}
		for _, call := range f.calls {
			if call.target == unknownTarget {
				continue
			}
			switch name := c.functions[call.target].Name; {
			case slices.Contains(names, name):
			case name == gopanic && slices.Contains(names, c.text.Frames(f.Func, call.pc)[0].Func): // inlined
			default:
				continue
			}
			if !isPlain(c.caller(f, call)) {
				return true
			}
		}
	}
	return false
}
