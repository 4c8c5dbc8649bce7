// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
	"fmt"
	"go/types"
	"math"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/spadego/spade/internal/finding"
)

// An entry is a function that goroutines start with.
type entry struct {
	function int // the goroutine's first function, or unknownTarget
	variant  *variant
	started  string // the first function's name, for the user; "" if it is unknown
	name     string // of the function that the go statement's caller gave, if that is not the first
	start    place  // of that function
	kind     string
	sites    []place
	inside   int // the function that holds the site whose entry is not known
}

// An entryKey tells entries apart: by first function, and by what that calls.
type entryKey struct {
	function int
	name     string
}

// entryFinder collects entries.
type entryFinder struct {
	*resolver
	found   map[entryKey]*entry
	unknown []entry
	callsAt map[place][]int // what is called at a place, in the binary
}

// entries finds what goroutines start with: in the binary, the calls of runtime.newproc; in the source, what their go statements
// start; and the functions that the runtime starts goroutines with, or calls on goroutines of its own, by other ways.
func (r *resolver) entries() []entry {
	e := &entryFinder{resolver: r, found: map[entryKey]*entry{}, callsAt: map[place][]int{}}
	for i := range r.code.functions {
		for _, c := range r.code.functions[i].calls {
			e.callsAt[c.at] = append(e.callsAt[c.at], c.target)
		}
	}
	for i := range r.code.functions {
		f := &r.code.functions[i]
		if f.Assembly || f.Name == newproc {
			continue // rt0_go, which starts the main goroutine
		}
		for _, c := range f.calls {
			if c.target != unknownTarget && r.code.functions[c.target].Name == newproc {
				e.statement(i, c)
			}
		}
	}
	for _, i := range r.code.byName["runtime.main"] {
		e.add(entry{function: i, kind: finding.KindMain})
	}
	if r.code.calledByC() {
		for _, i := range r.code.byName["runtime.cgocallbackg"] {
			e.add(entry{function: i, kind: finding.KindC})
		}
	}
	e.coroutines()
	e.bubbles()
	e.finalizers()
	e.cleanups()
	e.handed("time.AfterFunc", 1, finding.KindTimer)
	e.handed("context.AfterFunc", 1, finding.KindContext)
	return e.all()
}

func (e *entryFinder) all() []entry {
	var all []entry
	for _, found := range e.found {
		slices.SortFunc(found.sites, func(a, b place) int { return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line)) })
		found.sites = slices.Compact(found.sites)
		found.started = e.startedName(found.function)
		all = append(all, *found)
	}
	all = append(all, e.unknown...)
	slices.SortStableFunc(all, compareEntries)
	return all
}

// compareEntries puts entries in the order of their functions in the binary, and last those that are unknown.
func compareEntries(a, b entry) int {
	order := func(e entry) int {
		if e.function == unknownTarget {
			return math.MaxInt
		}
		return e.function
	}
	return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a.name, b.name))
}

func (e *entryFinder) add(n entry) {
	key := entryKey{n.function, n.name}
	if known := e.found[key]; known != nil {
		known.sites = append(known.sites, n.sites...)
		return
	}
	e.found[key] = &n
}

// statement adds what the call c of runtime.newproc in function number in starts.
func (e *entryFinder) statement(in int, c call) {
	inlined := e.inlinedInto(in, c)
	started, open := false, false
	for _, s := range e.source.gos[c.at] {
		functions := e.started(s, "gowrap")
		if s.open && !s.instruction.Common().IsInvoke() && len(e.wrappers(s, "gowrap")) == 0 {
			functions, open = e.held(s), true
		}
		if len(inlined) > 0 {
			functions = copiesIn(e.code, functions, e.code.functions[in].Name)
		}
		st := e.source.starterOf(s.instruction.Common().Value)
		for _, function := range functions {
			started = true
			if st != nil && e.gifts(function, st, inlined) {
				continue
			}
			kind := finding.KindGo
			if e.code.functions[function].Name == "os/signal.loop" {
				kind = finding.KindSignal
			}
			e.add(entry{function: function, kind: kind, sites: []place{c.at}})
		}
	}
	if (!started || open) && !e.startsAsserted(c.at) {
		e.unknown = append(e.unknown, entry{function: unknownTarget, kind: finding.KindGo, sites: []place{c.at}, inside: in})
	}
}

// held returns the functions that are known to be in the function value that a site calls or starts.
func (e *entryFinder) held(s *site) []int {
	var ids []int
	functions, _ := e.source.flows.functionsIn(s.instruction.Common().Value)
	for _, f := range functions {
		ids = append(ids, e.functions(f)...)
	}
	return unique(ids)
}

// inlinedInto returns the places of the calls, innermost first, that were inlined in function number in and led to the call c.
func (e *entryFinder) inlinedInto(in int, c call) []place {
	var places []place
	for _, f := range e.code.text.Frames(e.code.functions[in].Func, c.pc)[1:] {
		places = append(places, place{f.File, f.Line})
	}
	return places
}

