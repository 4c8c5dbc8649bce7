// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A resolver joins the binary's functions and the source's.
type resolver struct {
	code       *code
	source     *source
	plain      map[string][]int // functions of the binary by name, without the arguments of types
	methods    map[string][]int // by method name
	byReceiver map[methodOf][]int
	values     []int           // function literals that are not in the source: the compiler writes them for values of generic functions
	valuesOf   map[int][]int   // of these, by the generic functions that they call, once asked for
	anyValues  []int           // of these, those that call none
	valueFiles map[string]bool // the files of values
	compares   []int
	hashes     []int
	inits      []int
	found      map[*ssa.Function][]int
	literal    map[[2]place][]int      // what literals returns
	invokes    map[*ssa.Function][]int // what invoked returns
	takers     map[int]*taker
	gaves      map[parameterOf][]gave // what functions are given that are takers, or give it to one
	variants   map[string]*variant
	promotes   map[*ssa.Function][]int // what promoted returns

	indirects   map[indirectAt]indirectTo
	siteTargets map[*site][]int // what targets returns for calls of values that have no class
	lists       *lists
	deferring   map[*site][]int // what deferTargets returns
	asserted    *assertions
	packages    map[string]*types.Package // by the linker's path, once asked for

	mapSites      map[int][]*site            // by function that implements maps, where it compares and hashes keys
	declaredEq    map[string]types.Type      // types by the linker's names
	comparedTypes map[token.Pos][]*ssa.BinOp // comparisons of interfaces, by the place of the operator
	comparing     map[comparisonAt][]int
	nester        *nester
	keyed         map[place]keyed
	written       map[writtenKey][]int
	writtenWith   map[string]*written // by prefix
	plains        map[bool][]int
	typedBy       map[typedKey]*variant
	lone          map[string]bool // the functions by which interfaces compare values that hold nothing but an interface; nil until it was looked at
	tries         *tries
}

func newResolver(c *code, s *source) *resolver {
	r := &resolver{code: c, source: s, plain: map[string][]int{}, methods: map[string][]int{}, byReceiver: map[methodOf][]int{}, found: map[*ssa.Function][]int{}, invokes: map[*ssa.Function][]int{},
		promotes: map[*ssa.Function][]int{}, literal: map[[2]place][]int{},
		indirects: map[indirectAt]indirectTo{}, siteTargets: map[*site][]int{}, lists: newLists(len(c.functions)), deferring: map[*site][]int{}, valueFiles: map[string]bool{}}
	for i := range c.functions {
		name := c.functions[i].Name
		r.plain[plainName(name)] = append(r.plain[plainName(name)], i)
		method := methodName(name)
		r.methods[method] = append(r.methods[method], i)
		if of := receiverIn(name); of != "" {
			r.byReceiver[methodOf{of, method}] = append(r.byReceiver[methodOf{of, method}], i)
		}
		if f := &c.functions[i]; isFromSource(f) && !isWritten(name) && strings.Contains(name, ".func") && !s.starts(f) {
			r.values = append(r.values, i)
			r.valueFiles[f.file] = true
		}
		if compares(name) {
			r.compares = append(r.compares, i)
		}
		if hashes(name) {
			r.hashes = append(r.hashes, i)
		}
		if initializes(name) {
			r.inits = append(r.inits, i)
		}
	}
	r.nester = s.flows.newNester(c)
	s.findCallers()
	r.findTakers()
	r.findTyped()
	return r
}

// functions returns those functions of the binary that f may have become. There is none if the linker has left f out, or if all its
// calls were inlined.
func (r *resolver) functions(f *ssa.Function) []int {
	ids, known := r.found[f]
	if !known {
		ids = r.find(f)
		r.found[f] = ids
	}
	return ids
}

func (r *resolver) find(f *ssa.Function) []int {
	if f.Syntax() == nil {
		return r.findWrapper(f)
	}
	if f.Parent() != nil { // a function literal; one in an inlined function is in the binary more than once
		return r.literals([2]place{r.source.place(f.Syntax().Pos()), r.source.place(f.Pos())})
	}
	if ids := r.plain[symbol(f)]; len(ids) > 0 {
		return r.ofValue(f, ids)
	}
	return r.code.byStart[r.source.place(f.Pos())]
}

// literals returns the function literals that start in one of two lines: those of all instances of a generic function do.
func (r *resolver) literals(in [2]place) []int {
	ids, known := r.literal[in]
	if !known {
		ids = slices.Concat(r.code.byStart[in[0]], r.code.byStart[in[1]])
		literals := slices.DeleteFunc(slices.Clone(ids), func(i int) bool { return !isLiteral(r.code.functions[i].Name) })
		if len(literals) > 0 {
			ids = literals // and not a function that starts in the same line
		}
		ids = r.lists.one(ids)
		r.literal[in] = ids
	}
	return ids
}

// ofValue leaves out those functions that code in Go does not reach by a value of f: of a function that assembly calls or that is
// written in assembly there are two, and one of them calls the other.
func (r *resolver) ofValue(f *ssa.Function, ids []int) []int {
	written := slices.DeleteFunc(slices.Clone(ids), func(i int) bool { return r.code.functions[i].file == autogenerated })
	if f.Origin() != nil || len(written) == 0 || len(written) == len(ids) {
		return ids
	}
	if f.Blocks != nil {
		return written
	}
	return slices.DeleteFunc(slices.Clone(ids), func(i int) bool { return r.code.functions[i].file != autogenerated })
}

// invoked returns those functions of the binary that a call of f through an interface may reach: for methods of values that an interface
// does not hold directly, what the compiler writes for pointers.
func (r *resolver) invoked(f *ssa.Function) []int {
	ids, known := r.invokes[f]
	if !known {
		ids = r.findInvoked(f)
		r.invokes[f] = ids
	}
	return ids
}

func (r *resolver) findInvoked(f *ssa.Function) []int {
	if f.Syntax() == nil || f.Signature.Recv() == nil {
		return r.functions(f)
	}
	t := f.Signature.Recv().Type()
	if pointer := r.plain[pointerSymbol(f)]; !heldDirectly(t) && len(pointer) > 0 {
		return pointer
	}
	return r.functions(f)
}

// heldDirectly reports whether an interface holds values of type t in its own word, since they are pointers.
func heldDirectly(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Chan, *types.Map, *types.Signature:
		return true
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Array:
		return u.Len() == 1 && heldDirectly(u.Elem())
	case *types.Struct:
		return u.NumFields() == 1 && heldDirectly(u.Field(0).Type())
	}
	return false
}

// isLost reports whether f may be in the binary although no function was found for it. Of functions that can only be called indirectly, the
// names of those that are declared are sure. A function literal is where the source has it, or else among those that the source does not have.
func (r *resolver) isLost(f *ssa.Function) bool {
	if f.Parent() != nil && f.Synthetic == "" && !isGeneric(f) {
		return r.valueFiles[r.source.place(f.Syntax().Pos()).file]
	}
	return !isLeftOut(f)
}

func isLeftOut(f *ssa.Function) bool {
	if f.Parent() != nil || isInstance(f) || len(f.FreeVars) > 0 {
		return false
	}
	recv := f.Signature.Recv()
	if recv == nil {
		return f.Syntax() != nil && f.Pkg != nil
	}
	named := receiverNamed(f)
	return named != nil && isDeclared(named)
}

// unique returns the ids in order, each once. It leaves its argument as it is, which may be kept somewhere.
func unique(ids []int) []int {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}
