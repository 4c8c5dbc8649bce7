// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"bytes"
	"fmt"
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

// A factWriter writes the facts of a function and of the literals in it.
type factWriter struct {
	out       *bytes.Buffer
	types     map[types.Type]string    // as they are written
	functions map[*ssa.Function]string // likewise
	passed    map[string]bool
	named     map[string]bool
	parts     map[string]bool
	found     facts
	flows     *flowReader
	lines     *lineReader
	invoked   map[string]bool // methods of the package's interfaces that are not exported
	local     renamer
	linked    bool               // functions may be called from assembly, or by other names
	operands  []*ssa.Value       // of an instruction
	all       bool               // of the function, everything is written
	unused    map[ssa.Value]bool // see leadsNowhere
	numbers   map[ssa.Value]int  // in the function
}

func newFactWriter(out *bytes.Buffer, program *ssa.Program, p *packages.Package) *factWriter {
	w := &factWriter{
		out: out, types: map[types.Type]string{}, functions: map[*ssa.Function]string{}, passed: map[string]bool{}, named: map[string]bool{}, parts: map[string]bool{},
		found: facts{labels: map[ssa.CallInstruction]uint64{}, sites: map[place][]newSite{}, private: map[uint64]string{}, methods: map[string]map[uint64]bool{}, always: map[uint64]bool{}},
		lines: newLineReader(program.Fset, p), invoked: map[string]bool{}, local: localNames(p), linked: len(p.OtherFiles) > 0,
	}
	w.flows = newFlowReader(program, w.typeName)
	for _, object := range p.TypesInfo.Defs {
		if f, ok := object.(*types.Func); ok && f.Signature().Recv() != nil && types.IsInterface(f.Signature().Recv().Type()) {
			w.invoked[f.Name()] = true
		}
	}
	return w
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
	pattern := isPattern(f)
	w.all = pattern
	if pattern {
		w.pattern(f)
	} else {
		w.body(f)
	}
	w.out = out
	switch byName := !pattern && f.Blocks != nil && f.Parent() == nil && (f.Signature.Recv() == nil || w.isPrivate(f)) && !w.linked; {
	case !byName:
		fmt.Fprintf(out, "func %s %s %t %q\n", w.nameOf(f), w.typeName(f.Signature), f.Blocks == nil, f.Synthetic)
		for parameter := range f.Signature.TypeParams().TypeParams() {
			fmt.Fprintf(out, "parameter %s\n", w.typeName(parameter.Constraint()))
		}
		for _, v := range f.FreeVars {
			fmt.Fprintf(out, "captured %s\n", w.typeName(v.Type()))
		}
	case body.Len() > 0:
		fmt.Fprintf(out, "func %s\n", w.nameOf(f))
	}
	out.Write(body.Bytes())
	for _, literal := range f.AnonFuncs {
		w.function(literal)
	}
}

// pattern writes what a generic function has, all of it in order.
func (w *factWriter) pattern(f *ssa.Function) {
	for _, block := range f.Blocks {
		for _, i := range block.Instrs {
			if boxed := passedAny(i); boxed != nil {
				w.passed[w.typeName(boxed)] = true
			} else if w.isFact(i) {
				w.instruction(block, i)
			} else if call, ok := i.(*ssa.Call); ok {
				w.names(call)
			}
			if call, ok := i.(ssa.CallInstruction); ok {
				w.site(call, newSite{})
			}
		}
	}
}