// copiesIn returns those functions that are copies of a function literal in a certain function, made because the function around the
// literal was inlined there; or all, if there is no such copy.
func copiesIn(c *code, functions []int, name string) []int {
	own := slices.DeleteFunc(slices.Clone(functions), func(i int) bool { return !strings.HasPrefix(c.functions[i].Name, name+".") })
	if len(own) > 0 {
		return own
	}
	return functions
}

// gifts adds an entry for each function that is given to a starter, whose code is in the binary as function. It returns false if that
// can't be told.
func (e *entryFinder) gifts(function int, st *starter, inlined []place) bool {
	around := st.literal.Parent()
	calls := e.sameCalls(st)
	var found []entry
	for _, g := range e.source.gifts(around, st.given, 0) {
		switch {
		case len(inlined) > 0 && !slices.Contains(inlined, g.at), len(inlined) == 0 && !e.happens(g):
			continue
		case g.open:
			return false
		}
		given := e.given(g)
		if len(given) == 0 && len(g.functions) > 0 {
			return false // all that may be given was inlined
		}
		for _, f := range given {
			found = append(found, f.entry(finding.KindGo, function, &variant{hops: map[int]*hop{function: {calls, f.ids}}}))
		}
	}
	for _, n := range found {
		e.add(n)
	}
	return len(found) > 0
}

// A given is a function that is given, as it is in the binary.
type given struct {
	ids   []int
	name  string
	start place
	at    place // where it is given
}

// given returns those functions of a gift that are in the binary.
func (e *entryFinder) given(g gift) []given {
	var all []given
	for _, f := range g.functions {
		if ids := unique(e.functions(f)); len(ids) > 0 {
			all = append(all, given{ids, e.nameOf(f, ids), e.code.functions[ids[0]].start(), g.at})
		}
	}
	return all
}

// entry is that of goroutines that start with the function host and come to what is given.
func (g given) entry(kind string, host int, v *variant) entry {
	return entry{function: host, variant: v, kind: kind, sites: []place{g.at}, name: g.name, start: g.start}
}

// sameCalls returns the starter's calls of what was given, in all instances if the function around it is generic.
func (e *entryFinder) sameCalls(st *starter) []*site {
	var same []*site
	for _, c := range st.calls {
		for _, s := range e.source.calls[e.source.place(c.instruction.Common().Pos())] {
			if s.instruction.Common().Pos() == c.instruction.Common().Pos() {
				same = append(same, s)
			}
		}
	}
	return same
}

// happens reports whether the binary has a call at the gift's place of the function that takes it.
func (e *entryFinder) happens(g gift) bool {
	takers := e.functions(g.called)
	return slices.ContainsFunc(e.callsAt[g.at], func(target int) bool { return target == unknownTarget || slices.Contains(takers, target) })
}

func (e *entryFinder) nameOf(f *ssa.Function, ids []int) string {
	if f.Parent() == nil && f.Syntax() != nil {
		return symbol(f)
	}
	return e.code.functions[ids[0]].Name
}

// handed gives entries that are started with what is given to a function another kind, and the places where it is given.
func (e *entryFinder) handed(name string, parameter int, kind string) {
	sites := map[int][]place{}
	for _, g := range e.giftsTo(name, parameter) {
		for _, f := range g.functions {
			for _, i := range e.functions(f) {
				sites[i] = append(sites[i], g.at)
			}
		}
	}
	for _, n := range e.found {
		in := func(p place) bool { return e.startsFor(name, p) }
		if n.variant == nil && slices.ContainsFunc(n.sites, in) {
			n.kind = kind
			if at := sites[n.function]; len(at) > 0 {
				n.sites = append(slices.DeleteFunc(n.sites, in), at...)
			}
		}
	}
}

// startsFor reports whether the go statement at p is the one that starts what is given to a function of the standard library.
func (e *entryFinder) startsFor(name string, p place) bool {
	by := map[string]string{"time.AfterFunc": "time.goFunc", "context.AfterFunc": "context.(*afterFuncCtx).cancel"}[name]
	return slices.ContainsFunc(e.source.gos[p], func(s *site) bool {
		f := s.instruction.Parent()
		for f.Parent() != nil {
			f = f.Parent()
		}
		return symbol(f) == by
	})
}

// giftsTo finds what is given to a function, in all its instances if it is generic.
func (e *entryFinder) giftsTo(name string, parameter int) []gift {
	var found []gift
	last := methodName(name) // an instance of a generic function has more in its name
	for f := range e.source.callers {
		if strings.HasPrefix(f.Name(), last) && f.Parent() == nil && f.Syntax() != nil && symbol(f) == name && parameter < len(f.Params) {
			found = append(found, e.source.gifts(f, parameter, 0)...)
		}
	}
	slices.SortFunc(found, func(a, b gift) int {
		return cmp.Or(cmp.Compare(a.at.file, b.at.file), cmp.Compare(a.at.line, b.at.line))
	})
	return found
}

