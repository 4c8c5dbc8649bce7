// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
	"debug/elf"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/spadego/spade/internal/finding"
	"github.com/spadego/spade/internal/pclntab"
)

// An Analysis is a program whose entries are known, each with its depth.
type Analysis struct {
	graph   *graph
	entries []entry
	program finding.Program
	exit    int       // the node of what a goroutine returns to
	reaches *reaching // once asked for
	from    Source
	stacks  []Stack
	Record  *Record // for an analysis after an edit; nil unless Source.Record asked for it, and all can be recorded
}

// Analyse reads a binary, and the source that it was built from.
func Analyse(binary io.ReaderAt, from Source) (*Analysis, error) {
	c, broken := readInBackground(binary, &from)
	if c == nil {
		return nil, broken()
	}
	var state *sourceState
	from.Record = from.Record && !from.Trimmed // files would have other names than those that are edited
	if from.Record {
		var err error
		if state, err = from.state(); err != nil {
			return nil, err
		}
	}
	s, err := readSource(from, func() (*code, error) { return c, broken() })
	if err := cmp.Or(broken(), err); err != nil {
		return nil, err
	}
	if err := match(c, s); err != nil {
		return nil, err
	}
	from.say("following calls")
	r := newResolver(c, s)
	var found answers = resolved{r}
	var k *recorder
	if from.Record {
		k = newRecorder(r)
		found = k
	}
	g := newGraph(c, found, r.nester.all(), mostParts(s.flows.program, c))
	g.resolver, g.uncounted = r, r.unasked()
	g.assert()
	a := newAnalysis(g, r.entries(), from, s.path)
	if k != nil {
		a.Record = k.finish(a, state, s.facts)
	}
	return a, nil
}

// readInBackground reads the functions of a binary. They are there once wait has returned, with an error if something is wrong. If it can't be read at all, c
// is nil.
func readInBackground(binary io.ReaderAt, from *Source) (c *code, wait func() error) {
	text, err := pclntab.ReadText(binary)
	if err != nil {
		return nil, func() error {
			return fmt.Errorf("the binary can't be read: %w; only ELF binaries for amd64 and arm64 can, so look at GOOS and GOARCH", err)
		}
	}
	from.say("reading %d functions of the binary, and the source", text.Len())
	c = newCode(text)
	var reader sync.WaitGroup
	reader.Go(func() { err = c.read() })
	return c, func() error {
		reader.Wait()
		return err
	}
}

// newAnalysis finds how deep entries are.
func newAnalysis(g *graph, entries []entry, from Source, path string) *Analysis {
	c := g.code
	a := &Analysis{graph: g, entries: entries, exit: unknownTarget, from: from}
	var nodes []int
	for _, e := range a.entries {
		if e.function != unknownTarget {
			nodes = append(nodes, a.graph.variantNode(e.function, calm, e.variant))
		}
	}
	for _, i := range c.byName["runtime.goexit"] {
		a.exit = a.graph.node(i, calm)
		nodes = append(nodes, a.exit)
	}
	for _, i := range c.byName[asyncPreempt] {
		nodes = append(nodes, a.graph.node(i, calm))
	}
	a.graph.solve(nodes)
	a.program = finding.Program{Path: path, Functions: int64(len(c.functions)), Machine: "amd64", Guard: guard, Start: startSize}
	if c.text.Machine == elf.EM_AARCH64 {
		a.program.Machine = "arm64"
	}
	for _, i := range c.byName[asyncPreempt] {
		a.program.Preempt = a.graph.nodes[a.graph.node(i, calm)].deep + c.text.ReturnAddress
	}
	return a
}

// topBytes is what lies above the place of the stack pointer when a goroutine's first function starts: spare words, and on amd64 the
// address that it returns to (newproc1 and gostartcall in package runtime).
func topBytes(machine elf.Machine) int64 {
	if machine == elf.EM_AARCH64 {
		return 48
	}
	return 4*8 + 8
}

// DropSource lets go of the source, which takes most of the memory. Emit does without it; EmitFrames, Hints and observations don't.
func (a *Analysis) DropSource() {
	if g := a.graph; len(g.asserted.all) == 0 {
		g.answers, g.resolver, g.asserted.resolver = nil, nil, nil
	}
}

// Emit hands the findings to h.
func (a *Analysis) Emit(version, goVersion string, h finding.Handler) error {
	a.program.Go = goVersion
	messages := []finding.Message{
		{Config: &finding.Config{Protocol: finding.Protocol, Analysis: "depth", Spade: version}},
		{Program: &a.program},
	}
	for _, m := range messages {
		if err := h.Handle(m); err != nil {
			return err
		}
	}
	for i, e := range a.entries {
		a.from.say("describing entry %d of %d", i+1, len(a.entries))
		found := a.describe(e)
		if err := h.Handle(finding.Message{Entry: &found}); err != nil {
			return err
		}
	}
	a.from.say("")
	return h.Flush()
}

