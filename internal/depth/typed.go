// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/container/intsets"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
)

// The runtime compares values in interfaces, and compares and hashes keys of maps, by functions for their types. In the graph, each of these
// would lead from every comparison and every map to every such function. The source tells what is compared and what the keys are: so
// a call of the runtime leads to a variant that calls the functions for those types alone.

// A typedLine is what the source has in a line of such operations. It has those of the whole statement: which line the compiler gives to a
// part of a statement does not matter then.
type typedLine struct {
	keys     []types.Type // of maps
	compares []token.Pos  // of comparisons of interfaces
	untold   bool         // there are others that can't be told: of types with interfaces as parts, or in generic functions
}

// findTyped reads them from the source of a package.
func (s *source) findTyped(p *packages.Package) {
	for _, file := range p.Syntax {
		f := &typedFinder{source: s, info: p.TypesInfo}
		ast.Inspect(file, f.visit)
	}
}

type typedFinder struct {
	*source
	info  *types.Info
	stack []ast.Node
}

func (f *typedFinder) visit(n ast.Node) bool {
	if n == nil {
		f.stack = f.stack[:len(f.stack)-1]
		return true
	}
	f.stack = append(f.stack, n)
	switch n := n.(type) {
	case *ast.IndexExpr:
		f.addMap(n.X)
	case *ast.CompositeLit:
		f.addMap(n)
	case *ast.RangeStmt:
		f.addMap(n.X)
	case *ast.CallExpr: // delete, clear, and functions that are given a map
		for _, arg := range n.Args {
			f.addMap(arg)
		}
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			f.addComparison(n.OpPos, f.info.TypeOf(n.X), f.info.TypeOf(n.Y))
		}
	case *ast.SwitchStmt:
		if n.Tag == nil {
			break
		}
		for _, clause := range n.Body.List {
			for _, e := range clause.(*ast.CaseClause).List {
				f.addComparison(e.Pos(), f.info.TypeOf(n.Tag), f.info.TypeOf(e))
			}
		}
	}
	return true
}

func (f *typedFinder) addMap(x ast.Expr) {
	t := f.info.TypeOf(x)
	if t == nil {
		return
	}
	if _, isParameter := types.Unalias(t).(*types.TypeParam); isParameter {
		f.add(func(l *typedLine) { l.untold = true })
	} else if m, ok := t.Underlying().(*types.Map); ok {
		f.add(func(l *typedLine) {
			l.untold = l.untold || hasParameter(m.Key())
			l.keys = append(l.keys, m.Key())
		})
	}
}

func (f *typedFinder) addComparison(at token.Pos, x, y types.Type) {
	switch {
	case x == nil || y == nil || isNil(x) || isNil(y):
	case hasParameter(x) || hasParameter(y):
		f.add(func(l *typedLine) { l.untold = true })
	case types.IsInterface(x) || types.IsInterface(y):
		f.add(func(l *typedLine) { l.compares = append(l.compares, at) })
	case holdsInterface(x):
		f.add(func(l *typedLine) { l.untold = true })
	}
}

func isNil(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.UntypedNil
}

// hasParameter reports whether a type is a parameter of a generic function, or may have one as a part.
func hasParameter(t types.Type) bool {
	switch u := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Named:
		for a := range u.TypeArgs().Types() {
			if hasParameter(a) {
				return true
			}
		}
	case *types.Struct:
		for v := range u.Fields() {
			if hasParameter(v.Type()) {
				return true
			}
		}
	case *types.Array:
		return hasParameter(u.Elem())
	}
	return false
}

// holdsInterface reports whether values of type t have interfaces as parts.
func holdsInterface(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Array:
		return holdsInterface(u.Elem())
	case *types.Struct:
		for v := range u.Fields() {
			if holdsInterface(v.Type()) {
				return true
			}
		}
	}
	return false
}

// add lets change see to each line of the innermost statement, or declaration.
func (f *typedFinder) add(change func(*typedLine)) {
	i := len(f.stack) - 1
	for ; i > 0; i-- {
		if _, statement := f.stack[i].(ast.Stmt); statement {
			break
		}
		if _, declaration := f.stack[i].(ast.Decl); declaration {
			break
		}
	}
	first, last := f.place(f.stack[i].Pos()), f.place(f.stack[i].End())
	if s, ok := f.stack[i].(*ast.RangeStmt); ok {
		last = f.place(s.X.End())
	}
	for line := first.line; line <= max(first.line, last.line); line++ {
		at := place{first.file, line}
		if f.typed[at] == nil {
			f.typed[at] = &typedLine{}
		}
		change(f.typed[at])
	}
}

