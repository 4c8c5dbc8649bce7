// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
)

// The facts of a package are what an analysis takes from its source, but for the places: its types, and of its functions the instructions that
// say what may be called where. After an edit that leaves them as they are, such as one of a constant, of arithmetic, of a comment, or one that adds
// calls of functions by name which are handed no function, interface or pointer to one, calls lead to the same functions as before.

type facts struct {
	Sum [sha256.Size]byte
	// What only matters as a set: types of values that are passed for a parameter ...any, and are nowhere else; methods of types that are not exported
	// which calls name.
	Passed, Named []string
}

// factsOf returns the facts of a package whose SSA form is there, with its syntax.
func factsOf(program *ssa.Program, p *packages.Package) facts {
	var b bytes.Buffer
	pkg := program.Package(p.Types)
	for _, name := range p.Types.Scope().Names() { // in order
		switch member := pkg.Members[name].(type) {
		case *ssa.Type:
			t := member.Type()
			fmt.Fprintf(&b, "type %s %s\n", typeName(t), typeName(t.Underlying()))
			if a, ok := member.Object().Type().(*types.Alias); ok {
				fmt.Fprintf(&b, "alias %s %s\n", name, typeName(types.Unalias(a)))
			}
			if named, ok := t.(*types.Named); ok && named.TypeParams() != nil {
				for parameter := range named.TypeParams().TypeParams() {
					fmt.Fprintf(&b, "parameter %s\n", typeName(parameter.Constraint()))
				}
			}
		case *ssa.Global:
			fmt.Fprintf(&b, "var %s %s\n", name, typeName(member.Type()))
		}
	}
	var local []string
	for _, object := range p.TypesInfo.Defs {
		if t, ok := object.(*types.TypeName); ok && t.Parent() != p.Types.Scope() && !isParameter(t.Type()) {
			local = append(local, fmt.Sprintf("local %s %s", typeName(t.Type()), typeName(t.Type().Underlying())))
		}
	}
	slices.Sort(local)
	fmt.Fprintln(&b, strings.Join(local, "\n"))
	var functions []*ssa.Function
	if init := pkg.Func("init"); init != nil {
		functions = append(functions, init)
	}
	for _, file := range p.Syntax {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				if declared, ok := p.TypesInfo.Defs[f.Name].(*types.Func); ok {
					if function := program.FuncValue(declared); function != nil {
						functions = append(functions, function)
					}
				}
			}
		}
		for _, group := range file.Comments {
			for _, comment := range group.List {
				if strings.HasPrefix(comment.Text, linknamePrefix) {
					fmt.Fprintln(&b, comment.Text)
				}
			}
		}
	}
	w := &factWriter{out: &b, types: map[types.Type]string{}, functions: map[*ssa.Function]string{}, passed: map[string]bool{}, named: map[string]bool{}}
	slices.SortStableFunc(functions, func(f, g *ssa.Function) int { return strings.Compare(w.nameOf(f), w.nameOf(g)) })
	for _, f := range functions {
		w.function(f)
	}
	return facts{sha256.Sum256(b.Bytes()), slices.Sorted(maps.Keys(w.passed)), slices.Sorted(maps.Keys(w.named))}
}

func typeName(t types.Type) string { return types.TypeString(withoutNames(t), (*types.Package).Path) }

