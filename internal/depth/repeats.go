// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Some functions of the standard library call themselves, and can be shown to do so only so often. They are named here, each with why.

// halvings is how many turns a function takes at most that gives at most half of a slice, rounded up, to itself.
const halvings = 64

// halves are functions that sort. Those named pdqsort call themselves for the shorter part of what they have split, and go on with the other in
// a loop; those named symMerge for each of two halves.
var halves = []string{
	"sort.pdqsort", "sort.pdqsort_func", "slices.pdqsortOrdered", "slices.pdqsortCmpFunc",
	"sort.symMerge", "sort.symMerge_func", "slices.symMergeOrdered", "slices.symMergeCmpFunc",
}

// walksTypes are functions that call themselves for the fields of a struct type and for the elements of an array type; cgoCheckArg also for what a
// slice or an interface holds, but not below one of these.
var walksTypes = []string{"reflect.addTypeBits", "reflect.(*abiSeq).regAssign", "runtime.cgoCheckArg"}

// walksTrie is the function that calls itself for the nodes of a sync.Map. It tells keys apart by four more bits of a hash of 64 at each level, and
// panics where it has no more of them.
const (
	walksTrie  = "internal/sync.(*HashTrieMap).iter"
	trieLevels = 64 / 4
)

// comparesKeys calls itself for the parts of keys of maps, and for what interfaces hold that are parts of them.
const comparesKeys = "internal/fmtsort.compare"

// limit is how often a node can be on the stack if it is on a cycle with itself alone, 0 if nothing is known of it.
func (g *graph) limit(n *node) int64 {
	name := plainName(g.code.functions[n.function].Name)
	switch {
	case len(n.deferred) > 0:
		return 0
	case slices.Contains(halves, name):
		return halvings
	case slices.Contains(walksTypes, name) && g.typeParts > 0:
		return int64(g.typeParts) + 2
	case name == walksTrie:
		return trieLevels + 1
	case name == comparesKeys && g.typeParts > 0 && !g.nesting.free:
		return int64(g.nesting.levels+2)*int64(g.typeParts+2) + 1
	}
	return 0
}

// mostParts returns how deep structs and arrays are in each other in the types of a program, at most; 0 if it may make types while it runs.
func mostParts(program *ssa.Program, c *code) int {
	if c.makesTypes() {
		return 0
	}
	most := 0
	for _, t := range program.RuntimeTypes() {
		most = max(most, partsOf(t))
	}
	for _, p := range program.AllPackages() {
		for _, name := range p.Pkg.Scope().Names() {
			if named, ok := p.Pkg.Scope().Lookup(name).(*types.TypeName); ok {
				most = max(most, partsOf(named.Type()))
			}
		}
	}
	return most
}

func partsOf(t types.Type) int {
	deepest := 0
	switch u := t.Underlying().(type) {
	case *types.Array:
		deepest = partsOf(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			deepest = max(deepest, partsOf(f.Type()))
		}
	default:
		return 0
	}
	return deepest + 1
}
