// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"encoding/gob"
	"go/types"
	"io"
	"slices"
	"strings"
)

// A Record is what an analysis has found in the source, for one that follows an edit: with the answers that the graph of calls was made of, it need not
// read the whole source again. Functions, lists, files and variants are numbered.
type Record struct {
	Source sourceState
	Path   string // of the main package

	Functions []keptFunction
	Files     []string
	Lists     [][]int32
	Variants  []keptVariant // the first stands for none
	Special   []int32       // functions for which it matters what a call gives them

	Calls        []keptCall // those with answers that don't go without saying
	OnlyDeferred []keptBool
	Given        []keptGiven
	Indirect     []keptIndirect
	Deferring    []keptDeferring
	Untold       []int32 // functions that defer what the source does not show
	Entries      []keptEntry
	Starts       []keptPlaces // where goroutines are started
	Assembly     []keptPlaces // where functions start that assembly calls
	Flows        keptFlows
	Answers      []keptAnswer // of interfaces' methods in the main module
	Premises     string
	Unlinked     []string // declared functions that are used as values, and that the binary does not have
	Any          []string // types of what the elements of a slice []any may hold
	Methods      []string // of types that are not exported, those that were read
	Runtime      []uint64 // hashes of the types of which there may be values in interfaces, or in what these hold; in order

	Nesting   keptNesting
	TypeParts int
	Uncounted []int32
}

type (
	keptPlace    struct{ File, Line int32 }
	keptPlaces   []keptPlace
	keptFunction struct {
		Name  string
		Start keptPlace
	}
	// A keptCall is known by its function, by where it is in it and in the functions that were inlined there, and by what it calls.
	keptCall struct {
		Function, Target, Number int32
		At                       keptPlaces
	}
	keptBool struct {
		Call int32
		Is   bool
	}
	keptGiven struct {
		Call, Variant, To int32
		InLine            bool // its line alone tells
	}
	keptIndirect struct {
		Call, Variant, Targets, Deferred, Through int32
		Unknown                                   string
	}
	// A keptAnswer is what calls of a label may lead to.
	keptAnswer struct {
		Label   uint64
		Targets int32
	}
	keptDeferring struct {
		Function int32
		At       keptPlace
		Repeated bool
		Targets  int32
	}
	keptEntry struct {
		Function, Variant, Inside int32
		Name, Started, Kind       string
		Start                     keptPlace
		Sites                     keptPlaces
	}
	// A keptVariant is the functions with hops.
	keptVariant struct {
		Functions []int32
		Within    *keptNesting
	}
	keptNesting struct {
		Levels, Parts int
		Free          bool
	}
)

// A recorder passes on what a resolver answers, and records it.
type recorder struct {
	resolved
	record   *Record
	variants map[*variant]int32
	lists    map[listKey]int32
	files    map[string]int32
	calls    map[callKey]int32
	asked    map[askedKey]bool
	deferred map[int]bool // functions whose defer statements are recorded
	special  map[int]bool
	broken   bool // there was an answer that can't be recorded
}

type (
	callKey  struct{ function, call int }
	askedKey struct {
		callKey
		variant int32
	}
)

func newRecorder(r *resolver) *recorder {
	k := &recorder{
		resolved: resolved{r}, record: &Record{Variants: []keptVariant{{}}, Lists: [][]int32{nil}}, variants: map[*variant]int32{nil: 0}, lists: map[listKey]int32{}, files: map[string]int32{},
		calls: map[callKey]int32{}, asked: map[askedKey]bool{}, deferred: map[int]bool{}, special: map[int]bool{},
	}
	for i := range r.code.functions {
		f := &r.code.functions[i]
		k.record.Functions = append(k.record.Functions, keptFunction{f.Name, k.place(f.start())})
	}
	for i := range r.code.functions {
		if r.takesFunction(i) {
			k.special[i] = true
		}
	}
	k.record.Premises, k.record.Starts, k.record.Assembly = r.code.premises(), k.placesOf(r.code.starts()), k.placesOf(r.code.assemblyCalls())
	return k
}

