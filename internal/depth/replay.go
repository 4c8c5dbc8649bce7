// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"slices"
	"strings"
)

// A replayer answers from a record what the source says of calls in another binary, which was built after an edit. It has no answer where the edit may have
// changed it: where a line was changed that has the call, or when a function is asked for that is new and not declared by name. There is none for the whole then.
type replayer struct {
	code   *code
	record *Record
	moved  moves
	new    *news
	fast   int32 // the variant of functions for maps whose keys are a few bytes, or strings; 0 if it is not known

	now      []int32         // by the record's number of a function, the binary's; unknownTarget if there is none
	unlinked map[string]bool // functions that the source uses as values, and the record's binary did not have
	calls    map[callKey]int32
	givens   map[keptAsked]int32
	targets  map[keptAsked]*keptIndirect
	answers  map[uint64]int32
	inLines  *lineAnswers
	deferred map[int][]deferring
	untold   map[int]bool
	only     map[int32]bool
	special  map[int]bool
	lists    [][]int
	variants []*variant
	numbers  map[*variant]int32
	why      string // there is no answer to something
}

type keptAsked struct{ call, variant int32 }

// replay prepares to answer from a record.
func replay(c *code, r *Record, moved moves, new *news) *replayer {
	p := &replayer{
		code: c, record: r, moved: moved, new: new, now: make([]int32, len(r.Functions)), unlinked: map[string]bool{}, calls: map[callKey]int32{}, givens: map[keptAsked]int32{}, targets: map[keptAsked]*keptIndirect{}, answers: map[uint64]int32{},
		deferred: map[int][]deferring{}, only: map[int32]bool{}, untold: map[int]bool{}, special: map[int]bool{}, lists: make([][]int, len(r.Lists)), variants: []*variant{nil}, numbers: map[*variant]int32{nil: 0},
	}
	for _, name := range r.Unlinked {
		p.unlinked[name] = true
	}
	p.findFunctions()
	p.findCalls()
	p.compare()
	for _, v := range r.Variants[1:] {
		to := &variant{hops: map[int]*hop{}}
		if v.Within != nil {
			within := v.Within.nesting()
			to.within = &within
		}
		for _, f := range v.Functions {
			to.hops[p.function(f)] = &hop{}
		}
		p.numbers[to] = int32(len(p.variants))
		p.variants = append(p.variants, to)
	}
	for _, f := range r.Special {
		p.special[p.function(f)] = true
	}
	for _, f := range r.Untold {
		p.untold[int(p.now[f])] = true
	}
	for _, o := range r.OnlyDeferred {
		p.only[o.Call] = o.Is
	}
	p.inLines = p.byLine()
	for _, g := range r.Given {
		p.givens[keptAsked{g.Call, g.Variant}] = g.To
	}
	for _, a := range r.Answers {
		p.answers[a.Label] = a.Targets
	}
	for i := range r.Indirect {
		p.targets[keptAsked{r.Indirect[i].Call, r.Indirect[i].Variant}] = &r.Indirect[i]
	}
	for _, d := range r.Deferring {
		if f := p.now[d.Function]; f != unknownTarget {
			p.deferred[int(f)] = append(p.deferred[int(f)], deferring{p.place(d.At), d.Repeated, p.list(d.Targets)})
		}
	}
	return p
}

// fail says that there is no answer.
func (p *replayer) fail(format string, args ...any) {
	if p.why == "" {
		p.why = fmt.Sprintf(format, args...)
	}
}

// to returns where a place of the record is now, and whether its line is as it was.
func (p *replayer) to(at keptPlace) (place, bool) {
	return p.moved.to(place{p.record.Files[at.File], int(at.Line)})
}

func (p *replayer) place(at keptPlace) place {
	now, same := p.to(at)
	if !same {
		p.fail("%s:%d was edited", now.file, now.line)
	}
	return now
}

// function returns the binary's number of a function.
func (p *replayer) function(f int32) int {
	if f == unknownTarget {
		return unknownTarget
	}
	if p.now[f] == unknownTarget {
		p.fail("%s is not in the binary any more", p.record.Functions[f].Name)
	}
	return int(p.now[f])
}

// A named is what functions are known by: those that are declared by their names, others by where they start, too.
type named struct {
	name  string
	start place
}

// findFunctions finds the record's functions in the binary.
func (p *replayer) findFunctions() {
	then, now := map[named][]int32{}, map[named][]int32{}
	for i, f := range p.record.Functions {
		p.now[i] = unknownTarget
		if isNumbered(f.Name) {
			if at, same := p.to(f.Start); same {
				then[named{f.Name, at}] = append(then[named{f.Name, at}], int32(i))
			}
		} else {
			then[named{name: f.Name}] = append(then[named{name: f.Name}], int32(i))
		}
	}
	for i := range p.code.functions {
		f := &p.code.functions[i]
		key := named{name: f.Name}
		if isNumbered(f.Name) {
			key.start = f.start()
		}
		now[key] = append(now[key], int32(i))
	}
	for key, some := range now {
		switch old := then[key]; {
		case len(old) == len(some):
			for i, f := range old {
				p.now[f] = some[i]
			}
		case len(old) == 0 && (p.new.methods[key.name] || !p.unlinked[key.name] && isDeclaredFunction(&p.code.functions[some[0]])):
		default:
			p.fail("%s is new", key.name) // something else than calls by name may lead to it
		}
	}
}