// withoutNames returns a type without the names of parameters and results, which identical types may have other ones of.
func withoutNames(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Pointer:
		return types.NewPointer(withoutNames(t.Elem()))
	case *types.Slice:
		return types.NewSlice(withoutNames(t.Elem()))
	case *types.Array:
		return types.NewArray(withoutNames(t.Elem()), t.Len())
	case *types.Map:
		return types.NewMap(withoutNames(t.Key()), withoutNames(t.Elem()))
	case *types.Chan:
		return types.NewChan(t.Dir(), withoutNames(t.Elem()))
	case *types.Tuple:
		var list []*types.Var
		for v := range t.Variables() {
			list = append(list, types.NewParam(token.NoPos, nil, "", withoutNames(v.Type())))
		}
		return types.NewTuple(list...)
	case *types.Signature:
		params, _ := withoutNames(t.Params()).(*types.Tuple)
		results, _ := withoutNames(t.Results()).(*types.Tuple)
		return types.NewSignatureType(nil, nil, nil, params, results, t.Variadic())
	case *types.Struct:
		var fields []*types.Var
		var tags []string
		for i := range t.NumFields() {
			f := t.Field(i)
			fields = append(fields, types.NewField(token.NoPos, f.Pkg(), f.Name(), withoutNames(f.Type()), f.Embedded()))
			tags = append(tags, t.Tag(i))
		}
		return types.NewStruct(fields, tags)
	case *types.Interface:
		var methods []*types.Func
		for m := range t.ExplicitMethods() {
			methods = append(methods, types.NewFunc(token.NoPos, m.Pkg(), m.Name(), withoutNames(m.Signature()).(*types.Signature)))
		}
		var embedded []types.Type
		for e := range t.EmbeddedTypes() {
			embedded = append(embedded, e)
		}
		return types.NewInterfaceType(methods, embedded)
	}
	return t
}

// A factWriter writes the facts of a function and of the literals in it.
type factWriter struct {
	out       *bytes.Buffer
	types     map[types.Type]string    // as they are written
	functions map[*ssa.Function]string // likewise
	passed    map[string]bool
	named     map[string]bool
	unused    map[ssa.Value]bool // see leadsNowhere
	numbers   map[ssa.Value]int  // in the function
}

func (w *factWriter) nameOf(f *ssa.Function) string {
	name, known := w.functions[f]
	if !known {
		name = f.RelString(nil)
		w.functions[f] = name
	}
	return name
}

func (w *factWriter) function(f *ssa.Function) {
	w.numbers, w.unused = map[ssa.Value]int{}, map[ssa.Value]bool{}
	var body bytes.Buffer
	out := w.out
	w.out = &body
	for _, block := range f.Blocks {
		for _, i := range block.Instrs {
			if boxed := passedAny(i); boxed != nil {
				w.passed[w.typeName(boxed)] = true
			} else if w.isFact(i) {
				w.instruction(block, i)
			} else if call, ok := i.(*ssa.Call); ok {
				w.names(call)
			}
		}
	}
	w.out = out
	if declared := f.Parent() == nil && f.Signature.Recv() == nil && !isPattern(f) && f.Blocks != nil; !declared || body.Len() > 0 || followsAny(f.Signature.Params()) || followsAny(f.Signature.Results()) {
		fmt.Fprintf(out, "func %s %s %t %q\n", w.nameOf(f), w.typeName(f.Signature), f.Blocks == nil, f.Synthetic)
		for parameter := range f.Signature.TypeParams().TypeParams() {
			fmt.Fprintf(out, "parameter %s\n", w.typeName(parameter.Constraint()))
		}
		for _, v := range f.FreeVars {
			fmt.Fprintf(out, "captured %s\n", w.typeName(v.Type()))
		}
		out.Write(body.Bytes())
	}
	for _, literal := range f.AnonFuncs {
		w.function(literal)
	}
}

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

