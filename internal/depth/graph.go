// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"debug/elf"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// A mode says what of a function counts, by what is true when it is called. Each mode of a function is a node of the graph.
type mode int

const (
	// calm is without any of the others. A panic is the process's end, since no function above recovers.
	calm mode = 0
	// wary: a function above recovers. So panics count, and so do the deferred calls of every function, on top of all that the function
	// has called.
	wary mode = 1 << (iota - 1)
	// guarding: the function itself recovers, and none above. So what it calls is wary, and what it defers is not, if that is one call.
	guarding
	// locked: the goroutine holds on to its thread. So the runtime neither starts a garbage collection nor assists in one.
	locked
	// collecting: a garbage collection is being started. What is allocated meanwhile starts no other one: that would wait for itself.
	collecting
	// internal: a function of package runtime, which works on memory of its own. A fault there is the process's end.
	internal
	// profiling: the runtime is recording contention of its locks. It does not record that of recording.
	profiling
)

// A node is a function in one mode.
type node struct {
	function int
	mode     mode
	variant  *variant // or nil
	edges    []edge
	deferred []deferral
	unknowns []unknown

	planned, built   bool // to be built, or built already
	visiting, solved bool
	calls            measure // the deepest of the node's own frame and its calls
	unwinds          measure // the lowest place below from which runtime.gopanic or runtime.Goexit makes deferred calls, if there is one
	above            []above // for each deferral
	deep             int64   // how far below the node's place on entry the stack pointer may go
	deepest          int     // the deferral that goes there, or itself if it is the calls
	checked          int64   // the lowest place that a prologue asks about, below the node's place on entry; nowhere if none does
	order            int     // after that of all nodes that its depth depends on
	component        int     // of the graph's strongly connected components
	cyclic           bool
	repeats          int64 // how often the node can be on the stack, if it is on a cycle with itself that has an end; otherwise 0
	self             int   // with repeats, the lowest call of the node itself
	turns            turns
	rests            []*assertion // that keep calls, or unknown ones, from it
}

// An edge is a call.
type edge struct {
	to     []int32 // nodes, which may be a list that many calls have
	height int64   // of the callee's place on entry below the caller's, in bytes
	at     *place
	sure   bool // the instruction can call nothing else
	// certain is set if the source has a call there that can call nothing else. What the function defers may be called at the same place.
	certain bool
	last    bool // a deferred call, when the function comes to its end
	by      *assertion
}

// A deferral is a deferred call that a panic, or the end of the goroutine, makes on top of everything that was called before.
type deferral struct {
	to []int32
	at place
}

// An unknown is what keeps a bound from being one.
type unknown struct {
	kind   string
	at     place
	height int64
	detail string
}

type nodeKey struct {
	function int
	mode     mode
	variant  *variant
	turns    turns
}

// A graph is made as far as it is asked for.
type graph struct {
	code     *code
	answers  answers
	resolver *resolver // nil if the answers are of a record
	nodes    []node
	ids      map[nodeKey]int
	exits    []bool // by function: may it end the goroutine?
	recovers map[int]bool
	cgo      bool // C code may call back into Go
	measured int  // nodes whose depth was found
	nesting  nesting
	// how deep structs and arrays are in each other, 0 if that is not known
	typeParts int
	uncounted map[int]bool        // functions that are only called for debugging
	holding   map[int]bool        // by function: does it compare values that have interfaces as parts?
	cycles    map[int]namedCycles // by component, once asked for
	callers   [][]int32
	asserted  *assertions
	lists     map[listKey][]int32
	spare     []int32 // for lists of nodes
}

// A listKey is what the nodes are for that a call of several functions leads to.
type listKey struct {
	functions *int // the first of a list that is not changed
	count     int
	mode      mode
}

// newGraph makes a graph of a binary's functions, without assertions.
func newGraph(c *code, source answers, n nesting, typeParts int) *graph {
	g := &graph{
		code: c, answers: source, ids: map[nodeKey]int{}, lists: map[listKey][]int32{}, recovers: map[int]bool{}, holding: map[int]bool{}, nesting: n, typeParts: typeParts,
		cgo: c.calledByC(), asserted: &assertions{limited: map[int]int{}, lines: map[place]*assertion{}, through: map[*variant]*assertion{}},
	}
	g.findExits()
	return g
}

