// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/container/intsets"
)

// A sync.Map holds its keys as interfaces, in a HashTrieMap. It hashes them by what the runtime hashes keys of a map of interfaces with, and compares
// them, and for CompareAndSwap and CompareAndDelete also its values. All keys in it were given to one of its methods. So what it hashes
// and compares is what the methods of all these maps are given: of most types, no recursion, whatever other values hold.

// tries is what the types are of what such maps were given.
type tries struct {
	keys, old intsets.Sparse
	told      bool // it is known
}

// isTrie reports whether the function is one of those that implement such maps for keys and values that are interfaces without methods.
func isTrie(name string) bool {
	return strings.HasPrefix(name, "internal/sync.(*HashTrieMap["+anyShapes) || strings.HasPrefix(name, "internal/sync.(*entry["+anyShapes)
}

const anyShapes = "go.shape.interface {},go.shape.interface {}]"

func (r *resolver) trieTypes() *tries {
	if r.tries != nil {
		return r.tries
	}
	o := r.source.flows
	t := &tries{told: true}
	r.tries = t
	for f := range o.functions {
		if f.Origin() == nil || packagePath(f) != "internal/sync" || f.Blocks == nil || len(f.Params) < 2 {
			continue
		}
		method, ok := f.Object().(*types.Func)
		if !ok || method.Signature().Recv() == nil || !strings.Contains(method.Signature().Recv().Type().String(), ".HashTrieMap[") {
			continue
		}
		for i, p := range f.Params[1:] {
			if !types.IsInterface(p.Type()) {
				continue
			}
			to := &t.keys
			if compares := strings.HasPrefix(f.Name(), "CompareAnd"); i > 0 && !compares {
				continue
			} else if i > 0 {
				to = &t.old
			}
			holds := o.held(o.id(p))
			t.told = t.told && !holds.Has(open)
			to.UnionWith(holds)
		}
	}
	keepTypes(o, &t.keys)
	keepTypes(o, &t.old)
	return t
}

// keepTypes leaves functions out of a set of things.
func keepTypes(o *flows, some *intsets.Sparse) {
	for _, thing := range some.AppendTo(nil) {
		if _, ok := o.things[thing].(types.Type); !ok {
			some.Remove(thing)
		}
	}
}

// trieVariant returns what the indirect call c of f calls, and in which variant, if f implements such a map and it is known what the map was given.
func (r *resolver) trieVariant(f *function, c call) (*variant, []int) {
	if !isTrie(f.Name) {
		return nil, nil
	}
	t := r.trieTypes()
	sites := slices.DeleteFunc(slices.Clone(r.source.calls[c.at]), func(s *site) bool { return s.instruction.Common().StaticCallee() != nil })
	is := func(signature *types.Signature) bool {
		return len(sites) > 0 && !slices.ContainsFunc(sites, func(s *site) bool { return !types.Identical(s.instruction.Common().Signature(), signature) })
	}
	hash, equal, by := r.code.byName["runtime.nilinterhash"], r.code.byName["runtime.nilinterequal"], r.code.byName["runtime.efaceeq"]
	switch {
	case !t.told:
	case is(hashing) && len(hash) > 0:
		return r.hashesOf(&t.keys), hash
	case is(comparing) && len(equal) > 0 && len(by) == 1:
		return r.typedTo(by[0], r.functionsFor(&t.old, eqPrefix)), equal
	}
	return nil, nil
}

// hashesOf returns the variant in which the runtime hashes interfaces that hold values of some types.
func (r *resolver) hashesOf(some *intsets.Sparse) *variant {
	within := r.nester.of(some)
	key := fmt.Sprint("hashes ", within)
	v := r.variants[key]
	if v == nil {
		v = &variant{hops: map[int]*hop{}, within: &within}
		for _, name := range []string{"runtime.nilinterhash", "runtime.interhash", "runtime.typehash"} {
			for _, i := range r.code.byName[name] {
				v.hops[i] = &hop{}
			}
		}
		r.variants[key] = v
	}
	return v
}