// typedVariant returns the variant of a function of the runtime that the call c of f leads to, or nil if it can't be told.
func (r *resolver) typedVariant(f *function, c call) *variant {
	to := r.code.functions[c.target].Name
	switch {
	case isInterfaceEqual(to) && isTrie(f.Name):
		if t := r.trieTypes(); t.told {
			return r.typedTo(c.target, r.functionsFor(&t.keys, eqPrefix))
		}
	case isInterfaceEqual(to):
		key := comparisonAt{c.at, ""}
		if strings.HasPrefix(f.Name, eqPrefix) {
			key = comparisonAt{eq: f.Name}
		}
		ids, known := r.comparing[key]
		if !known {
			ids = r.comparedAt(key)
			r.comparing[key] = ids
		}
		if ids != nil {
			return r.typedTo(c.target, ids)
		}
	case isMapCode(to) && !isMapCode(f.Name):
		if k := r.keyedAt(to, c.at); k.told {
			return r.typedTo(unknownTarget, k.ids)
		}
	}
	return nil
}

// isMapCode reports whether the function is one of those that implement maps.
func isMapCode(name string) bool {
	return strings.HasPrefix(name, "internal/runtime/maps.") || strings.HasPrefix(name, "runtime.map") || name == "maps.clone"
}

// isFastMapCode reports whether the function is one of those for maps whose keys are a few bytes, or strings: none of them leads to other functions.
func isFastMapCode(name string) bool { return isMapCode(name) && strings.Contains(name, "_fast") }

// typedTo returns the variant in which a function, or all that implement maps, compare and hash by the functions ids alone.
func (r *resolver) typedTo(function int, ids []int) *variant {
	at := typedKey{function, nil, len(ids)}
	if len(ids) > 0 {
		at.first = &ids[0]
	}
	if v := r.typedBy[at]; v != nil {
		return v
	}
	key := fmt.Sprint("typed ", function, ids)
	v := r.variants[key]
	if v != nil {
		r.typedBy[at] = v
		return v
	}
	v = &variant{hops: map[int]*hop{}}
	if function == unknownTarget {
		for i, sites := range r.mapSites {
			v.hops[i] = &hop{sites, ids}
		}
	} else {
		v.hops[function] = &hop{r.typedSites(function), ids}
	}
	r.variants[key], r.typedBy[at] = v, v
	return v
}

// A typedKey is what typedTo was given, with a list that is not changed.
type typedKey struct {
	function int
	first    *int
	count    int
}

// typedSites returns the sites at which a function compares or hashes.
func (r *resolver) typedSites(function int) []*site {
	var found []*site
	for _, c := range r.code.functions[function].calls {
		if c.target != unknownTarget {
			continue
		}
		for _, s := range r.source.calls[c.at] {
			if signature := s.instruction.Common().Signature(); types.Identical(signature, comparing) || types.Identical(signature, hashing) {
				found = append(found, s)
			}
		}
	}
	return found
}

// findTyped indexes what is compared and hashed by.
func (r *resolver) findTyped() {
	r.mapSites, r.declaredEq, r.comparedTypes = map[int][]*site{}, map[string]types.Type{}, map[token.Pos][]*ssa.BinOp{}
	r.comparing, r.written = map[comparisonAt][]int{}, map[writtenKey][]int{}
	r.keyed, r.writtenWith, r.plains, r.typedBy = map[place]keyed{}, map[string]*written{}, map[bool][]int{}, map[typedKey]*variant{}
	for i := range r.code.functions {
		if isMapCode(r.code.functions[i].Name) {
			r.mapSites[i] = r.typedSites(i)
		}
	}
	for _, thing := range r.source.flows.things {
		if t, ok := thing.(types.Type); ok {
			if name := declaredName(t); name != "" {
				r.declaredEq[name] = t
			}
		}
	}
	for f := range r.source.flows.functions {
		for _, block := range f.Blocks {
			for _, i := range block.Instrs {
				if op, ok := i.(*ssa.BinOp); ok && (op.Op == token.EQL || op.Op == token.NEQ) && types.IsInterface(op.X.Type()) {
					r.comparedTypes[op.Pos()] = append(r.comparedTypes[op.Pos()], op)
				}
			}
		}
	}
}

