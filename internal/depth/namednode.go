// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A namedNode is a node that has the same name after an edit: of a variable of a package or a function, of what belongs to a function, or to a type; or what
// a panic was given.
type namedNode struct {
	value    ssa.Value
	function *ssa.Function
	of       types.Type
	kind     namedKind
	index    int
}

type namedKind int

const (
	ofParameter namedKind = iota
	ofCaptured
	ofResult
	ofField
	ofElement
)

var namedKinds = [...]string{"parameter", "captured", "result", "field", "element"}

func (n namedNode) name(typeName func(types.Type) string) string {
	switch {
	case n.function != nil:
		return strings.Join([]string{namedKinds[n.kind], n.function.RelString(nil), strconv.Itoa(n.index)}, " ")
	case n.of != nil && n.kind == ofField:
		return strings.Join([]string{namedKinds[n.kind], typeName(n.of), n.of.Underlying().(*types.Struct).Field(n.index).Id()}, " ")
	case n.of != nil:
		return strings.Join([]string{namedKinds[n.kind], typeName(n.of), strconv.Itoa(n.index)}, " ")
	case n.value == nil:
		return "panicked"
	}
	if f, ok := n.value.(*ssa.Function); ok {
		return "function " + f.RelString(nil)
	}
	return "variable " + n.value.(*ssa.Global).RelString(nil)
}

// ownNodes names the nodes of the function itself, whether anything flows there or not.
func (r *flowReader) ownNodes() {
	own := func(kind namedKind, index int, t types.Type) {
		if n := (namedNode{function: r.function, kind: kind, index: index}); follows(t) {
			r.named[n.name(r.typeName)] = n
		}
	}
	for i, p := range r.function.Params {
		own(ofParameter, i, p.Type())
	}
	for i, v := range r.function.FreeVars {
		own(ofCaptured, i, v.Type())
	}
	for i := range r.function.Signature.Results().Len() {
		own(ofResult, i, r.function.Signature.Results().At(i).Type())
	}
}

// find returns the node of a whole analysis; nobody if nothing flows there. It is not known for functions that are not read, or have no body.
func (n namedNode) find(o *flows) (id int, known bool) {
	id, is := nobody, false
	if n.function != nil {
		if _, read := o.functions[n.function]; !read || n.function.Blocks == nil {
			return nobody, false
		}
	}
	switch {
	case n.function != nil && n.kind == ofParameter:
		if n.index >= len(n.function.Params) {
			return nobody, false
		}
		id, is = o.ids[n.function.Params[n.index]]
	case n.function != nil && n.kind == ofCaptured:
		id, is = o.ids[n.function.FreeVars[n.index]]
	case n.function != nil:
		id, is = o.results[resultOf{n.function, n.index}]
	case n.of != nil && n.kind == ofField:
		id, is = o.fields[fieldOf{o.kind(n.of), n.index}]
	case n.of != nil:
		id, is = o.elements[elementOf{o.kind(n.of), container(n.index)}]
	case n.value == nil:
		id, is = o.panicked, true
	default:
		id, is = o.ids[n.value]
	}
	if !is {
		return nobody, true
	}
	return o.root(id), true
}

// A wayFact is a way between nodes that have names, or to one from what it is given.
type wayFact struct{ from, to string }
