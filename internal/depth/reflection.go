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

// reflect opens what reflection may reach: from every type of which there may be a value in an interface.
func (o *flows) reflect(r reflection) {
	runtimeTypes := o.program.RuntimeTypes()
	if r.writes {
		for _, t := range o.settable() {
			o.openContents(t)
		}
	}
	if r.calls {
		for _, t := range runtimeTypes {
			o.openMethods(t)
		}
	}
	for f := range o.functions {
		for _, block := range f.Blocks {
			for _, i := range block.Instrs {
				if boxed, ok := i.(*ssa.MakeInterface); ok {
					o.openBoxed(boxed, r)
				}
			}
		}
	}
}

// settable returns the types of what can be reached, and set, from a value in an interface: not by way of fields that are not exported.
func (o *flows) settable() []types.Type {
	var seen typeutil.Map
	var next, all []types.Type
	add := func(t types.Type) {
		if seen.Set(t, true) == nil {
			next, all = append(next, t), append(all, t)
		}
	}
	for _, thing := range o.things {
		if t, ok := thing.(types.Type); ok {
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
	return all
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
func (o *flows) openBoxed(boxed *ssa.MakeInterface, r reflection) {
	switch t := boxed.X.Type().Underlying().(type) {
	case *types.Pointer:
		if _, constant := boxed.X.(*ssa.Const); r.writes && !constant && follows(t) {
			o.mark(o.id(boxed.X))
		}
	case *types.Signature:
		if list, ok := o.values.At(withoutReceiver(t)).(*[]*ssa.Function); r.calls && ok {
			for _, f := range *list {
				o.openParameters(f)
			}
		}
	}
}
