// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Of generic functions, whose instances are read, all instructions that matter are facts, in order.

// followsAny reports whether one of some parameters or results is followed.
func followsAny(tuple *types.Tuple) bool {
	for v := range tuple.Variables() {
		if follows(v.Type()) {
			return true
		}
	}
	return false
}

// isFact reports whether an instruction matters to what may be called.
func (w *factWriter) isFact(i ssa.Instruction) bool {
	if mentionsDebugging(i) {
		return true
	}
	if v, ok := i.(ssa.Value); ok && w.leadsNowhere(v) {
		return false
	}
	switch i := i.(type) {
	case *ssa.Call:
		if _, builtin := i.Call.Value.(*ssa.Builtin); builtin {
			return follows(i.Type()) || slices.ContainsFunc(i.Call.Args, func(v ssa.Value) bool { return follows(v.Type()) || isMap(v.Type()) })
		}
		return !w.isPlainCall(i)
	case ssa.CallInstruction, *ssa.MakeInterface, *ssa.MakeClosure, *ssa.TypeAssert, *ssa.ChangeInterface, *ssa.Panic, *ssa.Select, *ssa.MapUpdate, *ssa.MakeMap,
		*ssa.MultiConvert, *ssa.SliceToArrayPointer:
		return true
	case *ssa.Convert:
		return !isNumber(i.Type()) || !isNumber(i.X.Type())
	case *ssa.ChangeType:
		return !isNumber(i.Type()) || !isNumber(i.X.Type())
	case *ssa.BinOp:
		return (i.Op == token.EQL || i.Op == token.NEQ) && !comparesNil(i) && (holdsInterface(i.X.Type()) || holdsInterface(i.Y.Type()) || hasParameter(i.X.Type()))
	case *ssa.Return:
		return slices.ContainsFunc(i.Results, func(v ssa.Value) bool { return follows(v.Type()) })
	case *ssa.Store:
		return follows(i.Val.Type())
	case *ssa.Send:
		return follows(i.X.Type())
	case *ssa.Lookup:
		return isMap(i.X.Type())
	case *ssa.Range:
		return isMap(i.X.Type())
	case *ssa.Next:
		return !i.IsString
	case ssa.Value:
		return follows(i.Type())
	}
	return false
}

func isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// isNumber reports whether a type is of numbers, strings or truth values.
func isNumber(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() != types.UnsafePointer
}

// comparesNil reports whether a value is compared with nil.
func comparesNil(i *ssa.BinOp) bool {
	return slices.ContainsFunc([]ssa.Value{i.X, i.Y}, func(v ssa.Value) bool {
		c, ok := v.(*ssa.Const)
		return ok && c.IsNil()
	})
}

// leadsNowhere reports whether a value is read, from a variable or a result, and nothing is done with it but comparing it with nil.
func (w *factWriter) leadsNowhere(v ssa.Value) bool {
	nowhere, known := w.unused[v]
	if known {
		return nowhere
	}
	switch v := v.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Field, *ssa.Index, *ssa.Extract, *ssa.Phi:
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return false
		}
	default:
		return false
	}
	w.unused[v] = true // on the way round a loop
	nowhere = !slices.ContainsFunc(*v.Referrers(), func(i ssa.Instruction) bool {
		if compared, ok := i.(*ssa.BinOp); ok {
			return !comparesNil(compared)
		}
		to, ok := i.(ssa.Value)
		return !ok || !w.leadsNowhere(to)
	})
	w.unused[v] = nowhere
	return nowhere
}

// isPlainCall reports whether a call names a declared function that is not generic, and hands it nothing that is followed, nor does anything with such a
// result: an analysis reads all such functions, called or not, but for methods of types that are not exported.
func (w *factWriter) isPlainCall(c *ssa.Call) bool {
	f := c.Call.StaticCallee()
	if f == nil || f.Origin() != nil || isPattern(f) || followsAny(f.Signature.Params()) || w.usesFollowed(c) {
		return false
	}
	if declared, ok := f.Object().(*types.Func); !ok || f.Prog.FuncValue(declared) != f {
		return false // a literal, or one that is written for another
	}
	recv := f.Signature.Recv()
	if recv == nil {
		return true
	}
	named := receiverType(recv)
	return named != nil && isDeclared(named) && !follows(recv.Type())
}

// usesFollowed reports whether something is done with a result that is followed.
func (w *factWriter) usesFollowed(c *ssa.Call) bool {
	return slices.ContainsFunc(*c.Referrers(), func(i ssa.Instruction) bool {
		if e, ok := i.(*ssa.Extract); ok {
			return follows(e.Type()) && !w.leadsNowhere(e)
		}
		compared, ok := i.(*ssa.BinOp)
		return follows(c.Type()) && !(ok && comparesNil(compared))
	})
}

// names records the method that a plain call names.
func (w *factWriter) names(c *ssa.Call) {
	if f := c.Call.StaticCallee(); f != nil && isUnexportedMethod(f) {
		w.named[w.nameOf(f)] = true
	}
}
