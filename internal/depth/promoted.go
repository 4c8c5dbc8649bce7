// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import "golang.org/x/tools/go/ssa"

// promoted returns what a call of the method f of an interface may reach besides f, if f is the method of an embedded interface: where the compiler
// knows the type of the value, it calls that interface's method in the place of f. And so on, if that is one of an embedded interface.
func (r *resolver) promoted(f *ssa.Function) []int {
	if f.Syntax() != nil || len(r.source.inside[f]) == 0 {
		return nil
	}
	ids, known := r.promotes[f]
	if known {
		return ids
	}
	seen, classes := map[*ssa.Function]bool{f: true}, map[*class]bool{}
	next := []*ssa.Function{f}
	for len(next) > 0 {
		last := next[len(next)-1]
		next = next[:len(next)-1]
		for _, s := range r.source.inside[last] {
			if !s.instruction.Common().IsInvoke() || isShared(s) && classes[s.dynamic.class] {
				continue
			}
			if isShared(s) {
				classes[s.dynamic.class] = true
			}
			for _, g := range s.targets {
				ids = append(ids, r.invoked(g)...)
				if g.Syntax() == nil && !seen[g] {
					seen[g] = true
					next = append(next, g)
				}
			}
		}
	}
	r.promotes[f] = unique(ids)
	return r.promotes[f]
}
