// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/packages"
)

// A renamer gives types that are local to functions names of their own: there may be several of one name.
type renamer map[*types.TypeName]*types.Named

// localNames names the types that are local to a package's functions, each by the function and a number.
func localNames(p *packages.Package) renamer {
	r := renamer{}
	for _, file := range p.Syntax {
		for _, d := range file.Decls {
			where, count := "", 0
			if f, ok := d.(*ast.FuncDecl); ok {
				where = f.Name.Name
				if f.Recv != nil {
					where = types.ExprString(f.Recv.List[0].Type) + "." + where
				}
			}
			ast.Inspect(d, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				if object, ok := p.TypesInfo.Defs[spec.Name].(*types.TypeName); ok && object.Parent() != p.Types.Scope() {
					count++
					name := types.NewTypeName(token.NoPos, object.Pkg(), object.Name()+" in "+where+" "+strconv.Itoa(count), nil)
					r[object] = types.NewNamed(name, types.NewStruct(nil, nil), nil)
				}
				return true
			})
		}
	}
	return r
}

// localTypes writes the types that are local to functions.
func (w *factWriter) localTypes(p *packages.Package) []string {
	var local []string
	for object := range w.local {
		if t := object.Type(); !object.IsAlias() {
			local = append(local, fmt.Sprintf("local %s %s", w.typeName(t), w.typeName(t.Underlying())))
		}
	}
	slices.Sort(local)
	return local
}

// withoutNames returns a type without the names of parameters and results, which identical types may have other ones of.
func (r renamer) withoutNames(t types.Type) types.Type {
	switch t := t.(type) {
	case *types.Alias:
		return r.withoutNames(types.Unalias(t))
	case *types.Named:
		if local := r[t.Obj()]; local != nil {
			return local
		}
		if len(r) > 0 && t.TypeArgs().Len() > 0 {
			return r.instance(t)
		}
	case *types.Pointer:
		return types.NewPointer(r.withoutNames(t.Elem()))
	case *types.Slice:
		return types.NewSlice(r.withoutNames(t.Elem()))
	case *types.Array:
		return types.NewArray(r.withoutNames(t.Elem()), t.Len())
	case *types.Map:
		return types.NewMap(r.withoutNames(t.Key()), r.withoutNames(t.Elem()))
	case *types.Chan:
		return types.NewChan(t.Dir(), r.withoutNames(t.Elem()))
	case *types.Tuple:
		var list []*types.Var
		for v := range t.Variables() {
			list = append(list, types.NewParam(token.NoPos, nil, "", r.withoutNames(v.Type())))
		}
		return types.NewTuple(list...)
	case *types.Signature:
		params, _ := r.withoutNames(t.Params()).(*types.Tuple)
		results, _ := r.withoutNames(t.Results()).(*types.Tuple)
		return types.NewSignatureType(nil, nil, nil, params, results, t.Variadic())
	case *types.Struct:
		var fields []*types.Var
		var tags []string
		for i := range t.NumFields() {
			f := t.Field(i)
			fields = append(fields, types.NewField(token.NoPos, f.Pkg(), f.Name(), r.withoutNames(f.Type()), f.Embedded()))
			tags = append(tags, t.Tag(i))
		}
		return types.NewStruct(fields, tags)
	case *types.Interface:
		var methods []*types.Func
		for m := range t.ExplicitMethods() {
			methods = append(methods, types.NewFunc(token.NoPos, m.Pkg(), m.Name(), r.withoutNames(m.Signature()).(*types.Signature)))
		}
		var embedded []types.Type
		for e := range t.EmbeddedTypes() {
			embedded = append(embedded, e)
		}
		return types.NewInterfaceType(methods, embedded)
	}
	return t
}

// instance is withoutNames for an instance of a generic type.
func (r renamer) instance(t *types.Named) types.Type {
	var args []types.Type
	for a := range t.TypeArgs().Types() {
		args = append(args, r.withoutNames(a))
	}
	instance, err := types.Instantiate(nil, t.Origin(), args, false)
	if err != nil {
		return t
	}
	return instance
}

// globalName is typeName for all types but those that have one in them that is local to a function: which one, the name does not say.
func globalName(t types.Type) string {
	if hasLocal(t) {
		return "?"
	}
	return typeName(t)
}

func hasLocal(t types.Type) bool {
	some := func(tuple *types.Tuple) bool {
		for v := range tuple.Variables() {
			if hasLocal(v.Type()) {
				return true
			}
		}
		return false
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if hasLocal(a) {
				return true
			}
		}
		return t.Obj().Pkg() != nil && t.Obj().Parent() != t.Obj().Pkg().Scope() && t.TypeArgs().Len() == 0
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels, maps
		m, isMap := t.(*types.Map)
		return hasLocal(t.Elem()) || isMap && hasLocal(m.Key())
	case *types.Signature:
		return some(t.Params()) || some(t.Results())
	case *types.Struct:
		for f := range t.Fields() {
			if hasLocal(f.Type()) {
				return true
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if hasLocal(m.Type()) {
				return true
			}
		}
	}
	return false
}

func typeName(t types.Type) string {
	return types.TypeString(renamer{}.withoutNames(t), (*types.Package).Path)
}
