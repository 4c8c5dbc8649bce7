// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Functions like sync.Once.Do call what they are given. What they may be given anywhere in the program is much, and a path through one of
// them could lead from any caller to any function. So a direct call of such a function leads to a variant of it, in which it calls
// what this call gives it.

// A taker is a parameter of a function of the binary that the function calls, or gives to another taker.
type taker struct {
	functions []*ssa.Function // one, or instances of one generic function
	param     int
	calls     []*site
}

// A gave is a call that gives something to a taker.
type gave struct {
	at        place
	function  *ssa.Function // that holds the call
	param     int           // what is given is this parameter of it; -1 for anything else
	functions []*ssa.Function
	open      bool
}

type parameterOf struct {
	function *ssa.Function
	param    int
}

// findTakers indexes the takers by functions of the binary. A function with several of them is none, nor is one that is in the binary
// for several functions of the source other than the instances of a generic one.
func (r *resolver) findTakers() {
	r.takers, r.gaves, r.variants = map[int]*taker{}, map[parameterOf][]gave{}, map[string]*variant{}
	several := map[int]bool{}
	for f := range r.source.callers {
		t := r.source.takerOf(f)
		if t == nil {
			continue
		}
		for _, i := range r.functions(f) {
			known := r.takers[i]
			switch {
			case known == nil:
				r.takers[i] = &taker{slices.Clone(t.functions), t.param, slices.Clone(t.calls)}
			case f.Origin() != nil && known.functions[0].Origin() == f.Origin() && known.param == t.param:
				known.functions, known.calls = append(known.functions, f), append(known.calls, t.calls...)
			default:
				several[i] = true
			}
		}
	}
	for i := range r.takers {
		if several[i] {
			delete(r.takers, i)
		}
	}
}

// takerOf returns the only parameter of f that f calls and does nothing else with but giving it to functions, or nil.
func (s *source) takerOf(f *ssa.Function) *taker {
	var found *taker
	for i, p := range f.Params {
		if _, ok := p.Type().Underlying().(*types.Signature); !ok {
			continue
		}
		t := &taker{functions: []*ssa.Function{f}, param: i}
		takes := false
		for _, use := range *p.Referrers() {
			call, ok := use.(*ssa.Call)
			switch {
			case ok && call.Call.Value == p && s.sites[call] != nil:
				t.calls = append(t.calls, s.sites[call])
				takes = true
			case ok && call.Call.StaticCallee() != nil:
				takes = true
			}
		}
		if takes && found != nil {
			return nil
		}
		if takes {
			found = t
		}
	}
	return found
}

// takesFunction reports whether given may have an answer for calls of a function.
func (r *resolver) takesFunction(target int) bool {
	name := r.code.functions[target].Name
	return r.takers[target] != nil || isInterfaceEqual(name) || isMapCode(name)
}

// given returns the variant of the taker target that the call c, in a function that is itself in the variant v, leads to. It returns nil
// if it can't be told what the call gives.
func (r *resolver) given(function int, v *variant, c call) *variant {
	t := r.takers[c.target]
	if t == nil {
		return r.typedVariant(&r.code.functions[function], c)
	}
	places := []place{c.at}
	for _, f := range r.code.text.Frames(r.code.functions[function].Func, c.pc)[1:] {
		places = append(places, place{f.File, f.Line})
	}
	callees, param := t.functions, t.param
	for _, at := range places {
		var here []gave
		for _, f := range callees {
			for _, g := range r.gavesTo(f, param) {
				if g.at == at {
					here = append(here, g)
				}
			}
		}
		passes := slices.ContainsFunc(here, func(g gave) bool { return g.param >= 0 })
		switch {
		case len(here) == 0 || slices.ContainsFunc(here, func(g gave) bool { return g.open || g.param != here[0].param }):
			return nil
		case !passes:
			return r.variantOf(c.target, t, r.binaryFunctions(here))
		}
		param = here[0].param // inlined in the function whose call is at the next place
		callees = nil
		for _, g := range here {
			callees = append(callees, g.function)
		}
	}
	// What is given is a parameter of the function itself.
	own := r.takers[function]
	if h := v.hop(function); h != nil && own != nil && own.param == param && !slices.ContainsFunc(callees, func(f *ssa.Function) bool { return !slices.Contains(own.functions, f) }) {
		return r.variantOf(c.target, t, h.to)
	}
	return nil
}

// tellsLine reports whether what a direct call gives is told by its line alone, whatever function that was inlined in.
func (r *resolver) tellsLine(c call) bool {
	t := r.takers[c.target]
	if t == nil {
		return true
	}
	told := false
	for _, f := range t.functions {
		for _, g := range r.gavesTo(f, t.param) {
			if g.at == c.at {
				if g.open || g.param >= 0 {
					return false
				}
				told = true
			}
		}
	}
	return told
}

// gavesTo returns what is given to f as a parameter.
func (r *resolver) gavesTo(f *ssa.Function, param int) []gave {
	key := parameterOf{f, param}
	found, known := r.gaves[key]
	if known {
		return found
	}
	for _, s := range r.source.callers[f] {
		common := s.instruction.Common()
		n := param
		if common.IsInvoke() {
			n--
		}
		g := gave{at: r.source.place(s.instruction.Pos()), function: s.instruction.Parent(), param: -1, open: true}
		if _, isCall := s.instruction.(*ssa.Call); isCall && n >= 0 && n < len(common.Args) && common.StaticCallee() != nil {
			g.param = parameter(common.Args[n])
			if g.param < 0 {
				g.functions, g.open = r.source.flows.functionsIn(common.Args[n])
			} else {
				g.open = false
			}
		}
		found = append(found, g)
	}
	r.gaves[key] = found
	return found
}

// binaryFunctions returns what all of some calls give.
func (r *resolver) binaryFunctions(here []gave) []int {
	ids, instances, generic := r.lists.union(), false, []int(nil)
	for _, g := range here {
		for _, f := range g.functions {
			ids.add(r.functions(f))
			if isInstance(f) {
				instances, generic = true, append(generic, r.functions(f)...)
			}
		}
	}
	if instances {
		r.addGenericValues(ids, generic)
	}
	return ids.done()
}

// variantOf returns the variant of a taker that calls the functions with the numbers ids.
func (r *resolver) variantOf(function int, t *taker, ids []int) *variant {
	if len(ids) == 0 {
		return nil
	}
	key := fmt.Sprint(function, ids)
	v := r.variants[key]
	if v == nil {
		v = &variant{hops: map[int]*hop{function: {t.calls, ids}}}
		r.variants[key] = v
	}
	return v
}