// coroutines adds what is given to iter.Pull and iter.Pull2: runtime.corostart calls a function literal, which calls that.
func (e *entryFinder) coroutines() {
	for _, host := range e.code.byName["runtime.corostart"] {
		first := &hop{sites: e.indirectSites(host)}
		told := true
		for f := range e.source.callers {
			if symbol(f) != "runtime.newcoro" {
				continue
			}
			for _, s := range e.source.callers[f] {
				st := e.source.starterOf(s.instruction.Common().Args[0])
				if st == nil || !e.coroutine(host, first, st) {
					told = false
				}
			}
		}
		if !told || len(first.to) == 0 {
			e.add(entry{function: host, kind: finding.KindCoroutine})
		}
	}
}

func (e *entryFinder) coroutine(host int, first *hop, st *starter) bool {
	literals := unique(e.functions(st.literal))
	first.to = unique(append(first.to, literals...))
	told := true
	for _, g := range e.source.gifts(st.literal.Parent(), st.given, 0) {
		given := e.given(g)
		told = told && !g.open && len(given) > 0
		for _, f := range given {
			v := &variant{hops: map[int]*hop{host: {first.sites, literals}}}
			for _, i := range literals {
				v.hops[i] = &hop{e.sameCalls(st), f.ids}
			}
			e.add(f.entry(finding.KindCoroutine, host, v))
		}
	}
	return told
}

// bubbles adds what package testing/synctest starts.
func (e *entryFinder) bubbles() {
	for _, i := range e.code.byName["internal/synctest.Run"] { // the linker's name for runtime.synctestRun
		for _, g := range e.giftsTo("runtime.synctestRun", 0) {
			for _, f := range e.given(g) {
				for _, id := range f.ids {
					e.add(entry{function: id, kind: finding.KindGo, sites: []place{g.at}})
				}
			}
			if g.open {
				e.unknown = append(e.unknown, entry{function: unknownTarget, kind: finding.KindGo, sites: []place{g.at}, inside: i})
			}
		}
	}
}

// indirectSites returns the sites of a function's indirect calls.
func (e *entryFinder) indirectSites(function int) []*site {
	var sites []*site
	for _, c := range e.code.functions[function].calls {
		if c.target == unknownTarget {
			sites = append(sites, e.source.calls[c.at]...)
		}
	}
	return sites
}

// finalizers adds what is given to runtime.SetFinalizer: it is called by runtime.reflectcall, with a frame for its results.
func (e *entryFinder) finalizers() {
	reflectcall := e.code.byName["runtime.reflectcall"]
	for _, g := range e.giftsTo("runtime.SetFinalizer", 1) {
		for _, f := range g.functions {
			by := e.code.byName[e.reflectedBy(f)]
			for _, given := range e.given(gift{at: g.at, functions: []*ssa.Function{f}}) {
				for _, host := range e.code.byName["runtime.runFinalizers"] {
					v := &variant{hops: map[int]*hop{host: {}}}
					for _, i := range reflectcall {
						v.hops[i] = &hop{to: by}
					}
					for _, i := range by {
						v.hops[i] = &hop{to: given.ids}
					}
					e.add(given.entry(finding.KindFinalizer, host, v))
				}
			}
		}
	}
}

// reflectedBy returns the function by which runtime.reflectcall calls f when it is a finalizer: there is one for each size of frames.
func (e *entryFinder) reflectedBy(f *ssa.Function) string {
	size := int64(16) // of the argument, an interface at most
	for r := range f.Signature.Results().Variables() {
		switch r.Type().Underlying().(type) {
		case *types.Struct, *types.Array:
			e.source.sized = true
		}
		align := e.source.sizes.Alignof(r.Type())
		size = (size+align-1)/align*align + e.source.sizes.Sizeof(r.Type())
	}
	frame := int64(16)
	for frame < size {
		frame *= 2
	}
	return fmt.Sprintf("runtime.call%d", frame)
}

// cleanups adds what is given to runtime.AddCleanup: runtime.runCleanups calls an instance of runtime.callCleanup, which calls it.
func (e *entryFinder) cleanups() {
	var instances []int
	var calls []*site
	for _, i := range e.plain["runtime.callCleanup"] {
		instances = append(instances, i)
		calls = append(calls, e.indirectSites(i)...)
	}
	for _, host := range e.code.byName["runtime.runCleanups"] {
		sites := e.indirectSites(host)
		var firsts []int
		for _, s := range sites {
			firsts = append(firsts, e.targets(s)...)
		}
		firsts = slices.DeleteFunc(unique(firsts), func(i int) bool { return !e.leadsTo(i, instances) })
		for _, g := range e.giftsTo("runtime.AddCleanup", 1) {
			for _, f := range e.given(g) {
				v := &variant{hops: map[int]*hop{host: {sites, firsts}}}
				for _, i := range slices.Concat(firsts, instances) {
					v.hops[i] = &hop{calls, f.ids}
				}
				e.add(f.entry(finding.KindCleanup, host, v))
			}
		}
	}
}

// leadsTo reports whether a function is one of some, or calls one.
func (e *entryFinder) leadsTo(function int, some []int) bool {
	return slices.Contains(some, function) || slices.ContainsFunc(e.code.functions[function].calls, func(c call) bool { return slices.Contains(some, c.target) })
}
