// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"go/types"
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/spadego/spade/internal/finding"
)

// Assertions are the program's, joined with its binary. In the graph, a function that can come to one with a limit has a node for each number of
// times that one is on the stack: so bounds, witness paths and panics are those of so many turns, and no cycle is left. Where several
// limited functions come to each other, there is a node for each combination of numbers; if those are too many, there are no limits.
type assertions struct {
	*resolver
	all     []*assertion
	limits  []*assertion
	limited map[int]int // by function, its index among the limits
	leads   [][]bool    // for each limit: the functions from which a call may lead to it
	turned  int         // nodes with a limited function on the stack
	lines   map[place]*assertion
	around  []*assertion // on the calls in a function
	through map[*variant]*assertion
}

// turns is how often each limited function is on the stack, two bytes for each; "" if none is.
type turns string

// assert joins the assertions with the binary.
func (g *graph) assert() {
	r := g.resolver
	s := g.asserted
	s.resolver, s.all, r.asserted = r, r.source.asserted, s
	if len(s.all) == 0 {
		return
	}
	declared := map[string]*ssa.Function{}
	packages := map[string]bool{}
	for f := range r.source.flows.functions {
		if f.Parent() == nil && f.Pkg != nil {
			declared[symbol(f)] = f
			packages[escapedPath(f.Pkg.Pkg)] = true
		}
	}
	for _, a := range s.all {
		for _, name := range append(slices.Clone(a.calls), a.in) {
			if name != "" && declared[name] == nil && len(r.plain[name]) == 0 && (packages[packageOf(name)] || packageOf(name) == "") {
				a.problem = "the program has no function " + name
			}
		}
		switch {
		case a.problem != "":
		case a.turns > 0:
			s.limit(a)
		default:
			s.on(a, declared[a.in])
		}
	}
	for _, a := range s.limits {
		s.leads = append(s.leads, g.leadTo(a.functions))
	}
}

// mostTurned is how many nodes there may be for functions when limited ones are on the stack: a gigabyte or two.
var mostTurned = 500_000 // less in a test

// dropLimits makes the graph what it was when it had the given number of nodes, none of them built, and without limits.
func (g *graph) dropLimits(nodes int) {
	s := g.asserted
	for _, a := range s.limits {
		a.problem = "the limits are too high, or too many, for a program of this size"
	}
	s.limited, s.turned = map[int]int{}, 0
	g.nodes, g.ids, g.lists = g.nodes[:nodes], map[nodeKey]int{}, map[listKey][]int32{}
	for id, n := range g.nodes {
		g.nodes[id] = node{function: n.function, mode: n.mode, variant: n.variant}
		g.ids[nodeKey{n.function, n.mode, n.variant, ""}] = id
	}
}

// packageOf returns the package's part of a symbol, or "" if there is none.
func packageOf(symbol string) string {
	slash := strings.LastIndexByte(symbol, '/') + 1
	dot := strings.IndexByte(symbol[slash:], '.')
	if dot < 0 {
		return ""
	}
	return symbol[:slash+dot]
}

func (s *assertions) limit(a *assertion) {
	if a.functions = s.plain[a.in]; len(a.functions) == 0 {
		return
	}
	for _, f := range a.functions {
		if before, known := s.limited[f]; known {
			a.problem = fmt.Sprintf("%s has a limit already, at %s", a.in, s.limits[before].at)
			return
		}
	}
	for _, f := range a.functions {
		s.limited[f] = len(s.limits)
	}
	s.limits = append(s.limits, a)
}

// on is for an assertion on calls: in the function f, if it names one.
func (s *assertions) on(a *assertion, f *ssa.Function) {
	for _, name := range a.calls {
		a.functions = append(a.functions, s.plain[name]...)
		if at := strings.LastIndexByte(name, '.'); at > 0 && !strings.HasSuffix(name[:at], ")") {
			if before := strings.LastIndexByte(name[:at], '.'); before > strings.LastIndexByte(name, '/') {
				a.functions = append(a.functions, s.plain[name[:before+1]+"(*"+name[before+1:at]+")"+name[at:]]...) // a method, as interfaces and reflection call it
			}
		}
	}
	a.functions = unique(a.functions)
	switch {
	case len(a.functions) == 0:
		return // of what it lists, nothing is in this program
	case a.in == "":
		s.lines[a.of] = a
	default:
		if f != nil {
			a.around = []*ssa.Function{f}
		}
		a.assembly = s.plain[a.in]
		s.around = append(s.around, a)
	}
	a.through = s.reflected(a)
	s.through[a.through] = a
}

