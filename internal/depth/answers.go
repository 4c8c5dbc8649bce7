// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

// answers are what the graph of calls is made of beside the binary: all that the source says of calls. Functions are asked for by their numbers,
// calls by theirs in the function. Results are not to be changed; lists that are the same share memory.
type answers interface {
	// onlyDeferred reports whether a direct call is one that is made for nothing but what the function defers.
	onlyDeferred(function, call int) bool
	// given returns the variant that a direct call, in a function that is itself in the variant v, leads to: nil if there is none.
	given(function, call int, v *variant) *variant
	// indirect returns what an indirect call may lead to, in the variant v of the function.
	indirect(function, call int, v *variant) indirectTo
	// deferring returns the function's defer statements.
	deferring(function int) []deferring
}

// An indirectTo is the functions that an indirect call may reach, those that its function defers apart, or why they are not known.
type indirectTo struct {
	targets, deferred []int
	unknown           string
	through           *variant // of the targets, or nil
}

// A deferring is a defer statement.
type deferring struct {
	at       place
	repeated bool  // in a loop
	targets  []int // in order
}

// resolved are the answers that a resolver finds.
type resolved struct{ *resolver }

func (r resolved) onlyDeferred(function, call int) bool {
	f := &r.code.functions[function]
	return r.resolver.onlyDeferred(f, f.calls[call].target)
}

func (r resolved) given(function, call int, v *variant) *variant {
	return r.resolver.given(function, v, r.code.functions[function].calls[call])
}

func (r resolved) indirect(function, call int, v *variant) indirectTo {
	f := &r.code.functions[function]
	return r.resolver.indirect(f, f.calls[call], v.hop(function))
}

func (r resolved) deferring(function int) []deferring {
	var all []deferring
	for _, s := range r.deferred(&r.code.functions[function]) {
		all = append(all, deferring{r.source.place(s.instruction.Pos()), s.repeated, unique(r.deferTargets(s))})
	}
	return all
}
