// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// A reflection is what of package reflect the binary has: what the linker has left out does nothing.
type reflection struct {
	writes bool // it may change what can be reached from a value in an interface
	calls  bool // it may call functions and methods
}

func (c *code) reflection() reflection {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return len(c.byName[name]) > 0 })
	}
	return reflection{
		writes: has("reflect.Value.Set", "reflect.Value.SetMapIndex", "reflect.Value.Send", "reflect.Value.send", "reflect.Value.TrySend",
			"reflect.Copy", "reflect.Append", "reflect.AppendSlice", "reflect.Value.SetIterKey", "reflect.Value.SetIterValue", "reflect.Value.SetZero"),
		calls: has("reflect.Value.call", "reflect.Value.Call", "reflect.Value.CallSlice"),
	}
}

// A reflector opens what reflection may reach: from every type of which there may be a value in an interface.
type reflector struct {
	*flows
	reflection
	settable   typeutil.Map        // types of what can be reached, and set, from a value in an interface
	called     map[types.Type]bool // types whose methods may be called
	signatures typeutil.Map        // of functions in interfaces: how many of those functions were opened

	things, boxed int // how many of them were looked at
}

// open opens what is new since it was called before.
func (o *reflector) open() {
	if o.writes {
		o.openSettable()
	}
	if o.calls {
		for _, t := range o.program.RuntimeTypes() {
			if !o.called[t] {
				o.called[t] = true
				o.openMethods(t)
			}
		}
	}
	for ; o.boxed < len(o.flows.boxed); o.boxed++ {
		o.openBoxed(o.flows.boxed[o.boxed])
	}
	o.signatures.Iterate(func(t types.Type, opened any) {
		functions := o.valuesOf(t.(*types.Signature))
		for _, f := range functions[*opened.(*int):] {
			o.openParameters(f)
		}
		*opened.(*int) = len(functions)
	})
}

// openSettable opens what values in interfaces hold, as far as there is a way to it: not by fields that are not exported.
func (o *reflector) openSettable() {
	var next []types.Type
	add := func(t types.Type) {
		if o.settable.Set(t, true) == nil {
			next = append(next, t)
			o.openContents(t)
		}
	}
	for ; o.things < len(o.flows.things); o.things++ {
		if t, ok := o.flows.things[o.things].(types.Type); ok {
			add(t)
		}
	}
	for len(next) > 0 {
		t := next[len(next)-1]
		next = next[:len(next)-1]
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			add(u.Elem())
		case *types.Slice:
			add(u.Elem())
		case *types.Array:
			add(u.Elem())
		case *types.Chan:
			add(u.Elem())
		case *types.Map:
			add(u.Key())
			add(u.Elem())
		case *types.Struct:
			for f := range u.Fields() {
				if f.Exported() || f.Embedded() {
					add(f.Type())
				}
			}
		case *types.Signature:
			for v := range u.Params().Variables() {
				add(v.Type())
			}
			for v := range u.Results().Variables() {
				add(v.Type())
			}
		}
		methods := o.program.MethodSets.MethodSet(t)
		for i := range methods.Len() {
			if m := methods.At(i); m.Obj().Exported() {
				add(m.Type())
			}
		}
	}
}

// openContents opens what a value of type t holds, as far as reflection can set it.
func (o *flows) openContents(t types.Type) {
	open := func(element types.Type, of container) {
		if follows(element) {
			o.mark(o.element(element, of))
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for i := range u.NumFields() {
			if f := u.Field(i); f.Exported() && follows(f.Type()) {
				o.mark(o.field(t, i))
			}
		}
	case *types.Slice:
		open(u.Elem(), inSlice)
	case *types.Array:
		open(u.Elem(), inSlice)
	case *types.Map:
		open(u.Key(), asKey)
		open(u.Elem(), inMap)
	case *types.Chan:
		open(u.Elem(), inChannel)
	}
}

// openMethods opens the parameters of t's exported methods.
func (o *flows) openMethods(t types.Type) {
	if types.IsInterface(t) {
		return
	}
	methods := o.program.MethodSets.MethodSet(t)
	for i := range methods.Len() {
		if m := methods.At(i); m.Obj().Exported() {
			o.openParameters(o.program.MethodValue(m))
		}
	}
}

func (o *flows) openParameters(f *ssa.Function) {
	if f == nil {
		return
	}
	for _, p := range f.Params {
		if follows(p.Type()) {
			o.mark(o.id(p))
		}
	}
}

// openBoxed is for a pointer or a function that is put into an interface.
func (o *reflector) openBoxed(boxed *ssa.MakeInterface) {
	switch t := boxed.X.Type().Underlying().(type) {
	case *types.Pointer:
		if _, constant := boxed.X.(*ssa.Const); o.writes && !constant && follows(t) {
			o.mark(o.id(boxed.X))
		}
	case *types.Signature:
		if signature := withoutReceiver(t); o.calls && o.signatures.At(signature) == nil {
			o.signatures.Set(signature, new(int))
		}
	}
}
