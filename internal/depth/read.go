// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// readPackage reads the functions of a package and the methods of its exported types, and what they use.
func (o *flows) readPackage(p *ssa.Package) {
	for _, member := range p.Members {
		switch member := member.(type) {
		case *ssa.Function:
			o.read(member)
		case *ssa.Type:
			if named, ok := member.Type().(*types.Named); ok && member.Object().Exported() && named.TypeParams() == nil {
				o.readMethodsOf(named)
				o.readMethodsOf(types.NewPointer(named))
			}
		}
	}
	o.trim()
}

// readMethods reads the methods of types values of which are put into interfaces, when all packages were read.
func (o *flows) readMethods() {
	for _, t := range o.program.RuntimeTypes() {
		o.readMethodsOf(t)
	}
	o.trim()
}

func (o *flows) readMethodsOf(t types.Type) {
	if types.IsInterface(t) {
		return
	}
	for method := range o.program.MethodSets.MethodSet(t).Methods() {
		if f := o.program.MethodValue(method); f != nil {
			o.read(f)
		}
	}
}

// read follows all values in f, once, and in the functions that it uses.
func (o *flows) read(f *ssa.Function) {
	if _, known := o.functions[f]; known || o.waitsForLink(f) {
		return
	}
	o.functions[f] = len(o.functions)
	o.untrimmed = append(o.untrimmed, f)
	pattern := isPattern(f)
	if f.Signature.Recv() != nil && !pattern {
		o.methods[f.Name()] = append(o.methods[f.Name()], f)
	}
	var operands []*ssa.Value
	for _, block := range f.Blocks {
		for _, i := range block.Instrs {
			if !pattern {
				o.instruction(i)
				if call, ok := i.(ssa.CallInstruction); ok {
					o.call(call)
				}
			} else if boxed, ok := i.(*ssa.MakeInterface); ok {
				o.boxed = append(o.boxed, boxed)
			}
			operands = i.Operands(operands[:0])
			for _, operand := range operands {
				o.watchDebugging(i, *operand)
				if used, ok := (*operand).(*ssa.Function); ok {
					o.read(used)
					if call, isCall := i.(*ssa.Call); !pattern && (!isCall || operand != &call.Call.Value) {
						o.addValue(used)
					}
				}
			}
		}
	}
	if !pattern {
		o.found(f)
	}
}

// trim lets go of what is not needed any more of the functions that were read: of the instructions, calls, comparisons of interfaces and what is allocated
// are, and who refers to a value only if that is a function, or points to one.
func (o *flows) trim() {
	for _, f := range o.untrimmed {
		for _, block := range f.Blocks {
			for _, i := range block.Instrs {
				v, ok := i.(ssa.Value)
				if !ok || isFunction(v.Type()) {
					continue
				}
				if referrers := v.Referrers(); referrers != nil {
					*referrers = nil
				}
			}
			kept := slices.DeleteFunc(block.Instrs, func(i ssa.Instruction) bool {
				switch i := i.(type) {
				case ssa.CallInstruction, *ssa.Alloc:
					return false
				case *ssa.BinOp:
					return !types.IsInterface(i.X.Type())
				}
				return true
			})
			block.Instrs = slices.Clone(kept)
		}
	}
	o.untrimmed = nil
}

// isFunction reports whether values of type t are functions, or point to them.
func isFunction(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// addValue records that f is used as a value.
func (o *flows) addValue(f *ssa.Function) {
	if o.areValues[f] {
		return
	}
	o.areValues[f] = true
	signature := withoutReceiver(f.Signature)
	list, ok := o.values.At(signature).(*[]*ssa.Function)
	if !ok {
		list = &[]*ssa.Function{}
		o.values.Set(signature, list)
	}
	*list = append(*list, f)
}
