// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// The flow facts of a function are the ways by which values flow in it, between nodes that have the same name after an edit: parameters, results, fields,
// variables of packages, elements, and the arguments and results of interfaces' methods. What is local to the function is left out: a way goes on to where
// values come from. So they are a set, which does not depend on order, nor on how often something is done. The same set lets the same values flow.

// A flowReader reads the flow facts of functions, one at a time, by the same code that follows values.
type flowReader struct {
	*flows
	typeName func(types.Type) string

	function *ssa.Function
	given    map[parameterOf]int  // nodes for the parameters of functions that are called by name
	names    map[int][]string     // of roots that keep their name
	from     map[int][]back       // ways, by the root that they lead to
	calls    []*ssa.CallCommon    // of interfaces' methods and of function values
	returns  map[int][]callResult // by root
	labels   []string             // of calls, once asked for
	asking   []int                // the calls whose labels are being found
	operands []*ssa.Value         // of an instruction
	found    map[int][]string     // what sources returns
	facts    map[uint64]bool
	ways     map[uint64]wayFact   // of all functions that were read, the facts that are ways
	boxes    map[uint64]string    // likewise, the types that are put into interfaces
	named    map[string]namedNode // likewise, the nodes that have names
	uses     map[string]bool      // methods of types that are not exported
}

// A back is a way, from where it leads. Its filter names the interface that lets through only some types.
type back struct {
	from   int
	filter string
}

type callResult struct{ call, index int }

func newFlowReader(program *ssa.Program, typeName func(types.Type) string) *flowReader {
	r := &flowReader{typeName: typeName, ways: map[uint64]wayFact{}, boxes: map[uint64]string{}, named: map[string]namedNode{}}
	r.flows = newFlows(program, nil, map[ssa.CallInstruction]*site{})
	r.static = r.callByName
	return r
}

// read reads a function, without the literals in it. What is passed for an ...any is told elsewhere.
func (r *flowReader) read(f *ssa.Function) {
	r.reset(f)
	for _, block := range f.Blocks {
		for _, i := range block.Instrs {
			if passedAny(i) == nil {
				r.add(i)
			}
		}
	}
	r.nameNodes()
	for id, n := range r.nodes {
		if n.joined != id {
			continue
		}
		for _, w := range n.to {
			filter := ""
			if w.open {
				filter = "\x00open"
			} else if w.has != nil {
				filter = "\x00" + r.typeName(r.kindTypes[w.key])
			}
			to := r.root(w.to)
			r.from[to] = append(r.from[to], back{id, filter})
		}
	}
	r.write()
}

func (r *flowReader) reset(f *ssa.Function) {
	o := r.flows
	clear(o.ids)
	clear(o.parts)
	clear(o.fields)
	clear(o.elements)
	clear(o.results)
	clear(o.sites)
	o.nodes, o.todo, o.called, o.boxed = o.nodes[:0], o.todo[:0], o.called[:0], o.boxed[:0]
	o.unboxed = typeutil.Map{}
	o.panicked = o.add()
	r.function, r.calls, r.labels, r.asking = f, nil, nil, nil
	r.given, r.names, r.from, r.returns = map[parameterOf]int{}, map[int][]string{}, map[int][]back{}, map[int][]callResult{}
	r.found, r.facts, r.uses = map[int][]string{}, map[uint64]bool{}, map[string]bool{}
}

func (r *flowReader) add(i ssa.Instruction) {
	r.instruction(i)
	c, isCall := i.(ssa.CallInstruction)
	if isCall {
		r.call(c)
	}
	if op, ok := i.(*ssa.BinOp); ok && comparesNil(op) {
		return
	}
	r.operands = i.Operands(r.operands[:0])
	for _, operand := range r.operands {
		f, ok := (*operand).(*ssa.Function)
		if !ok {
			continue
		}
		if f.Origin() != nil {
			r.fact("instance ", f.RelString(nil))
		}
		if call, ok := i.(*ssa.Call); !ok || operand != &call.Call.Value {
			r.fact("value ", f.RelString(nil), " ", r.typeName(f.Signature))
		}
		if isUnexportedMethod(f) {
			r.uses[f.RelString(nil)] = true
		}
	}
	if boxed, ok := i.(*ssa.MakeInterface); ok {
		of := r.typeName(boxed.X.Type())
		r.boxes[r.fact("boxed ", of)] = of
	}
	if !isCall || c.Common().StaticCallee() != nil {
		return
	}
	common := c.Common()
	if _, builtin := common.Value.(*ssa.Builtin); builtin {
		return
	}
	number := len(r.calls)
	r.calls = append(r.calls, common)
	if value := c.Value(); value != nil {
		results := common.Signature().Results()
		for n := range results.Len() {
			if follows(results.At(n).Type()) {
				id := r.result(value, results, n)
				r.returns[id] = append(r.returns[id], callResult{number, n})
			}
		}
	}
}

