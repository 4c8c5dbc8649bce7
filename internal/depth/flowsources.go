// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// label names a call of an interface's method, or of a function value: calls of the same method of the same values lead to the same functions. In a circle
// of calls, of what such a call itself returns, they are numbered.
func (r *flowReader) label(number int) string {
	if r.labels == nil {
		r.labels = make([]string, len(r.calls))
	}
	if r.labels[number] != "" {
		return r.labels[number]
	}
	if at := slices.Index(r.asking, number); at >= 0 {
		for _, n := range r.asking[at:] {
			r.labels[n] = fmt.Sprintf("%s %d in %s", r.methodOf(n), n, r.function.RelString(nil))
		}
		return r.labels[number]
	}
	r.asking = append(r.asking, number)
	sources := r.sourcesOf(r.calls[number].Value)
	r.asking = r.asking[:len(r.asking)-1]
	if r.labels[number] == "" {
		r.labels[number] = fmt.Sprintf("%s %x", r.methodOf(number), hashText(strings.Join(sources, ", ")))
	}
	return r.labels[number]
}

func (r *flowReader) methodOf(number int) string {
	method, common := "", r.calls[number]
	if common.IsInvoke() {
		method = common.Method.Id()
	}
	return "call " + method + " " + r.typeName(common.Signature())
}

// labelOf is label for a call, or "" if it is of a function by name.
func (r *flowReader) labelOf(common *ssa.CallCommon) string {
	if number := slices.Index(r.calls, common); number >= 0 {
		return r.label(number)
	}
	return ""
}

// sourcesOf tells where the values come from that a value may be.
func (r *flowReader) sourcesOf(v ssa.Value) []string {
	if _, constant := v.(*ssa.Const); constant || !follows(v.Type()) {
		return nil
	}
	return r.sources(r.id(v))
}

// sources tells where the values come from that a node may hold.
func (r *flowReader) sources(id int) []string {
	id = r.root(id)
	if names := r.names[id]; len(names) > 0 {
		return names[:1]
	}
	found, known := r.found[id]
	if !known {
		found = r.into(id)
		if len(r.asking) == 0 {
			r.found[id] = found
		}
	}
	return found
}

// into tells where values come from that go to a root.
func (r *flowReader) into(root int) []string {
	all, seen := map[string]bool{}, map[back]bool{}
	var walk func(at back)
	walk = func(at back) {
		if seen[at] {
			return
		}
		seen[at] = true
		if names := r.names[at.from]; len(names) > 0 && (at.from != root || at.filter != "") {
			all[names[0]+at.filter] = true
			return
		}
		for _, of := range r.returns[at.from] {
			all[fmt.Sprintf("result %d of %s%s", of.index, r.label(of.call), at.filter)] = true
		}
		for _, thing := range r.held(at.from).AppendTo(nil) {
			all[r.thingName(thing)+at.filter] = true
		}
		for _, b := range r.from[at.from] {
			walk(back{b.from, combine(at.filter, b.filter)})
		}
	}
	walk(back{from: root})
	return slices.Sorted(maps.Keys(all))
}

// combine returns the filter that lets through what both do.
func combine(a, b string) string {
	if a == "" || b == "" || a == b {
		return cmp.Or(a, b)
	}
	all := strings.Split(a+b, "\x00")
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "\x00") // the first is empty
}

func (r *flowReader) thingName(thing int) string { return thingName(r.things[thing], r.typeName) }

// thingName is the name of what a node may hold.
func thingName(thing any, typeName func(types.Type) string) string {
	switch t := thing.(type) {
	case *ssa.Function:
		return "function " + t.RelString(nil)
	case types.Type:
		return "type " + typeName(t)
	}
	return "open"
}