// isNumbered reports whether a function's name has a number that tells it from others: another one may have it after an edit.
func isNumbered(name string) bool {
	return isLiteral(name) || isWritten(name) || strings.Contains(name, ".func")
}

// isDeclaredFunction reports whether the function is declared, neither generic nor a method nor written by the compiler.
func isDeclaredFunction(f *function) bool {
	name := f.Name[strings.LastIndexByte(f.Name, '/')+1:]
	return isFromSource(f) && !isWritten(f.Name) && strings.Count(name, ".") == 1 && !strings.ContainsAny(name, "[(")
}

// findCalls finds the record's calls in the binary. Where there are more of a kind in a line now, or less, none is found.
func (p *replayer) findCalls() {
	type kind struct {
		function, target int
		chain            string
	}
	then := map[kind][]int32{}
	wanted := map[int]bool{} // functions
	for i, c := range p.record.Calls {
		k := kind{target: unknownTarget}
		if k.function = int(p.now[c.Function]); k.function == unknownTarget {
			continue
		}
		if c.Target != unknownTarget {
			if k.target = int(p.now[c.Target]); k.target == unknownTarget {
				continue
			}
		}
		var places []place
		for _, at := range c.At {
			now, same := p.to(at)
			if !same {
				break
			}
			places = append(places, now)
		}
		if len(places) < len(c.At) {
			continue
		}
		k.chain = chained(places)
		then[k] = append(then[k], int32(i))
		wanted[k.function] = true
	}
	now := map[kind][]callKey{}
	for f := range wanted {
		for number, c := range p.code.functions[f].calls {
			k := kind{f, c.target, chained(p.code.chain(f, number))}
			if len(then[k]) > 0 {
				now[k] = append(now[k], callKey{f, number})
			}
		}
	}
	for k, some := range now {
		old := then[k]
		if len(old) != len(some) {
			continue
		}
		slices.SortFunc(old, func(a, b int32) int { return int(p.record.Calls[a].Number - p.record.Calls[b].Number) })
		for i, call := range some {
			p.calls[call] = old[i]
		}
	}
}

// list returns a list of functions, in order.
func (p *replayer) list(n int32) []int {
	if p.lists[n] == nil && len(p.record.Lists[n]) > 0 {
		var list []int
		for _, f := range p.record.Lists[n] {
			if now := p.function(f); now != unknownTarget {
				list = append(list, now)
			}
		}
		slices.Sort(list)
		p.lists[n] = list
	}
	return p.lists[n]
}

// in numbers a variant if it says anything of the function.
func (p *replayer) in(function int, v *variant) int32 {
	if v.hop(function) == nil {
		return 0
	}
	return p.numbers[v]
}

func (p *replayer) onlyDeferred(function, call int) bool {
	f := &p.code.functions[function]
	if !f.Defers || !mayBeLiteral(p.code.functions[f.calls[call].target].Name) {
		return false
	}
	kept, known := p.calls[callKey{function, call}]
	if _, asked := p.only[kept]; !known || !asked {
		p.fail("%s has another deferred call", f.Name)
	}
	return p.only[kept]
}

func (p *replayer) given(function, call int, v *variant) *variant {
	f := &p.code.functions[function]
	if !p.special[f.calls[call].target] {
		return nil
	}
	kept, known := p.calls[callKey{function, call}]
	to, asked := p.givens[keptAsked{kept, p.in(function, v)}]
	if !known || !asked {
		if v, known := p.newGiven(f, f.calls[call]); known {
			return v
		}
		p.fail("%s calls %s", f.Name, p.code.functions[f.calls[call].target].Name)
		return nil
	}
	return p.variants[to]
}

func (p *replayer) indirect(function, call int, v *variant) indirectTo {
	kept, known := p.calls[callKey{function, call}]
	found := p.targets[keptAsked{kept, p.in(function, v)}]
	if !known || found == nil {
		if to, known := p.newIndirect(function, call, v); known {
			return to
		}
		at := p.code.functions[function].calls[call].at
		p.fail("%s has another indirect call, in %s:%d", p.code.functions[function].Name, at.file, at.line)
		return indirectTo{}
	}
	return indirectTo{p.list(found.Targets), p.list(found.Deferred), found.Unknown, p.variants[found.Through]}
}

func (p *replayer) deferring(function int) []deferring {
	f := &p.code.functions[function]
	if f.Defers && len(p.deferred[function]) == 0 && !p.untold[function] {
		p.fail("%s defers, as it did not before", f.Name)
	}
	return p.deferred[function]
}

// entries returns the record's entries.
func (p *replayer) entries() []entry {
	var all []entry
	for _, kept := range p.record.Entries {
		e := entry{function: p.function(kept.Function), variant: p.variants[kept.Variant], inside: p.function(kept.Inside), name: kept.Name, started: kept.Started, kind: kept.Kind}
		if kept.Name != "" {
			e.start = p.place(kept.Start)
		}
		for _, at := range kept.Sites {
			e.sites = append(e.sites, p.place(at))
		}
		all = append(all, e)
	}
	slices.SortStableFunc(all, compareEntries)
	return all
}

// chained writes places as one text.
func chained(places []place) string {
	var b strings.Builder
	for _, at := range places {
		fmt.Fprintf(&b, "%s:%d\n", at.file, at.line)
	}
	return b.String()
}
