// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// hasFunction reports whether an instruction, with its operands, has to do with functions as values, or with what the flow facts do not tell.
func hasFunction(i ssa.Instruction, operands []*ssa.Value) bool {
	if slices.ContainsFunc(operands, isDebugging) {
		return true
	}
	switch i := i.(type) {
	case *ssa.BinOp:
		return !comparesNil(i) && givesFunction(i.X.Type())
	case *ssa.Go, *ssa.Defer, *ssa.MakeClosure, *ssa.MultiConvert, *ssa.SliceToArrayPointer:
		return true
	case *ssa.MakeInterface:
		if follows(i.X.Type()) {
			return true
		}
	case *ssa.Convert:
		if holdsPointer(i.Type()) || holdsPointer(i.X.Type()) {
			return true
		}
	case *ssa.ChangeType:
		if holdsPointer(i.Type()) || holdsPointer(i.X.Type()) {
			return true
		}
	}
	if v, ok := i.(ssa.Value); ok && givesFunction(v.Type()) {
		return true
	}
	call, isCall := i.(*ssa.Call)
	return slices.ContainsFunc(operands, func(operand *ssa.Value) bool {
		if *operand == nil {
			return false
		}
		if isCall && operand == &call.Call.Value {
			if _, builtin := call.Call.Value.(*ssa.Builtin); builtin {
				return false
			}
			f, ok := call.Call.Value.(*ssa.Function)
			return !ok && !call.Call.IsInvoke() || ok && f.Parent() != nil
		}
		return givesFunction((*operand).Type())
	})
}

// givesFunction reports whether values of type t are functions, point to them, or are results among which there is such a one.
func givesFunction(t types.Type) bool {
	if tuple, ok := t.(*types.Tuple); ok {
		for v := range tuple.Variables() {
			if isFunction(v.Type()) {
				return true
			}
		}
		return false
	}
	return isFunction(t)
}

// holdsPointer reports whether a conversion of a value of type t may have to do with package unsafe, or with the fields of a struct.
func holdsPointer(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Pointer, *types.Struct, *types.TypeParam:
		return true
	}
	return false
}