// node returns the node of a function, made but not built.
func (g *graph) node(function int, m mode) int { return g.variantNode(function, m, nil) }

func (g *graph) variantNode(function int, m mode, v *variant) int {
	t, _ := g.asserted.enter("", function)
	return g.turnNode(function, m, v, t)
}

// turnNode is variantNode when functions with limits are on the stack already.
func (g *graph) turnNode(function int, m mode, v *variant, t turns) int {
	if m&wary == 0 && g.code.functions[function].Defers && g.mayRecover(function) {
		m |= guarding
	}
	key := nodeKey{function, m, v, t}
	id, known := g.ids[key]
	if !known {
		id = len(g.nodes)
		g.nodes = append(g.nodes, node{function: function, mode: m, variant: v, turns: t})
		g.ids[key] = id
		if t != "" {
			g.asserted.turned++
		}
	}
	return id
}

// build finds the edges of a node.
func (g *graph) build(id int) {
	function, m := g.nodes[id].function, g.nodes[id].mode
	f := &g.code.functions[function]
	b := builder{g: g, f: f, function: function, variant: g.nodes[id].variant, turns: g.nodes[id].turns, mode: m &^ guarding, last: m &^ guarding}
	if m&guarding != 0 {
		b.mode |= wary
	}
	if f.unsettled != "" && !leavesStack(f.Name) {
		b.unknowns = append(b.unknowns, unknown{finding.UnknownFrame, f.start(), 0, f.unsettled})
	}
	if g.cgo && f.Name == "runtime.cgocall" && m&internal == 0 { // what the runtime itself calls of C tells symbols
		b.unknowns = append(b.unknowns, unknown{finding.UnknownC, f.start(), f.frame, ""})
	}
	if !leavesStack(f.Name) {
		for i := range f.calls {
			b.call(i)
		}
		b.fault()
		b.defers(function)
	}
	n := &g.nodes[id]
	n.edges, n.deferred, n.unknowns, n.rests, n.built = b.edges, b.deferred, b.unknowns, b.rests, true
}

// A builder builds one node.
type builder struct {
	g        *graph
	f        *function
	function int
	variant  *variant
	turns    turns
	rests    []*assertion
	mode     mode // of what it calls
	last     mode // of what it defers
	edges    []edge
	deferred []deferral
	unknowns []unknown
}

// call is for the call of a number.
func (b *builder) call(number int) {
	c := &b.f.calls[number]
	if c.target != unknownTarget {
		if b.g.answers.onlyDeferred(b.function, number) {
			b.add(b.last, edge{height: c.height, at: &c.at, sure: true, certain: true, last: true}, c.target)
			return
		}
		v := b.g.answers.given(b.function, number, b.variant)
		if a := b.g.asserted.direct(b.function, *c); a != nil {
			v = a.through
			b.restOn(a)
		}
		b.addVariant(b.mode, edge{height: c.height, at: &c.at, sure: true, certain: true}, v, c.target)
		return
	}
	found := b.g.answers.indirect(b.function, number, b.variant)
	if found.through != nil {
		one := len(found.targets) == 1
		b.addVariant(b.mode, edge{height: c.height, at: &c.at, sure: one, certain: one}, found.through, found.targets...)
		return
	}
	targets, deferred, why := found.targets, found.deferred, found.unknown
	by, at := b.g.asserted.through[b.variant], &c.at
	if a := b.g.asserted.unknown(b.function, *c, why); a != nil {
		targets, deferred, why, by = a.functions, nil, "", a
		b.restOn(a)
	}
	if why == finding.UnknownAssembly {
		start := b.f.start() // one is as good as all
		at = &start
	}
	if why != "" {
		b.unknowns = append(b.unknowns, unknown{why, *at, c.height, ""})
	}
	sure := len(targets)+len(deferred) == 1
	told := why == "" && by == nil
	b.add(b.mode, edge{height: c.height, at: at, sure: sure, certain: told && len(targets) == 1, by: by}, targets...)
	b.add(b.last, edge{height: c.height, at: at, sure: sure, certain: told && sure, last: true}, deferred...)
}