func (k *recorder) place(p place) keptPlace {
	n, known := k.files[p.file]
	if !known {
		n = int32(len(k.record.Files))
		k.files[p.file] = n
		k.record.Files = append(k.record.Files, p.file)
	}
	return keptPlace{n, int32(p.line)}
}

func (k *recorder) placesOf(all [][]place) (kept []keptPlaces) {
	for _, places := range all {
		var at keptPlaces
		for _, p := range places {
			at = append(at, k.place(p))
		}
		kept = append(kept, at)
	}
	return kept
}

// list numbers a list of functions.
func (k *recorder) list(ids []int) int32 {
	if len(ids) == 0 {
		return 0
	}
	key := listKey{functions: &ids[0], count: len(ids)}
	n, known := k.lists[key]
	if !known {
		n = int32(len(k.record.Lists))
		k.lists[key] = n
		list := make([]int32, len(ids))
		for i, id := range ids {
			list[i] = int32(id)
		}
		k.record.Lists = append(k.record.Lists, list)
	}
	return n
}

func keptOf(n nesting) keptNesting { return keptNesting{n.levels, n.parts, n.free} }

func (n keptNesting) nesting() nesting { return nesting{n.Levels, n.Parts, n.Free} }

// variant numbers a variant.
func (k *recorder) variant(v *variant) int32 {
	n, known := k.variants[v]
	if !known {
		n = int32(len(k.record.Variants))
		k.variants[v] = n
		var functions []int32
		for f := range v.hops {
			functions = append(functions, int32(f))
		}
		slices.Sort(functions)
		kept := keptVariant{Functions: functions}
		if v.within != nil {
			within := keptOf(*v.within)
			kept.Within = &within
		}
		k.record.Variants = append(k.record.Variants, kept)
	}
	return n
}

// in numbers a variant if it says anything of the function.
func (k *recorder) in(function int, v *variant) int32 {
	if v.hop(function) == nil {
		return 0
	}
	return k.variant(v)
}

// call numbers a call.
func (k *recorder) call(function, call int) int32 {
	key := callKey{function, call}
	n, known := k.calls[key]
	if !known {
		n = int32(len(k.record.Calls))
		k.calls[key] = n
		k.record.Calls = append(k.record.Calls, keptCall{int32(function), int32(k.code.functions[function].calls[call].target), int32(call), k.placesOf([][]place{k.code.chain(function, call)})[0]})
	}
	return n
}

// first reports whether something is asked for the first time.
func (k *recorder) first(function, call int, v int32) bool {
	key := askedKey{callKey{function, call}, v}
	if k.asked[key] {
		return false
	}
	k.asked[key] = true
	return true
}

// mayBeLiteral reports whether a function may be one that is in the binary for nothing but to be deferred.
func mayBeLiteral(name string) bool {
	return isLiteral(name) || strings.HasPrefix(methodName(name), "deferwrap")
}

func (k *recorder) onlyDeferred(function, call int) bool {
	is := k.resolved.onlyDeferred(function, call)
	f := &k.code.functions[function]
	if f.Defers && (is || mayBeLiteral(k.code.functions[f.calls[call].target].Name)) && k.first(function, call, -1) {
		k.record.OnlyDeferred = append(k.record.OnlyDeferred, keptBool{k.call(function, call), is})
	}
	return is
}

func (k *recorder) given(function, call int, v *variant) *variant {
	to := k.resolved.given(function, call, v)
	target := k.code.functions[function].calls[call].target
	k.broken = k.broken || to != nil && !k.special[target]
	if in := k.in(function, v); (to != nil || k.special[target]) && k.first(function, call, in) {
		k.record.Given = append(k.record.Given, keptGiven{k.call(function, call), in, k.variant(to), k.tellsLine(k.code.functions[function].calls[call])})
	}
	return to
}

