// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/container/intsets"
)

// sharedBy returns the functions that may compare or hash values of a type since Go 1.27, where types of the same layout share them: their
// names have a letter for each part, E and I for interfaces.
func (r *resolver) sharedBy(t types.Type, prefix string) []int {
	return slices.DeleteFunc(slices.Clone(r.writtenBy(prefix).layouts), func(i int) bool {
		return strings.ContainsAny(strings.TrimPrefix(r.code.functions[i].Name, prefix), "EI") && !holdsInterface(t)
	})
}

// A written is the functions that the compiler has written to compare, or to hash, values of types.
type written struct {
	layouts []int // for all types of a layout
	unnamed []int // for types that are not declared: generic, local to a function, or without a name
}

// writtenBy finds the functions whose names have a prefix.
func (r *resolver) writtenBy(prefix string) *written {
	w := r.writtenWith[prefix]
	if w != nil {
		return w
	}
	w = &written{}
	r.writtenWith[prefix] = w
	for _, i := range slices.Concat(r.compares, r.hashes) {
		of, ok := strings.CutPrefix(r.code.functions[i].Name, prefix)
		if !ok {
			continue
		}
		if strings.Trim(of, "AMKFGSIE0123456789[]") == "" {
			w.layouts = append(w.layouts, i)
		}
		if !r.isDeclared(of) {
			w.unnamed = append(w.unnamed, i)
		}
	}
	return w
}

// functionsFor returns the functions by which values of some types are compared, or hashed: those of the runtime that compare and hash plain
// memory, numbers and strings, and those that the compiler writes for types. Their names are known for declared types.
func (r *resolver) functionsFor(all *intsets.Sparse, prefixes ...string) []int {
	ids := slices.Clone(r.plainTyped(len(prefixes) == 1))
	for _, thing := range all.AppendTo(nil) {
		for _, prefix := range prefixes {
			ids = append(ids, r.writtenFor(thing, prefix)...)
		}
	}
	return r.lists.one(ids)
}

// plainTyped returns the functions of the runtime that compare plain memory, numbers and strings, and those that hash them if not only compared.
func (r *resolver) plainTyped(compared bool) []int {
	ids, known := r.plains[compared]
	if !known {
		ids = slices.DeleteFunc(slices.Concat(r.compares, r.hashes), func(i int) bool {
			name := r.code.functions[i].Name
			return !inRuntime(name) || isInterfaceHash(name) || strings.HasSuffix(name, "interequal") || name == "runtime.typehash" ||
				isInterfaceEqual(name) || compared && !compares(name)
		})
		r.plains[compared] = ids
	}
	return ids
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
	for _, i := range r.writtenBy(prefix).unnamed {
		if mayBeCalled(t, strings.TrimPrefix(r.code.functions[i].Name, prefix)) {
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
