// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"

	"golang.org/x/tools/container/intsets"
	"golang.org/x/tools/go/ssa"
)

// run lets everything flow until nothing moves any more.
func (o *flows) run(r reflection) {
	o.makes = r.makes
	reflector := &reflector{flows: o, reflection: r, called: map[types.Type]bool{}}
	for read := -1; read != len(o.functions); {
		read = len(o.functions)
		reflector.open()
		o.openClasses() // there may be more functions to call than when they were opened
		o.drain()
	}
	o.shareTargets()
	o.trim()
	o.boxed = nil
	for _, n := range o.nodes {
		n.to, n.calls = nil, nil
	}
}

// drain lets what nodes hold go on. Sites that are new look at their nodes first, so that more goes one way at a time.
func (o *flows) drain() {
	for {
		if last := len(o.called) - 1; last >= 0 {
			c := o.called[last]
			o.called = o.called[:last]
			o.resolve(c.site, o.nodes[o.root(c.node)].holds)
			continue
		}
		last := len(o.todo) - 1
		if last < 0 {
			return
		}
		if o.went > o.enough {
			o.collapse()
			o.went, o.enough = 0, 2*o.enough
			continue
		}
		if o.sets.wantsSweep() {
			o.sets.sweep(o.eachContent)
		}
		id := o.todo[last]
		o.todo = o.todo[:last]
		n := o.nodes[id]
		if n.joined != id || n.fresh == nothing {
			continue
		}
		fresh := n.fresh
		n.fresh, o.going = nothing, id
		o.went += len(n.to)
		for _, w := range n.to {
			o.pass(fresh, w)
		}
		for i := 0; i < len(n.calls); i++ {
			o.resolve(n.calls[i], fresh)
		}
		o.going = nobody
	}
}

// eachContent tells has of the sets that are in use.
func (o *flows) eachContent(has func(content)) {
	for _, n := range o.nodes {
		has(n.holds)
		has(n.fresh)
	}
	for _, s := range o.sites {
		if s.dynamic != nil {
			has(s.dynamic.seen)
		}
	}
	for _, p := range o.passes {
		has(p.asked)
		has(p.may)
	}
}

// pass lets things go one way.
func (o *flows) pass(things content, w way) {
	if w.open {
		if o.sets.has(things, open) {
			o.mark(w.to)
		}
		return
	}
	if w.has != nil {
		things = o.through(things, w)
	}
	o.holdAll(o.root(w.to), things)
}

// through returns which of some things may be in an interface: what is no type, or one with all methods.
func (o *flows) through(things content, w way) content {
	p := o.passes[w.key]
	if p == nil {
		p = &passed{}
		o.passes[w.key] = p
	}
	if news := o.sets.minus(things, p.asked); news != nothing {
		may := &intsets.Sparse{}
		for _, thing := range o.sets.set(news).AppendTo(nil) {
			if t, ok := o.things[thing].(types.Type); !ok || types.Implements(t, w.has) {
				may.Insert(thing)
			}
		}
		p.asked, p.may = o.sets.union(p.asked, news), o.sets.union(p.may, o.sets.add(may))
	}
	return o.sets.and(things, p.may)
}

// resolve finds what a site may call, now that its node holds more.
func (o *flows) resolve(s *site, more content) {
	news := o.sets.minus(more, s.dynamic.seen)
	if news == nothing {
		return
	}
	s.dynamic.seen = o.sets.union(s.dynamic.seen, news)
	common := s.instruction.Common()
	for _, thing := range o.sets.set(news).AppendTo(nil) {
		switch t := o.things[thing].(type) {
		case nil:
			o.openSite(s)
		case *ssa.Function:
			if !common.IsInvoke() && types.Identical(withoutReceiver(t.Signature), withoutReceiver(common.Signature())) {
				o.callee(s, t)
			}
		case types.Type:
			if !common.IsInvoke() {
				continue
			}
			if m := o.program.MethodSets.MethodSet(t).Lookup(common.Method.Pkg(), common.Method.Name()); m != nil {
				if f := o.program.MethodValue(m); f != nil {
					o.callee(s, f)
				}
			}
		}
	}
}