func sites(places ...place) []finding.Site {
	var list []finding.Site
	for _, p := range places {
		list = append(list, finding.Site{File: p.file, Line: int64(p.line)})
	}
	return list
}

// describe says all of one entry.
func (a *Analysis) describe(e entry) finding.Entry {
	g := a.graph
	found := finding.Entry{Kind: e.kind, GoSites: sites(e.sites...)}
	if e.function == unknownTarget {
		holder := &g.code.functions[e.inside]
		found.Status = finding.LowerBound
		found.System = system(holder.Name)
		found.Unknowns = []finding.Unknown{{Kind: finding.UnknownEntry, Func: holder.Name, At: found.GoSites[0]}}
		found.Why = found.Reason()
		return found
	}
	f := &g.code.functions[e.function]
	found.Func = f.Name
	found.Name, found.System, found.Start = e.started, system(cmp.Or(e.name, f.Name)), sites(f.start())[0]
	top := topBytes(g.code.text.Machine)
	if e.name != "" {
		found.Name, found.Start = e.name, sites(e.start)[0]
	}
	id := g.variantNode(e.function, calm, e.variant)
	reach := a.reach()
	found.Cycles, found.Unknowns = g.cyclesIn(reach.cycles(id), reach.certain, id), g.unknownsIn(reach.unknowns(id, top))
	most := math.MaxInt
	if len(found.Cycles) > 0 {
		most = mostSteps
	}
	path := g.path(id, step{base: top, sure: true}, nil, most)
	found.Bound = top + g.nodes[id].deep
	if a.exit != unknownTarget { // what the entry returns to may need more stack than the entry
		above := top - g.code.text.ReturnAddress
		if deep := above + g.nodes[a.exit].deep; deep > found.Bound {
			found.Bound = deep
			path = g.path(a.exit, step{base: above, sure: true}, nil, most)
		}
	}
	found.Assertions = g.restsOn(reach.resting(id))
	found.Forecast = a.forecast(id, path, top)
	found.Path = a.steps(path, found.Bound)
	found.Status = status(&found)
	found.Why = found.Reason()
	return found
}

// mostSteps is how many steps of a witness path are reported where recursion leaves no bound: one turn of every cycle in a large program is
// a path of 100,000. The last step then has the bytes of all that follow.
const mostSteps = 400

func status(e *finding.Entry) finding.Status {
	switch {
	case len(e.Cycles) > 0:
		return finding.Unbounded
	case len(e.Unknowns) > 0:
		return finding.LowerBound
	case len(e.Assertions) > 0 || slices.ContainsFunc(e.Path, func(s finding.Step) bool { return s.Maybe || s.Deferred }):
		return finding.UpperBound
	}
	return finding.Exact
}

func (a *Analysis) steps(path []step, bound int64) []finding.Step {
	var steps []finding.Step
	before := unknownTarget
	for i, s := range path {
		end := bound
		if i+1 < len(path) {
			end = path[i+1].base
		}
		steps = append(steps, finding.Step{
			Func: a.graph.code.functions[a.graph.nodes[s.node].function].Name, Call: sites(s.at)[0], Bytes: end - s.base,
			Maybe: !s.sure && !s.deferred, Deferred: s.deferred, Asserted: a.graph.assertedStep(before, s),
		})
		before = s.node
	}
	return steps
}

// forecast lets a stack grow down the witness path, and then as far as any prologue may ask.
func (a *Analysis) forecast(id int, path []step, top int64) finding.Forecast {
	var checks []check
	for _, s := range path {
		if f := &a.graph.code.functions[a.graph.nodes[s.node].function]; f.checks {
			checks = append(checks, check{s.base, f.checked, f.frame})
		}
	}
	if lowest := a.graph.nodes[id].checked; lowest != nowhere {
		checks = append(checks, check{top + lowest, 0, 0})
	}
	if a.exit != unknownTarget && a.graph.nodes[a.exit].checked != nowhere {
		checks = append(checks, check{top - a.graph.code.text.ReturnAddress + a.graph.nodes[a.exit].checked, 0, 0})
	}
	return grow(checks)
}

func (g *graph) unknownsIn(reach []reached) []finding.Unknown {
	type key struct {
		kind string
		name string
		at   place
	}
	found := map[key]finding.Unknown{}
	for _, r := range reach {
		name := g.code.functions[g.nodes[r.id].function].Name
		for _, u := range g.nodes[r.id].unknowns {
			k := key{u.kind, name, u.at}
			bytes := max(found[k].Bytes, r.used+u.height)
			found[k] = finding.Unknown{Kind: u.kind, Func: name, At: sites(u.at)[0], Bytes: bytes, Detail: u.detail}
		}
	}
	var list []finding.Unknown
	for _, u := range found {
		list = append(list, u)
	}
	slices.SortFunc(list, func(a, b finding.Unknown) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Func, b.Func), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.Kind, b.Kind))
	})
	return list
}
