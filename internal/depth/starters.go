// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Many goroutines are started by a function for its caller: sync.WaitGroup.Go has a go statement with a function literal that calls what
// it was given. All of them would be one entry, as deep as the deepest. So there is an entry for each function that is given, at the
// place of the caller: a variant of the literal in which it calls that function alone.

// A variant says what certain functions call when they are on the stack for a certain entry.
type variant struct {
	hops   map[int]*hop
	within *nesting // of what is compared or hashed, if that is known
}

// A hop is what the indirect calls at some sites call, or all indirect calls in assembly.
type hop struct {
	sites []*site
	to    []int
}

func (v *variant) hop(function int) *hop {
	if v == nil {
		return nil
	}
	return v.hops[function]
}

// A gift is a call that gives a function to one that starts a goroutine with it, or hands it on to such a one.
type gift struct {
	at        place
	called    *ssa.Function
	functions []*ssa.Function // those that may be given
	open      bool            // it may be others as well
}

// mostHands is how many functions hand a function on at most.
const mostHands = 4

// gifts finds what is given as parameter number i of f.
func (s *source) gifts(f *ssa.Function, i, hands int) []gift {
	var found []gift
	for _, at := range s.callers[f] {
		common := at.instruction.Common()
		n := i
		if common.IsInvoke() {
			n--
		}
		if n < 0 || n >= len(common.Args) {
			continue
		}
		given := common.Args[n]
		in := at.instruction.Parent()
		if p := parameter(given); p >= 0 && hands < mostHands && len(s.callers[in]) > 0 {
			found = append(found, s.gifts(in, p, hands+1)...)
			continue
		}
		functions, open := s.flows.functionsIn(given)
		found = append(found, gift{s.place(at.instruction.Pos()), f, functions, open})
	}
	return found
}

// parameter returns which of its function's parameters v is, -1 if it is none.
func parameter(v ssa.Value) int {
	if p, ok := v.(*ssa.Parameter); ok {
		return slices.Index(p.Parent().Params, p)
	}
	return -1
}

// findCallers indexes the sites by what they call. The calls of a class are one list for all functions that nothing else calls.
func (s *source) findCallers() {
	s.callers = map[*ssa.Function][]*site{}
	for _, at := range s.sites {
		if at.dynamic != nil && at.dynamic.class != nil {
			continue
		}
		for _, f := range at.targets {
			s.callers[f] = append(s.callers[f], at)
		}
	}
	for _, c := range s.flows.classes {
		some := slices.DeleteFunc(slices.Clone(c.sites), func(at *site) bool { return at.dynamic.class == nil })
		for _, f := range c.functions {
			if known := s.callers[f]; len(known) > 0 {
				s.callers[f] = slices.Concat(known, some)
			} else if len(some) > 0 {
				s.callers[f] = some
			}
		}
	}
}

// A starter is a function literal that a goroutine starts with, and that calls what the function around it was given.
type starter struct {
	literal *ssa.Function
	given   int // the parameter of the function around it
	calls   []*site
}

// starterOf returns the starter that v is, or nil.
func (s *source) starterOf(v ssa.Value) *starter {
	closure, ok := v.(*ssa.MakeClosure)
	if !ok {
		return nil
	}
	literal := closure.Fn.(*ssa.Function)
	for i, captured := range literal.FreeVars {
		given := onlyParameter(closure.Bindings[i])
		if given < 0 {
			continue
		}
		st := &starter{literal: literal, given: given}
		for _, read := range *captured.Referrers() {
			if load, ok := read.(*ssa.UnOp); ok && load.Op == token.MUL {
				st.calls = append(st.calls, s.callsOf(load)...)
			}
		}
		if len(st.calls) > 0 {
			return st
		}
	}
	return nil
}

// callsOf returns the calls of a function value.
func (s *source) callsOf(v ssa.Value) []*site {
	var found []*site
	for _, i := range *v.Referrers() {
		if call, ok := i.(*ssa.Call); ok && call.Call.Value == v && s.sites[call] != nil {
			found = append(found, s.sites[call])
		}
	}
	return found
}

// onlyParameter returns the parameter that a captured variable is, if it is a function and never changes; otherwise -1.
func onlyParameter(captured ssa.Value) int {
	variable, ok := captured.(*ssa.Alloc)
	if !ok {
		return -1
	}
	if _, ok := variable.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Signature); !ok {
		return -1
	}
	given := -1
	for _, i := range *variable.Referrers() {
		switch i := i.(type) {
		case *ssa.Store:
			if given >= 0 || i.Addr != variable {
				return -1
			}
			if given = parameter(i.Val); given < 0 {
				return -1
			}
		case *ssa.MakeClosure:
			if changes(i, variable) {
				return -1
			}
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return -1
		}
	}
	return given
}

// changes reports whether a function literal may change a variable that it captures.
func changes(closure *ssa.MakeClosure, variable *ssa.Alloc) bool {
	literal := closure.Fn.(*ssa.Function)
	captured := literal.FreeVars[slices.Index(closure.Bindings, ssa.Value(variable))]
	return slices.ContainsFunc(*captured.Referrers(), func(i ssa.Instruction) bool {
		switch i := i.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
			return false
		case *ssa.MakeClosure:
			return slices.Contains(i.Bindings, ssa.Value(captured)) // perhaps not, but that is rare
		}
		return true
	})
}

// functionsIn returns the functions that v may be, and whether it may be others as well.
func (o *flows) functionsIn(v ssa.Value) (functions []*ssa.Function, isOpen bool) {
	if c, ok := v.(*ssa.Const); ok && c.IsNil() {
		return nil, false
	}
	id, known := o.ids[v]
	if closure, ok := v.(*ssa.MakeClosure); ok && !known {
		return []*ssa.Function{closure.Fn.(*ssa.Function)}, false
	}
	if f, ok := v.(*ssa.Function); ok && !known {
		return []*ssa.Function{f}, false
	}
	if boxed, ok := v.(*ssa.MakeInterface); ok {
		return o.functionsIn(boxed.X)
	}
	if !known {
		return nil, true
	}
	for _, thing := range o.held(id).AppendTo(nil) {
		switch t := o.things[thing].(type) {
		case nil:
			isOpen = true
		case *ssa.Function:
			functions = append(functions, t)
		}
	}
	return functions, isOpen
}
