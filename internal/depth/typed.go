// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
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
		ids, told := r.keyedAt(to, c.at)
		if told {
			return r.typedTo(unknownTarget, ids)
		}
	}
	return nil
}

// isMapCode reports whether the function is one of those that implement maps.
func isMapCode(name string) bool {
	return strings.HasPrefix(name, "internal/runtime/maps.") || strings.HasPrefix(name, "runtime.map") || name == "maps.clone"
}

// typedTo returns the variant in which a function, or all that implement maps, compare and hash by the functions ids alone.
func (r *resolver) typedTo(function int, ids []int) *variant {
	key := fmt.Sprint("typed ", function, ids)
	v := r.variants[key]
	if v != nil {
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
	r.variants[key] = v
	return v
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
	o := r.source.flows
	var all intsets.Sparse
	if at.eq != "" {
		t := r.declaredEq[strings.TrimPrefix(at.eq, eqPrefix)]
		if t == nil {
			return nil
		}
		h := &holding{}
		(&nester{flows: o}).addParts(h, t)
		for _, p := range h.parts {
			all.UnionWith(o.typesIn(p.node, p.is))
		}
		return r.functionsFor(&all, eqPrefix)
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
			x, y := o.typesOf(op.X), o.typesOf(op.Y)
			x.IntersectionWith(y)
			all.UnionWith(x)
		}
	}
	return r.functionsFor(&all, eqPrefix)
}

const (
	eqPrefix   = "type:.eq."
	hashPrefix = "type:.hash."
)

// typesOf returns the types that an interface may hold values of.
func (o *flows) typesOf(v ssa.Value) *intsets.Sparse {
	one := &intsets.Sparse{}
	switch v := v.(type) {
	case *ssa.Const:
		return one
	case *ssa.MakeInterface:
		one.Insert(o.thing(v.X.Type()))
		return one
	}
	return o.typesIn(o.id(v), v.Type().Underlying().(*types.Interface))
}

// typesIn returns the types in a node for interfaces: if it is open, all that can be compared and have the methods.
func (o *flows) typesIn(node int, is *types.Interface) *intsets.Sparse {
	all := &intsets.Sparse{}
	holds := &o.nodes[o.root(node)].holds
	for _, thing := range holds.AppendTo(nil) {
		if _, ok := o.things[thing].(types.Type); ok {
			all.Insert(thing)
		}
	}
	if !holds.Has(open) {
		return all
	}
	key := o.kind(is)
	any, known := o.anyOf[key]
	if !known {
		any = &intsets.Sparse{}
		for thing := range o.things {
			if t, ok := o.things[thing].(types.Type); ok && types.Comparable(t) && o.has(thing, way{has: is, key: key}) {
				any.Insert(thing)
			}
		}
		o.anyOf[key] = any
	}
	all.UnionWith(any)
	return all
}

// keyedAt returns the functions by which the keys of maps in a line may be compared and hashed.
func (r *resolver) keyedAt(to string, at place) (ids []int, told bool) {
	var all intsets.Sparse
	if strings.Contains(to, "_fast") {
		return r.functionsFor(&all, eqPrefix, hashPrefix), true // keys of a few bytes, and strings
	}
	line := r.source.typed[at]
	if line == nil || line.untold || len(line.keys) == 0 {
		return nil, false
	}
	for _, key := range line.keys {
		if holdsInterface(key) {
			return nil, false
		}
		all.Insert(r.source.flows.thing(key))
	}
	return r.functionsFor(&all, eqPrefix, hashPrefix), true
}

// sharedBy returns the functions that may compare or hash values of a type since Go 1.27, where types of the same layout share them: their
// names have a letter for each part, E and I for interfaces.
func (r *resolver) sharedBy(t types.Type, prefix string) []int {
	return slices.DeleteFunc(slices.Concat(r.compares, r.hashes), func(i int) bool {
		layout, ok := strings.CutPrefix(r.code.functions[i].Name, prefix)
		return !ok || strings.Trim(layout, "AMKFGSIE0123456789[]") != "" || strings.ContainsAny(layout, "EI") && !holdsInterface(t)
	})
}

// functionsFor returns the functions by which values of some types are compared, or hashed: those of the runtime that compare and hash plain
// memory, numbers and strings, and those that the compiler writes for types. Their names are known for declared types.
func (r *resolver) functionsFor(all *intsets.Sparse, prefixes ...string) []int {
	ids := slices.DeleteFunc(slices.Concat(r.compares, r.hashes), func(i int) bool {
		name := r.code.functions[i].Name
		return !inRuntime(name) || isInterfaceHash(name) || strings.HasSuffix(name, "interequal") || name == "runtime.typehash" ||
			isInterfaceEqual(name) || len(prefixes) == 1 && !compares(name)
	})
	for _, thing := range all.AppendTo(nil) {
		for _, prefix := range prefixes {
			ids = append(ids, r.writtenFor(thing, prefix)...)
		}
	}
	return unique(ids)
}

// A writtenKey is the number of a type, and a prefix.
type writtenKey struct {
	thing  int
	prefix string
}

// writtenFor returns the functions that the compiler may have written to compare, or to hash, values of a type.
func (r *resolver) writtenFor(thing int, prefix string) []int {
	key := writtenKey{thing, prefix}
	ids, known := r.written[key]
	if !known {
		ids = r.findWritten(r.source.flows.things[thing].(types.Type), prefix)
		r.written[key] = ids
	}
	return ids
}

func (r *resolver) findWritten(t types.Type, prefix string) []int {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
	default:
		return nil
	}
	ids := r.sharedBy(t, prefix)
	if by := loneInterface(t); by != "" && prefix == eqPrefix {
		ids = append(ids, r.code.byName[by]...)
	}
	if name := declaredName(t); name != "" {
		return append(ids, r.code.byName[prefix+name]...)
	}
	for _, i := range slices.Concat(r.compares, r.hashes) {
		if of, ok := strings.CutPrefix(r.code.functions[i].Name, prefix); ok && mayBeCalled(t, of) && !r.isDeclared(of) {
			ids = append(ids, i)
		}
	}
	return ids
}

// mayBeCalled reports whether a name may be the linker's for a type that is generic, or local to a function, or has no name.
func mayBeCalled(t types.Type, name string) bool {
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj().Pkg() == nil || strings.HasPrefix(name, escapedPath(named.Obj().Pkg())+"."+named.Obj().Name())
	}
	return mayHaveShape(t, name)
}

// isDeclared reports whether the linker's name is that of a type that is declared, and so of no other: neither generic, nor local, nor without a name.
func (r *resolver) isDeclared(name string) bool {
	if r.declaredEq[name] != nil {
		return true
	}
	path, typeName, _ := cutLast(name, '.')
	return !strings.Contains(name, "[") && r.declaredType(path, typeName) != nil
}

// declaredType returns the type that a package declares under a name, nil if it does not; the path is the linker's.
func (r *resolver) declaredType(path, name string) types.Type {
	if r.packages == nil {
		r.packages = map[string]*types.Package{}
		for _, p := range r.source.flows.program.AllPackages() {
			r.packages[escapedPath(p.Pkg)] = p.Pkg
		}
	}
	p := r.packages[path]
	if p == nil {
		return nil
	}
	declared, ok := p.Scope().Lookup(name).(*types.TypeName)
	if !ok {
		return nil
	}
	return declared.Type()
}
