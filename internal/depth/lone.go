// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"slices"
)

// The compiler writes no function to compare structs of one field, and arrays of one element: they are compared as what they hold is. If that is an
// interface, values that an interface holds are compared by the function of the runtime for interfaces.

// loneInterface returns the function of the runtime that compares values of a type that hold nothing but an interface; "" for all others.
func loneInterface(t types.Type) string {
	for {
		switch u := t.Underlying().(type) {
		case *types.Struct:
			if u.NumFields() != 1 {
				return ""
			}
			t = u.Field(0).Type()
		case *types.Array:
			if u.Len() != 1 {
				return ""
			}
			t = u.Elem()
		case *types.Interface:
			if u.NumMethods() == 0 {
				return "runtime.nilinterequal"
			}
			return "runtime.interequal"
		default:
			return ""
		}
	}
}

// withoutLone leaves out the functions that compare interfaces if no value in an interface is one that holds nothing else: none is of an
// interface type itself.
func (r *resolver) withoutLone(targets []int) []int {
	if r.lone == nil {
		r.lone = map[string]bool{}
		for _, thing := range r.source.flows.things {
			if t, ok := thing.(types.Type); ok && !types.IsInterface(t) {
				r.lone[loneInterface(t)] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(targets), func(i int) bool {
		name := r.code.functions[i].Name
		return (name == "runtime.interequal" || name == "runtime.nilinterequal") && !r.lone[name] && !r.code.makesTypes()
	})
}