func isParameter(t types.Type) bool {
	_, ok := t.(*types.TypeParam)
	return ok
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

func receiverType(recv *types.Var) *types.Named {
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, _ := t.(*types.Named)
	return named
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

// isUnexportedMethod reports whether f is a method of a type that is not exported: it is only read if something uses it.
func isUnexportedMethod(f *ssa.Function) bool {
	recv := f.Signature.Recv()
	if recv == nil || f.Origin() != nil {
		return false
	}
	named := receiverType(recv)
	return named != nil && !named.Obj().Exported()
}

// passedAny returns the type of the value that an instruction boxes, stores or makes room for, if it is passed for a parameter ...any and is of a type that is
// declared or basic, and not followed; otherwise nil. Three instructions do so for a value.
func passedAny(i ssa.Instruction) types.Type {
	var store *ssa.Store
	switch i := i.(type) {
	case *ssa.Store:
		store = i
	case *ssa.MakeInterface:
		store = onlyStore(i)
	case *ssa.IndexAddr:
		store = onlyStore(i)
	}
	if store == nil {
		return nil
	}
	at, isElement := store.Addr.(*ssa.IndexAddr)
	boxed, isBoxed := store.Val.(*ssa.MakeInterface)
	if !isElement || !isBoxed || onlyStore(at) != store || onlyStore(boxed) != store || follows(boxed.X.Type()) {
		return nil
	}
	room, isRoom := at.X.(*ssa.Alloc)
	of, isInterface := types.Unalias(boxed.Type()).(*types.Interface)
	if !isRoom || room.Comment != "varargs" || !isInterface || !of.Empty() {
		return nil
	}
	switch t := types.Unalias(boxed.X.Type()).(type) {
	case *types.Basic:
		return t
	case *types.Named:
		if t.Obj().Pkg() == nil || isDeclared(t) {
			return t
		}
	}
	return nil
}

// onlyStore returns the store that alone refers to a value, or nil.
func onlyStore(v ssa.Value) *ssa.Store {
	referrers := *v.Referrers()
	if len(referrers) != 1 {
		return nil
	}
	store, _ := referrers[0].(*ssa.Store)
	return store
}

func (w *factWriter) instruction(block *ssa.BasicBlock, i ssa.Instruction) {
	w.out.WriteString(reflect.TypeOf(i).String())
	if v, ok := i.(ssa.Value); ok {
		w.write(" t", strconv.Itoa(w.number(v)), " ", w.typeName(v.Type()))
	}
	switch i := i.(type) {
	case ssa.CallInstruction:
		common := i.Common()
		w.write(" ", w.typeName(common.Signature()))
		if common.IsInvoke() {
			fmt.Fprintf(w.out, " %s", common.Method.Id())
		}
		if d, ok := i.(*ssa.Defer); ok {
			fmt.Fprintf(w.out, " %t %t", inLoop(block), d.DeferStack != nil)
		}
	case *ssa.TypeAssert:
		fmt.Fprintf(w.out, " %s %t", w.typeName(i.AssertedType), i.CommaOk)
	case *ssa.UnOp:
		fmt.Fprintf(w.out, " %s %t", i.Op, i.CommaOk)
	case *ssa.BinOp:
		fmt.Fprintf(w.out, " %s", i.Op)
	case *ssa.Field:
		fmt.Fprintf(w.out, " %d", i.Field)
	case *ssa.FieldAddr:
		fmt.Fprintf(w.out, " %d", i.Field)
	case *ssa.Extract:
		fmt.Fprintf(w.out, " %d", i.Index)
	case *ssa.Select:
		for _, s := range i.States {
			fmt.Fprintf(w.out, " %d", s.Dir)
		}
	}
	var operands []*ssa.Value
	for _, v := range i.Operands(operands) {
		w.operand(*v)
	}
	w.out.WriteByte('\n')
}

// number numbers values in the order in which they occur.
func (w *factWriter) number(v ssa.Value) int {
	n, known := w.numbers[v]
	if !known {
		n = len(w.numbers)
		w.numbers[v] = n
	}
	return n
}

func (w *factWriter) operand(v ssa.Value) {
	switch v := v.(type) {
	case nil:
		w.out.WriteString(" -")
	case *ssa.Const:
		w.write(" const ", strconv.FormatBool(v.IsNil()), " ", w.typeName(v.Type()))
	case *ssa.Function:
		w.write(" ", w.nameOf(v))
	case *ssa.Global, *ssa.Builtin:
		w.write(" ", v.String())
	case *ssa.Parameter:
		w.write(" p", strconv.Itoa(slices.Index(v.Parent().Params, v)))
	case *ssa.FreeVar:
		w.write(" f", strconv.Itoa(slices.Index(v.Parent().FreeVars, v)))
	default:
		if _, tuple := v.Type().(*types.Tuple); tuple || follows(v.Type()) {
			w.write(" t", strconv.Itoa(w.number(v)))
		} else {
			w.write(" ", w.typeName(v.Type()))
		}
	}
}

func (w *factWriter) typeName(t types.Type) string {
	name, known := w.types[t]
	if !known {
		name = typeName(t)
		w.types[t] = name
	}
	return name
}

func (w *factWriter) write(parts ...string) {
	for _, s := range parts {
		w.out.WriteString(s)
	}
}