// declaredName is the linker's name of a type that is declared, neither generic nor local; otherwise "".
func declaredName(t types.Type) string {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || !isDeclared(named) {
		return ""
	}
	return escapedPath(named.Obj().Pkg()) + "." + named.Obj().Name()
}

// A comparisonAt is a line of source, or a function that the compiler has written to compare values of a type.
type comparisonAt struct {
	place
	eq string
}

// comparedAt returns the functions by which interfaces are compared in a line, or in a function of the compiler's; nil if that can't be told.
func (r *resolver) comparedAt(at comparisonAt) []int {
	o, all := r.source.flows, nothing
	if at.eq != "" {
		t := r.declaredEq[strings.TrimPrefix(at.eq, eqPrefix)]
		if t == nil {
			return nil
		}
		h := &holding{}
		(&nester{flows: o}).addParts(h, t)
		for _, p := range h.parts {
			all = o.sets.union(all, o.typesIn(p.node, p.is))
		}
		return r.functionsFor(o.sets.set(all), eqPrefix)
	}
	line := r.source.typed[at.place]
	if line == nil || line.untold || len(line.compares) == 0 {
		return nil
	}
	for _, pos := range line.compares {
		if len(r.comparedTypes[pos]) == 0 {
			return nil
		}
		for _, op := range r.comparedTypes[pos] {
			all = o.sets.union(all, o.sets.and(o.typesOf(op.X), o.typesOf(op.Y)))
		}
	}
	return r.functionsFor(o.sets.set(all), eqPrefix)
}

const (
	eqPrefix   = "type:.eq."
	hashPrefix = "type:.hash."
)

// typesOf returns the types that an interface may hold values of.
func (o *flows) typesOf(v ssa.Value) content {
	switch v := v.(type) {
	case *ssa.Const:
		return nothing
	case *ssa.MakeInterface:
		return o.sets.with(nothing, o.thing(v.X.Type()))
	}
	return o.typesIn(o.id(v), v.Type().Underlying().(*types.Interface))
}

// typesIn returns the types in a node for interfaces, once everything has flown: if it is open, all that can be compared and have the methods.
func (o *flows) typesIn(node int, is *types.Interface) content {
	if o.types == nothing {
		o.findTypes()
	}
	holds := o.nodes[o.root(node)].holds
	all := o.sets.and(holds, o.types)
	if o.sets.has(holds, open) {
		all = o.sets.union(all, o.through(o.comparable, way{has: is, key: o.kind(is)}))
	}
	return all
}

// findTypes finds the things that are types, and those of values that can be compared.
func (o *flows) findTypes() {
	all, comparable := &intsets.Sparse{}, &intsets.Sparse{}
	for n, thing := range o.things {
		if t, ok := thing.(types.Type); ok {
			all.Insert(n)
			if types.Comparable(t) {
				comparable.Insert(n)
			}
		}
	}
	o.types, o.comparable = o.sets.add(all), o.sets.add(comparable)
}

// A keyed is the functions by which the keys of maps in a line may be compared and hashed, if that is told.
type keyed struct {
	ids  []int
	told bool
}

// keyedAt returns the functions by which the keys of maps in a line may be compared and hashed.
func (r *resolver) keyedAt(to string, at place) keyed {
	if strings.Contains(to, "_fast") {
		at = place{} // keys of a few bytes, and strings
	}
	found, known := r.keyed[at]
	if !known {
		found = r.findKeyed(at)
		r.keyed[at] = found
	}
	return found
}

func (r *resolver) findKeyed(at place) keyed {
	var all intsets.Sparse
	if at == (place{}) {
		return keyed{r.functionsFor(&all, eqPrefix, hashPrefix), true}
	}
	line := r.source.typed[at]
	if line == nil || line.untold || len(line.keys) == 0 {
		return keyed{}
	}
	for _, key := range line.keys {
		if holdsInterface(key) {
			return keyed{}
		}
		all.Insert(r.source.flows.thing(key))
	}
	return keyed{r.functionsFor(&all, eqPrefix, hashPrefix), true}
}
