// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"go/types"
)

// A field of a declared struct type may come and go if nothing that an analysis follows is in it, and if reflection comes to nothing by it.

// structName writes a struct type that is declared: without such fields, but with what the analysis asks of the whole.
func (w *factWriter) structName(u *types.Struct) string {
	if u.NumFields() <= 3 { // of few fields it matters how many there are, see loneInterface, heldDirectly and isStreamError
		return w.typeName(u)
	}
	text := fmt.Sprintf("struct %t %t %d", types.Comparable(u), holdsInterface(u), partsOf(u))
	for i := range u.NumFields() {
		f := u.Field(i)
		if !f.Embedded() && isInert(f.Type(), map[types.Type]bool{}, nil) && (!f.Exported() || setsNothing(f.Type(), map[types.Type]bool{})) {
			isInert(f.Type(), map[types.Type]bool{}, func(t types.Type) { w.parts[w.typeName(t)] = true })
			continue
		}
		text += fmt.Sprintf("; %s %s %t", f.Id(), w.typeName(f.Type()), f.Embedded())
	}
	return text
}

// isInert reports whether a value of type t holds no function and no interface, nor points to one. It tells of the types in it that have methods, which
// an analysis reads if there may be values of them in interfaces.
func isInert(t types.Type, seen map[types.Type]bool, tell func(types.Type)) bool {
	t = types.Unalias(t)
	if seen[t] {
		return true
	}
	seen[t] = true
	if named, ok := t.(*types.Named); ok {
		if named.TypeArgs().Len() > 0 || named.Obj().Pkg() == nil || !isDeclared(named) || types.IsInterface(named) {
			return false
		}
		if tell != nil && types.NewMethodSet(types.NewPointer(named)).Len() > 0 {
			tell(named)
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() != types.UnsafePointer
	case *types.Pointer:
		if named, ok := types.Unalias(u.Elem()).(*types.Named); ok && named.TypeArgs().Len() == 0 && isDeclared(named) && !follows(u) {
			if tell != nil {
				tell(u)
			}
			return true
		}
		return isInert(u.Elem(), seen, tell)
	case *types.Slice:
		return isInert(u.Elem(), seen, tell)
	case *types.Array:
		return isInert(u.Elem(), seen, tell)
	case *types.Chan:
		return isInert(u.Elem(), seen, tell)
	case *types.Map:
		return isInert(u.Key(), seen, tell) && isInert(u.Elem(), seen, tell)
	case *types.Struct:
		for f := range u.Fields() {
			if !isInert(f.Type(), seen, tell) {
				return false
			}
		}
		return true
	}
	return false
}

// setsNothing reports whether reflection, from a value of type t, comes to nothing in which there may be a function or an interface: not by exported
// fields, nor by what exported methods take and return.
func setsNothing(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return true
	}
	seen[t] = true
	nothing := true
	eachContent(t, func(element types.Type, _ func(*flows) int) {
		nothing = nothing && !follows(element) && setsNothing(element, seen)
	})
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		nothing = nothing && setsNothing(u.Elem(), seen)
	case *types.Struct:
		for f := range u.Fields() {
			nothing = nothing && (!f.Embedded() || setsNothing(f.Type(), seen))
		}
	case *types.Signature:
		for _, tuple := range []*types.Tuple{u.Params(), u.Results()} {
			for v := range tuple.Variables() {
				nothing = nothing && setsNothing(v.Type(), seen)
			}
		}
	}
	for m := range types.NewMethodSet(t).Methods() {
		nothing = nothing && (!m.Obj().Exported() || setsNothing(m.Type(), seen))
	}
	return nothing
}