// add adds a call of some functions in a mode, but not of those that do not count.
func (b *builder) add(m mode, e edge, functions ...int) {
	if len(functions) < 2 || inRuntime(b.f.Name) || b.f.Name == mapKeyError || b.variant != nil || len(b.g.asserted.limits) > 0 {
		b.addVariant(m, e, nil, functions...)
		return
	}
	// Nothing else of the function matters to what the call leads to.
	key := listKey{&functions[0], len(functions), m}
	to, known := b.g.lists[key]
	if !known {
		to = b.nodes(m, nil, functions)
		b.g.lists[key] = to
	}
	b.addEdge(e, to)
}

// addVariant is add for a variant of the functions.
func (b *builder) addVariant(m mode, e edge, v *variant, functions ...int) {
	b.addEdge(e, b.nodes(m, v, functions))
}

func (b *builder) addEdge(e edge, to []int32) {
	if len(to) > 0 {
		e.to = to
		b.edges = append(b.edges, e)
	}
}

// nodes returns the nodes that a call of some functions leads to.
func (b *builder) nodes(m mode, v *variant, functions []int) []int32 {
	if cap(b.g.spare)-len(b.g.spare) < len(functions) {
		b.g.spare = make([]int32, 0, max(1<<16, len(functions)))
	}
	start := len(b.g.spare)
	for _, f := range functions {
		if id, counts := b.nodeFor(m, v, f); counts {
			b.g.spare = append(b.g.spare, int32(id))
		}
	}
	return slices.Clip(b.g.spare[start:])
}

// nodeFor returns the node that a call of a function leads to, and whether it counts.
func (b *builder) nodeFor(m mode, v *variant, function int) (id int, counts bool) {
	from, to := b.f.Name, b.g.code.functions[function].Name
	switch {
	case dies(to), debugs(from, to), b.g.uncounted[function]:
		return 0, false
	case m&wary == 0 && panics(to):
		return 0, false
	case m&locked != 0 && collects(from), m&collecting != 0 && to == startCollection, m&profiling != 0 && to == storeProfile:
		return 0, false
	case checksBounds(to) && inRuntime(from) && !b.f.Assembly:
		return 0, false
	case to == mapKeyError && from != to && b.variant.hop(b.function) != nil:
		return 0, false // no interface is a part of the map's keys
	case from == gopanic && to == "runtime.traceAdvance":
		return 0, false // when no deferred function has recovered
	case panics(from) && !panics(to):
		m &^= wary // a panic in what starts a panic is the process's end
	}
	switch {
	case inRuntime(from) && !touchesMemory(from) && inRuntime(to):
		m |= internal
	case !inRuntime(to) && !strings.HasPrefix(to, "internal/bytealg."):
		m &^= internal
	}
	m, can := b.g.nest(b.variant, m|enters(from), from, to, function)
	if !can {
		return 0, false
	}
	through := b.variant // of functions that start a goroutine
	if through.hop(function) == nil || v != nil {
		through = v
	}
	t, may := b.enter(function)
	if !may {
		return 0, false
	}
	return b.g.turnNode(function, m, through, t), true
}

// fault adds what a fault, such as the use of a nil pointer, makes of the function: the signal handler lets it call sigpanic.
func (b *builder) fault() {
	if b.mode&wary == 0 || b.mode&internal != 0 || panics(b.f.Name) || inRuntime(b.f.Name) && !touchesMemory(b.f.Name) {
		return
	}
	pushed := int64(8)
	if b.g.code.text.Machine == elf.EM_AARCH64 {
		pushed = 16
	}
	start := b.f.start()
	for _, s := range b.g.code.byName[sigpanic] {
		b.add(b.mode, edge{height: b.f.frame + pushed, at: &start}, s)
	}
}

