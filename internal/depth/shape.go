// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// The compiler makes one function of all instances of a generic function whose type arguments have the same shape, and names it by the
// shapes: slices.SortFunc[go.shape.[]string,go.shape.string]. So a call in it is none of an instance of another shape. Shapes are
// compared by their outermost parts, which rule most others out.

// isGeneric reports whether f is an instance of a generic function, or a function literal in one.
func isGeneric(f *ssa.Function) bool {
	for f.Parent() != nil {
		f = f.Parent()
	}
	return len(f.TypeArgs()) > 0
}

const shapePrefix = "go.shape."

// mayBeIn reports whether f, or the function around it, may be an instance that the compiler has made the function of a name of.
func mayBeIn(f *ssa.Function, name string) bool {
	for f.Parent() != nil {
		f = f.Parent()
	}
	given := f.TypeArgs()
	if len(given) == 0 || !strings.Contains(name, shapePrefix) {
		return true
	}
	for start := range len(name) { // a function literal's name may have those of several functions in it
		if name[start] != '[' || !strings.HasPrefix(name[start+1:], shapePrefix) {
			continue
		}
		if shapes := splitOutside(name[start+1:], ',', ']'); len(shapes) != len(given) || haveShapes(given, shapes) {
			return true
		}
	}
	return false
}

func haveShapes(given []types.Type, shapes []string) bool {
	for i, t := range given {
		if shape, ok := strings.CutPrefix(shapes[i], shapePrefix); ok && !mayHaveShape(t, shape) {
			return false
		}
	}
	return true
}

// splitOutside splits s at separators outside of brackets, up to an end outside of brackets. It returns nil if there is no end.
func splitOutside(s string, separator, end byte) []string {
	var parts []string
	depth, from := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case depth == 0 && (c == separator || c == end):
			parts = append(parts, strings.TrimSpace(s[from:i]))
			if c == end {
				return parts
			}
			from = i + 1
		case c == '[' || c == '{' || c == '(':
			depth++
		case c == ']' || c == '}' || c == ')':
			depth--
		}
	}
	return nil
}

// mayHaveShape reports whether the compiler may write a shape for a type.
func mayHaveShape(t types.Type, shape string) bool {
	starts := func(prefix string) bool { return strings.HasPrefix(shape, prefix) }
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return shape == types.Typ[u.Kind()].Name() || u.Kind() == types.UnsafePointer
	case *types.Pointer:
		return starts("*")
	case *types.Slice:
		return starts("[]")
	case *types.Array:
		return starts("[") && !starts("[]")
	case *types.Map:
		return starts("map[")
	case *types.Chan:
		return starts("chan") || starts("<-chan")
	case *types.Signature:
		return starts("func(")
	case *types.Interface:
		return starts("interface {") && len(partsOfShape(shape)) == u.NumMethods()
	case *types.Struct:
		return starts("struct {") && haveFields(u, partsOfShape(shape))
	}
	return true
}

// partsOfShape returns what stands between the braces of a shape: fields or methods.
func partsOfShape(shape string) []string {
	_, inside, _ := strings.Cut(shape, "{")
	parts := splitOutside(inside, ';', '}')
	if len(parts) == 1 && parts[0] == "" {
		return nil
	}
	return parts
}

// haveFields compares the fields of a struct type with those of a shape: their names, and their types as far as those are declared or basic.
func haveFields(u *types.Struct, parts []string) bool {
	if len(parts) != u.NumFields() {
		return false
	}
	for i, part := range parts {
		f := u.Field(i)
		name, of, found := strings.Cut(part, " ")
		switch {
		case !found || f.Embedded():
			continue
		case name != f.Name() && !strings.HasSuffix(name, "."+f.Name()):
			return false
		}
		switch t := types.Unalias(f.Type()).(type) {
		case *types.Basic:
			if !mayHaveShape(t, of) {
				return false
			}
		case *types.Named:
			if !strings.Contains(of, t.Obj().Name()) {
				return false
			}
		}
	}
	return true
}