// body writes the instructions with functions as values, and finds the other facts.
func (w *factWriter) body(f *ssa.Function) {
	w.flows.read(f)
	to := w.found.always
	outer := f
	for outer.Parent() != nil {
		outer = outer.Parent()
	}
	if isUnexportedMethod(outer) {
		if to = w.found.methods[w.nameOf(outer)]; to == nil {
			to = map[uint64]bool{}
			w.found.methods[w.nameOf(outer)] = to
		}
	}
	maps.Copy(to, w.flows.facts)
	maps.Copy(w.named, w.flows.uses)
	if f.Parent() == nil && w.isPrivate(f) {
		w.found.private[hashText(w.nameOf(f))] = symbol(f)
	}
	for _, block := range f.Blocks {
		for _, i := range block.Instrs {
			if boxed := passedAny(i); boxed != nil {
				w.passed[w.typeName(boxed)] = true
				continue
			}
			w.operands = i.Operands(w.operands[:0])
			strict := hasFunction(i, w.operands)
			if strict {
				w.instruction(block, i)
			}
			switch i := i.(type) {
			case ssa.CallInstruction:
				w.callInLine(i, strict)
			case *ssa.BinOp:
				if (i.Op == token.EQL || i.Op == token.NEQ) && types.IsInterface(i.X.Type()) {
					w.lines.comparison(i, w.flows.sourcesOf(i.X), w.flows.sourcesOf(i.Y))
				}
			}
		}
	}
}

// callInLine adds a call to its line, but for one that only names a function.
func (w *factWriter) callInLine(i ssa.CallInstruction, strict bool) {
	common := i.Common()
	if _, builtin := common.Value.(*ssa.Builtin); builtin && !strict {
		return
	}
	callee := common.StaticCallee()
	if !strict && callee != nil && callee.Parent() == nil && callee.Origin() == nil && w.lines.byName[common.Pos()] {
		return
	}
	label := w.flows.labelOf(common)
	if callee != nil {
		label = "static " + w.nameOf(callee)
	}
	var site newSite
	if _, isCall := i.(*ssa.Call); isCall && common.IsInvoke() {
		site.label = hashText(label)
		w.found.labels[i] = site.label
	} else if isCall && callee != nil && callee.Parent() != nil && callee.Synthetic == "" {
		site.literal = []place{w.lines.place(callee.Syntax().Pos()), w.lines.place(callee.Pos())}
	}
	if callee == nil || !w.lines.byName[common.Pos()] {
		w.site(i, site)
	}
	for _, arg := range common.Args {
		if isFunction(arg.Type()) {
			label += " given " + arg.Type().String()
			if f, ok := arg.(*ssa.Function); ok {
				label += w.nameOf(f)
			} else if c, ok := arg.(*ssa.MakeClosure); ok {
				label += w.nameOf(c.Fn.(*ssa.Function))
			} else {
				label += fmt.Sprint(parameter(arg), w.flows.sourcesOf(arg))
			}
		}
	}
	w.lines.call(i, label)
}

// site adds a call to the sites of its lines.
func (w *factWriter) site(i ssa.CallInstruction, site newSite) {
	for _, at := range w.lines.linesOf(i) {
		w.found.sites[at] = append(w.found.sites[at], site)
	}
}

// A newSite is a call in a package that was edited: of an interface's method, or of a function literal. Others say nothing.
type newSite struct {
	label   uint64
	literal []place // where it may start
}

// isPrivate reports whether a method is only called by name: it is none of an interface's.
func (w *factWriter) isPrivate(f *ssa.Function) bool {
	recv := f.Signature.Recv()
	if recv == nil || isPattern(f) || f.Blocks == nil || token.IsExported(f.Name()) || w.invoked[f.Name()] {
		return false
	}
	named := receiverType(recv)
	return named != nil && named.TypeArgs().Len() == 0 && isDeclared(named)
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
	if v != nil && !w.all && !givesFunction(v.Type()) && !follows(v.Type()) {
		w.write(" ", w.typeName(v.Type()))
		return
	}
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
		_, tuple := v.Type().(*types.Tuple)
		switch {
		case w.all && (tuple || follows(v.Type())), givesFunction(v.Type()):
			w.write(" t", strconv.Itoa(w.number(v)))
		case follows(v.Type()):
			w.write(" from ", strings.Join(w.flows.sourcesOf(v), ", "))
		default:
			w.write(" ", w.typeName(v.Type()))
		}
	}
}

func (w *factWriter) typeName(t types.Type) string {
	name, known := w.types[t]
	if !known {
		name = types.TypeString(w.local.withoutNames(t), (*types.Package).Path)
		w.types[t] = name
	}
	return name
}

func (w *factWriter) write(parts ...string) {
	for _, s := range parts {
		w.out.WriteString(s)
	}
}