func (k *recorder) indirect(function, call int, v *variant) indirectTo {
	found := k.resolved.indirect(function, call, v)
	if in := k.in(function, v); k.first(function, call, in) {
		k.record.Indirect = append(k.record.Indirect, keptIndirect{k.call(function, call), in, k.list(found.targets), k.list(found.deferred), k.variant(found.through), found.unknown})
	}
	return found
}

func (k *recorder) deferring(function int) []deferring {
	statements := k.resolved.deferring(function)
	if k.deferred[function] {
		return statements
	}
	k.deferred[function] = true
	if k.code.functions[function].Defers && len(statements) == 0 {
		k.record.Untold = append(k.record.Untold, int32(function))
	}
	for _, s := range statements {
		k.record.Deferring = append(k.record.Deferring, keptDeferring{int32(function), k.place(s.at), s.repeated, k.list(s.targets)})
	}
	return statements
}

// finish records what goroutines start with, and returns the record: nil if the graph rests on what is not recorded.
func (k *recorder) finish(a *Analysis, state *sourceState, found map[string]facts) *Record {
	g := a.graph
	if k.broken || k.source.sized || len(g.asserted.all) > 0 || state == nil {
		return nil
	}
	r := k.record
	for _, e := range a.entries {
		kept := keptEntry{int32(e.function), k.variant(e.variant), int32(e.inside), e.name, e.started, e.kind, k.place(e.start), k.placesOf([][]place{e.sites})[0]}
		r.Entries = append(r.Entries, kept)
	}
	for f := range k.source.flows.areValues {
		if f.Parent() == nil && f.Syntax() != nil && f.Signature.Recv() == nil && len(k.functions(f)) == 0 {
			r.Unlinked = append(r.Unlinked, symbol(f))
		}
	}
	o := k.source.flows
	for _, thing := range o.held(o.element(types.NewInterfaceType(nil, nil), inSlice)).AppendTo(nil) {
		if t, ok := o.things[thing].(types.Type); ok {
			r.Any = append(r.Any, typeName(t))
		}
	}
	for f := range o.functions {
		if isUnexportedMethod(f) {
			r.Methods = append(r.Methods, f.RelString(nil))
		}
	}
	for f := range k.special {
		r.Special = append(r.Special, int32(f))
	}
	for f := range g.uncounted {
		r.Uncounted = append(r.Uncounted, int32(f))
	}
	r.Source, r.Path, r.TypeParts = *state, k.source.path, g.typeParts
	r.Nesting = keptOf(g.nesting)
	for _, t := range o.program.RuntimeTypes() {
		r.Runtime = append(r.Runtime, hashText(globalName(t)))
	}
	slices.Sort(r.Runtime)
	k.answer(found)
	r.Flows = keepFlows(o, found)
	read := map[string]bool{}
	for _, name := range r.Methods {
		read[name] = true
	}
	for i := range r.Source.Packages {
		p := &r.Source.Packages[i]
		if f, known := found[p.ID]; known {
			p.Facts = f.settle(func(method string) bool { return read[method] })
		}
	}
	return r
}

// answer records what calls of interfaces' methods in the main module may lead to, for those that an edit puts elsewhere.
func (k *recorder) answer(found map[string]facts) {
	known := map[uint64]bool{}
	for _, f := range found {
		for instruction, label := range f.labels {
			s := k.source.sites[instruction]
			if s == nil || known[label] || s.open && k.code.opensPlugins() {
				continue
			}
			known[label] = true
			if targets := k.targets(s); len(targets) > 0 { // otherwise, perhaps they are not known
				k.record.Answers = append(k.record.Answers, keptAnswer{label, k.list(targets)})
			}
		}
	}
}

// Write writes a record.
func (r *Record) Write(w io.Writer) error { return gob.NewEncoder(w).Encode(r) }

// ReadRecord reads what Write has written.
func ReadRecord(from io.Reader) (*Record, error) {
	r := &Record{}
	return r, gob.NewDecoder(from).Decode(r)
}