// reflected returns the variant of functions by which package reflect calls what a says.
func (s *assertions) reflected(a *assertion) *variant {
	v := &variant{hops: map[int]*hop{}}
	most := s.reflectedFrame(a)
	var by []int
	for name, ids := range s.code.byName {
		if frame := reflectedBy(name); frame > 0 && frame <= most {
			by = append(by, ids...)
		}
	}
	for _, i := range by {
		v.hops[i] = &hop{to: a.functions}
	}
	for _, i := range s.code.byName["runtime.reflectcall"] {
		v.hops[i] = &hop{to: unique(by)}
	}
	for _, name := range callsByReflection {
		for _, i := range s.code.byName[name] {
			v.hops[i] = &hop{}
		}
	}
	return v
}

// reflectedBy returns the bytes of the frame of a function by which runtime.reflectcall calls, or 0 if it is none of them. The smallest
// has smallestReflected, the others each twice as many as the one before.
func reflectedBy(name string) int64 {
	digits, _ := strings.CutPrefix(name, "runtime.call")
	frame, _ := strconv.ParseInt(digits, 10, 64)
	return frame
}

const smallestReflected = 16

// reflectedFrame returns how many bytes package reflect may need at most for arguments, to spill them, and for results, rounded up to a frame.
func (s *assertions) reflectedFrame(a *assertion) int64 {
	most := int64(0)
	for _, i := range a.functions {
		declared := s.source.functions[s.code.functions[i].start()]
		if len(declared) == 0 && s.code.functions[i].file != autogenerated {
			return math.MaxInt64
		}
		for _, f := range declared {
			size := int64(0)
			add := func(t types.Type, times int64) { size += (s.source.sizes.Sizeof(t) + 15) &^ 7 * times }
			for _, p := range f.Params {
				add(p.Type(), 2)
			}
			for r := range f.Signature.Results().Variables() {
				add(r.Type(), 1)
			}
			most = max(most, size)
		}
	}
	frame := int64(smallestReflected)
	for frame < most {
		frame *= 2
	}
	return frame
}

var callsByReflection = []string{"reflect.Value.Call", "reflect.Value.CallSlice", "reflect.Value.call"}

// onCall returns the assertion on the call c in function number in, or nil.
func (s *assertions) onCall(in int, c call) *assertion {
	if len(s.lines)+len(s.around) == 0 {
		return nil
	}
	if a := s.lines[c.at]; a != nil {
		return a
	}
	for _, a := range s.around {
		if slices.Contains(a.assembly, in) && s.code.functions[in].Assembly || slices.ContainsFunc(a.around, func(f *ssa.Function) bool { return s.holds(f, c.at) }) {
			return a
		}
	}
	return nil
}

// holds reports whether a line is one of f's.
func (s *assertions) holds(f *ssa.Function, at place) bool {
	if f.Syntax() == nil {
		return false
	}
	first, last := s.source.place(f.Syntax().Pos()), s.source.place(f.Syntax().End())
	return first.file == at.file && first.line <= at.line && at.line <= last.line
}

// direct returns the assertion on a direct call by which package reflect calls a function that is not known.
func (s *assertions) direct(in int, c call) *assertion {
	if len(s.lines)+len(s.around) == 0 || !slices.Contains(callsByReflection, s.code.functions[c.target].Name) {
		return nil
	}
	if a := s.onCall(in, c); a != nil {
		return a
	}
	for _, f := range s.code.text.Frames(s.code.functions[in].Func, c.pc)[1:] {
		outer := c
		outer.at = place{f.File, f.Line}
		if a := s.onCall(in, outer); a != nil {
			return a
		}
	}
	return nil
}

// unknown returns the assertion on an indirect call whose targets are not known: why says so, or they go by type alone.
func (s *assertions) unknown(in int, c call, why string) *assertion {
	a := s.onCall(in, c)
	if a == nil {
		return nil
	}
	a.met = true
	if why != finding.UnknownCall && why != finding.UnknownAssembly && !slices.ContainsFunc(s.source.calls[c.at], func(at *site) bool { return at.open }) {
		return nil
	}
	return a
}

// startsAsserted adds the entries that an assertion lists in the line of a go statement whose function is not known. It reports whether there
// is one.
func (e *entryFinder) startsAsserted(at place) bool {
	a := e.asserted.lines[at]
	if a == nil {
		return false
	}
	a.used = true
	for _, f := range a.functions {
		e.add(entry{function: f, kind: finding.KindGo, sites: []place{at}})
	}
	return true
}