// defers adds the deferred calls: where the function ends, and where it does not come to its end.
func (b *builder) defers(function int) {
	if !b.f.Defers || isRangeBody(b.f.Name) {
		return
	}
	statements := b.g.answers.deferring(function)
	if len(statements) == 0 {
		b.unknowns = append(b.unknowns, unknown{finding.UnknownDefer, b.f.start(), b.f.frame, "the source does not show what is deferred"})
	}
	inLine := !b.g.callsDeferproc(b.f)
	height := b.f.frame + b.g.code.text.ReturnAddress
	for _, i := range b.g.code.byName[deferreturn] {
		height += b.g.code.functions[i].frame + b.g.code.text.ReturnAddress
	}
	if len(statements) > 1 {
		b.last = b.mode // one may recover what another panics with
	}
	known := len(statements) == 0
	for i := range statements {
		s := &statements[i]
		known = known || len(s.targets) > 0
		if !inLine || b.mode&wary != 0 { // otherwise it is called like any function
			b.add(b.last, edge{height: height, at: &s.at, sure: len(s.targets) == 1, certain: len(s.targets) == 1, last: true}, s.targets...)
		}
		if b.mode&wary == 0 && !b.g.exits[function] {
			continue
		}
		if s.repeated {
			b.unknowns = append(b.unknowns, unknown{finding.UnknownDefer, s.at, height, "it is in a loop, and each deferred call may panic"})
		}
		d := deferral{at: s.at}
		for _, t := range s.targets {
			if turns, may := b.enter(t); may {
				d.to = append(d.to, int32(b.g.turnNode(t, b.last, nil, turns)))
			}
		}
		b.deferred = append(b.deferred, d)
	}
	if !known {
		b.unknowns = append(b.unknowns, unknown{finding.UnknownDefer, b.f.start(), height, "what is deferred is not known"})
	}
}

// callsDeferproc reports whether what the function defers is put on a list. If not, it is called in line where the function ends, and
// runtime.deferreturn only calls it after a panic.
func (g *graph) callsDeferproc(f *function) bool {
	return slices.ContainsFunc(f.calls, func(c call) bool {
		if c.target == unknownTarget {
			return false
		}
		name := g.code.functions[c.target].Name
		return strings.HasPrefix(name, "runtime.deferproc") || name == "runtime.deferrangefunc"
	})
}

// mayRecover reports whether a deferred call of the function may stop a panic: by recover, or by ending the goroutine.
func (g *graph) mayRecover(function int) bool {
	may, known := g.recovers[function]
	if !known {
		statements := g.answers.deferring(function)
		may = len(statements) == 0 || slices.ContainsFunc(statements, func(s deferring) bool {
			return len(s.targets) == 0 || slices.ContainsFunc(s.targets, func(t int) bool { return g.exits[t] || g.callsRecover(t, 2) })
		})
		g.recovers[function] = may
	}
	return may
}

// callsRecover reports whether the function calls recover, or may do so by way of a few wrappers.
func (g *graph) callsRecover(function, wrappers int) bool {
	for number, c := range g.code.functions[function].calls {
		switch {
		case c.target == unknownTarget:
			if wrappers > 0 && g.isWrapper(function) && g.mayCallRecover(function, number, wrappers-1) {
				return true
			}
		case g.code.functions[c.target].Name == gorecover:
			return true
		case wrappers > 0 && g.isWrapper(function) && g.callsRecover(c.target, wrappers-1):
			return true
		}
	}
	return false
}

// mayCallRecover is callsRecover for what an indirect call calls.
func (g *graph) mayCallRecover(function, call, wrappers int) bool {
	found := g.answers.indirect(function, call, nil)
	return found.unknown != "" || slices.ContainsFunc(slices.Concat(found.targets, found.deferred), func(t int) bool { return g.callsRecover(t, wrappers) })
}

func (g *graph) isWrapper(function int) bool {
	f := &g.code.functions[function]
	return f.file == autogenerated || strings.HasSuffix(f.Name, "-fm") || strings.HasPrefix(methodName(f.Name), "deferwrap")
}

// findExits finds the functions from which a call may lead to runtime.Goexit, which runs deferred calls without a panic.
func (g *graph) findExits() {
	g.exits = make([]bool, len(g.code.functions))
	if some := g.code.byName[goexit]; len(some) > 0 {
		g.exits = g.leadTo(some)
	}
}

// findCallers finds which functions may call each one.
func (g *graph) findCallers() {
	g.callers = make([][]int32, len(g.code.functions))
	for i := range g.code.functions {
		f := &g.code.functions[i]
		if leavesStack(f.Name) {
			continue
		}
		add := func(targets []int) {
			for _, t := range targets {
				if known := g.callers[t]; len(known) == 0 || known[len(known)-1] != int32(i) {
					g.callers[t] = append(known, int32(i))
				}
			}
		}
		for number, c := range f.calls {
			if c.target == unknownTarget {
				found := g.answers.indirect(i, number, nil)
				add(found.targets)
				add(found.deferred)
			} else if !dies(g.code.functions[c.target].Name) {
				add([]int{c.target})
			}
		}
		for _, s := range g.answers.deferring(i) {
			add(s.targets)
		}
	}
}
