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
			o.resolve(c.site, &o.nodes[o.root(c.node)].holds)
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
		id := o.todo[last]
		o.todo = o.todo[:last]
		n := o.nodes[id]
		if n.joined != id || n.fresh == nil {
			continue
		}
		fresh := n.fresh
		n.fresh, o.going = nil, id
		o.went += len(n.to)
		for _, w := range n.to {
			o.pass(fresh, w)
		}
		for i := 0; i < len(n.calls); i++ {
			o.resolve(n.calls[i], fresh)
		}
		fresh.Clear()
		o.spare, o.going = fresh, nobody
	}
}

// pass lets things go one way.
func (o *flows) pass(things *intsets.Sparse, w way) {
	if w.open {
		if things.Has(open) {
			o.mark(w.to)
		}
		return
	}
	if w.has != nil {
		o.some.Intersection(things, o.through(things, w))
		things = &o.some
	}
	o.holdAll(o.root(w.to), things)
}

// through returns which of some things, and perhaps others, may be in an interface: what is no type, or one with all methods.
func (o *flows) through(things *intsets.Sparse, w way) *intsets.Sparse {
	p := o.passes[w.key]
	if p == nil {
		p = &passed{}
		o.passes[w.key] = p
	}
	if things.SubsetOf(&p.asked) {
		return &p.may
	}
	var news intsets.Sparse
	news.Difference(things, &p.asked)
	p.asked.UnionWith(&news)
	for _, thing := range news.AppendTo(nil) {
		if t, ok := o.things[thing].(types.Type); !ok || types.Implements(t, w.has) {
			p.may.Insert(thing)
		}
	}
	return &p.may
}

// has reports whether a thing may be in an interface.
func (o *flows) has(thing int, w way) bool {
	var one intsets.Sparse
	one.Insert(thing)
	return o.through(&one, w).Has(thing)
}

// resolve finds what a site may call, now that its node holds more.
func (o *flows) resolve(s *site, more *intsets.Sparse) {
	if more.SubsetOf(&s.dynamic.seen) {
		return
	}
	var news intsets.Sparse
	news.Difference(more, &s.dynamic.seen)
	s.dynamic.seen.UnionWith(&news)
	common := s.instruction.Common()
	for _, thing := range news.AppendTo(nil) {
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