// enter returns how often limited functions are on the stack when one more function is, and whether their limits let that be: if not,
// the limit that does not.
func (s *assertions) enter(t turns, function int) (turns, *assertion) {
	limit, isLimited := s.limited[function]
	if t == "" && !isLimited {
		return "", nil
	}
	counts := make([]byte, 2*len(s.limits))
	copy(counts, t)
	for i := range s.limits {
		if !s.leads[i][function] {
			counts[2*i], counts[2*i+1] = 0, 0 // it can't come to be on the stack again before this one returns
		}
	}
	if isLimited {
		a := s.limits[limit]
		a.met = true
		n := binary.BigEndian.Uint16(counts[2*limit:])
		if int(n) == a.turns {
			return "", a
		}
		binary.BigEndian.PutUint16(counts[2*limit:], n+1)
	}
	if !slices.ContainsFunc(counts, func(b byte) bool { return b != 0 }) {
		return "", nil
	}
	return turns(counts), nil
}

// enter is for a call of a function: it returns false if a limit does not let that be.
func (b *builder) enter(function int) (turns, bool) {
	t, refused := b.g.asserted.enter(b.turns, function)
	if refused != nil {
		b.restOn(refused)
	}
	return t, refused == nil
}

// restOn records that without the assertion, the node would have more calls, or unknown ones.
func (b *builder) restOn(a *assertion) {
	a.used = true
	b.rests = append(b.rests, a)
}

// leadTo returns the functions from which a call may lead to one of some, those included.
func (g *graph) leadTo(some []int) []bool {
	if g.callers == nil {
		g.findCallers()
	}
	leads := make([]bool, len(g.code.functions))
	next := slices.Clone(some)
	for _, f := range some {
		leads[f] = true
	}
	for len(next) > 0 {
		last := next[len(next)-1]
		next = next[:len(next)-1]
		for _, c := range g.callers[last] {
			if !leads[c] {
				leads[c] = true
				next = append(next, int(c))
			}
		}
	}
	return leads
}

// restsOn returns what the nodes rest on.
func (g *graph) restsOn(nodes []int32) []finding.Assertion {
	var list []finding.Assertion
	for _, id := range nodes {
		for _, a := range g.nodes[id].rests {
			list = append(list, finding.Assertion{Text: a.text, At: a.at})
		}
	}
	slices.SortFunc(list, compareAssertions)
	return slices.Compact(list)
}

func compareAssertions(a, b finding.Assertion) int {
	return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line))
}

// assertedStep says what assertion a step of a witness path rests on, or "": the step before is of the node from, or there is none.
func (g *graph) assertedStep(from int, s step) string {
	n := &g.nodes[s.node]
	if i, limited := g.asserted.limited[n.function]; limited && g.asserted.limits[i].used {
		a := g.asserted.limits[i]
		return fmt.Sprintf("turn %d of %d (%s)", binary.BigEndian.Uint16([]byte(n.turns[2*i:])), a.turns, a.at)
	}
	if from < 0 {
		return ""
	}
	for _, e := range g.nodes[from].edges {
		if e.by != nil && *e.at == s.at && slices.Contains(e.to, int32(s.node)) {
			return fmt.Sprintf("as asserted (%s)", e.by.at)
		}
	}
	return ""
}

// Stale returns an *AssertionError if an assertion says nothing of this program that would not be so without it.
func (a *Analysis) Stale() error {
	e := &AssertionError{Stale: true}
	for _, one := range a.graph.asserted.all {
		why := one.problem
		if why == "" && !one.used {
			why = a.graph.asserted.idle(one)
		}
		if why != "" {
			e.Problems = append(e.Problems, fmt.Sprintf("%s:%d: %s: %s", one.at.File, one.at.Line, one.text, why))
		}
	}
	if len(e.Problems) > 0 {
		return e
	}
	return nil
}

// idle says why an assertion was not used, or "" if what it is about is not in the program, or can't be told.
func (s *assertions) idle(a *assertion) string {
	if a.turns > 0 {
		if a.met {
			return a.in + " is in no cycle"
		}
		return ""
	}
	if len(a.functions) == 0 || len(a.assembly) > 0 && len(a.around) == 0 {
		return ""
	}
	calls, open := 0, 0
	for c := range s.source.sites {
		at := s.source.place(c.Pos())
		if at != a.of && (len(a.around) == 0 || !s.holds(a.around[0], at)) {
			continue
		}
		calls++
		if callee := c.Common().StaticCallee(); callee == nil || slices.Contains(callsByReflection, symbol(callee)) {
			open++
		}
	}
	switch {
	case calls == 0:
		return fmt.Sprintf("there is no call in line %d", a.of.line)
	case open == 0 || a.met:
		return "what is called is known without it"
	}
	return ""
}
