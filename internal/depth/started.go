// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// onlyDeferred reports whether the binary's function target is a wrapper or a function literal that is in f for nothing but to be
// deferred.
func (r *resolver) onlyDeferred(f *function, target int) bool {
	for _, s := range r.deferred(f) {
		if !slices.Contains(r.deferTargets(s), target) {
			continue
		}
		if strings.HasPrefix(methodName(r.code.functions[target].Name), "deferwrap") {
			return true
		}
		literal := s.instruction.Common().StaticCallee()
		return literal != nil && literal.Parent() != nil && isDeferredOnly(literal)
	}
	return false
}

func isDeferredOnly(v ssa.Value) bool {
	referrers := v.Referrers()
	return referrers != nil && !slices.ContainsFunc(*referrers, func(i ssa.Instruction) bool {
		switch i := i.(type) {
		case *ssa.Defer:
			return slices.Contains(i.Call.Args, v)
		case *ssa.MakeClosure:
			return !isDeferredOnly(i)
		}
		return true
	})
}

// deferred returns the defer statements whose functions run when f ends.
func (r *resolver) deferred(f *function) []*site {
	if !f.Defers {
		return nil
	}
	var sites []*site
	for _, g := range r.source.functions[f.start()] {
		sites = append(sites, r.source.defers[g]...)
	}
	return sites
}

// deferTargets returns the functions that a defer statement defers: a wrapper that the compiler has written, or what is called. The result
// is not to be changed.
func (r *resolver) deferTargets(s *site) []int {
	ids, known := r.deferring[s]
	if !known {
		ids = slices.Clip(r.started(s, "deferwrap"))
		r.deferring[s] = ids
	}
	return ids
}

// started returns the functions that a go or defer statement starts: a wrapper, if there are arguments, or the function itself.
func (r *resolver) started(s *site, wrapper string) []int {
	ids := r.wrappers(s, wrapper)
	common := s.instruction.Common()
	if len(ids) > 0 && (len(common.Args) > 0 || common.IsInvoke() || common.Signature().Results().Len() > 0) {
		return ids
	}
	return append(ids, r.targets(s)...)
}

// wrappers returns the functions that the compiler has written for a go or defer statement.
func (r *resolver) wrappers(s *site, wrapper string) []int {
	var ids []int
	for _, pos := range []token.Pos{s.instruction.Pos(), s.instruction.Common().Pos()} {
		for _, i := range r.code.byStart[r.source.place(pos)] {
			name := r.code.functions[i].Name
			if last := name[strings.LastIndexByte(name, '.')+1:]; strings.HasPrefix(last, wrapper) {
				ids = append(ids, i)
			}
		}
	}
	return ids
}

// startedName is the name of the function that a goroutine starts with, for the user: if the compiler has written a wrapper for the go
// statement, that of the function that the statement names.
func (r *resolver) startedName(function int) string {
	f := &r.code.functions[function]
	if !strings.HasPrefix(methodName(f.Name), "gowrap") {
		return f.Name
	}
	name := ""
	for _, s := range r.source.gos[f.start()] {
		called := s.instruction.Common().StaticCallee()
		if called == nil || name != "" && name != symbol(called) || called.Parent() != nil {
			return f.Name
		}
		name = symbol(called)
	}
	if name == "" {
		return f.Name
	}
	return name
}