// callByName is for a call of a function that is named: arguments go to its parameters, and its results come back. Which of them, and what becomes of them
// there, is the same for all its calls.
func (r *flowReader) callByName(c ssa.CallInstruction, f *ssa.Function) {
	common := c.Common()
	var params []types.Type
	if recv := f.Signature.Recv(); recv != nil {
		params = append(params, recv.Type())
	}
	for p := range f.Signature.Params().Variables() {
		params = append(params, p.Type())
	}
	for n, arg := range common.Args {
		if _, constant := arg.(*ssa.Const); !constant && n < len(params) && follows(arg.Type()) && follows(params[n]) {
			r.flow(r.id(arg), nodeOf(r.flows, r.given, parameterOf{f, n}), isPointer(arg.Type()) && isPointer(params[n]))
		}
	}
	if value := c.Value(); value != nil {
		results := f.Signature.Results()
		for n := range results.Len() {
			if t := results.At(n).Type(); follows(t) {
				r.flow(r.resultNode(f, n), r.result(value, results, n), isPointer(t))
			}
		}
	}
}

// nameNodes finds the names of roots.
func (r *flowReader) nameNodes() {
	name := func(id int, n namedNode) {
		id = r.root(id)
		text := n.name(r.typeName)
		r.names[id] = append(r.names[id], text)
		r.named[text] = n
	}
	name(r.panicked, namedNode{})
	for v, id := range r.ids {
		switch v := v.(type) {
		case *ssa.Parameter:
			name(id, namedNode{function: v.Parent(), kind: ofParameter, index: slices.Index(v.Parent().Params, v)})
		case *ssa.FreeVar:
			name(id, namedNode{function: v.Parent(), kind: ofCaptured, index: slices.Index(v.Parent().FreeVars, v)})
		case *ssa.Global:
			name(id, namedNode{value: v})
		case *ssa.Function:
			name(id, namedNode{value: v})
		}
	}
	for of, id := range r.given {
		name(id, namedNode{function: of.function, kind: ofParameter, index: of.param})
	}
	for of, id := range r.flows.results {
		name(id, namedNode{function: of.function, kind: ofResult, index: of.index})
	}
	for of, id := range r.fields {
		name(id, namedNode{of: r.kindTypes[of.kind], kind: ofField, index: of.index})
	}
	for of, id := range r.elements {
		name(id, namedNode{of: r.kindTypes[of.kind], kind: ofElement, index: int(of.of)})
	}
	r.ownNodes()
	for id, names := range r.names {
		slices.Sort(names)
		r.names[id] = slices.Compact(names)
	}
	returns := map[int][]callResult{}
	for id, some := range r.returns {
		returns[r.root(id)] = append(returns[r.root(id)], some...)
	}
	r.returns = returns
}

// write finds the facts.
func (r *flowReader) write() {
	for id, names := range r.names {
		if len(names) > 1 {
			r.fact("same ", strings.Join(names, ", "))
		}
		for _, from := range r.into(id) {
			if from != names[0] {
				r.ways[r.fact(from, " to ", names[0])] = wayFact{from, names[0]}
			}
		}
	}
	for _, t := range r.unboxed.Keys() {
		r.fact("unboxed ", r.typeName(t))
	}
	for number, common := range r.calls {
		label := r.label(number)
		r.fact(label, " of ", strings.Join(r.sourcesOf(common.Value), ", "))
		for n, arg := range common.Args {
			if follows(arg.Type()) {
				for _, from := range r.sourcesOf(arg) {
					r.fact(from, " to argument ", strconv.Itoa(n), " ", label)
				}
			}
		}
	}
}

func (r *flowReader) fact(parts ...string) uint64 {
	sum := hashText(parts...)
	r.facts[sum] = true
	return sum
}
