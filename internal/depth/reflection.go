// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"
)

// A reflection is what of package reflect the binary has: what the linker has left out does nothing.
type reflection struct {
	writes bool // it may change what can be reached from a value in an interface
	plain  bool // all that it puts into interfaces is of the types in plainTypes, and goes into those without methods
	errors bool // errors.As sets what it is given a pointer to
	calls  bool // it may call functions and methods
	makes  bool // it may make functions, or a plugin may bring some

	addresses bool // it may hand out pointers to parts of what it was given
}

// setters are the functions by which reflection changes interfaces and functions.
var setters = []string{
	"reflect.Value.Set", "reflect.Value.SetMapIndex", "reflect.Value.Send", "reflect.Value.send", "reflect.Value.TrySend", "reflect.Select",
	"reflect.Copy", "reflect.Append", "reflect.AppendSlice", "reflect.Value.SetIterKey", "reflect.Value.SetIterValue", "reflect.Value.SetZero",
}

// setPlain are functions that call setters, and never put anything into a function, or into an interface with methods, that it does not hold
// already: what they read has no such values, and they refuse to decode into one, or they set only what they have made.
var setPlain = []string{
	"encoding/json.", "encoding/json/v2.", "encoding/asn1.", "encoding/xml.", "fmt.(*ss).", "flag.",
	"vendor/golang.org/x/crypto/cryptobyte.", "golang.org/x/crypto/cryptobyte.",
	"net/http.http2StreamError.As", "net/http/internal/http2.StreamError.As", // see isStreamError; the latter since Go 1.27
}

func (c *code) reflection() reflection {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return len(c.byName[name]) > 0 })
	}
	return reflection{
		writes:    has(setters...),
		plain:     c.setsPlain(),
		errors:    has("internal/reflectlite.Value.Set"),
		calls:     has("reflect.Value.call", "reflect.Value.Call", "reflect.Value.CallSlice"),
		addresses: c.takesAddresses(),
		makes:     has("reflect.makeFuncStub") || has("reflect.methodValueCall") && c.takesMethods() || c.opensPlugins(),
	}
}

// takesMethods reports whether reflection may make a value of a method. What it calls to that end is in the binary, or was inlined with its panics.
func (c *code) takesMethods() bool {
	names := []string{"reflect.Value.Method", "reflect.Value.MethodByName", "reflect.(*Value).Method", "reflect.(*Value).MethodByName"}
	return slices.ContainsFunc(c.functions, func(f function) bool {
		return slices.Contains(names, f.Name) || slices.ContainsFunc(f.calls, func(call call) bool {
			return call.target != unknownTarget && c.functions[call.target].Name == gopanic && slices.Contains(names, c.text.Frames(f.Func, call.pc)[0].Func)
		})
	})
}

// setsPlain reports whether nothing but the functions in setPlain calls setters.
func (c *code) setsPlain() bool {
	for i := range c.functions {
		f := &c.functions[i]
		if method, ok := strings.CutPrefix(f.Name, "reflect.(*Value)."); ok && slices.Contains(setters, "reflect.Value."+method) {
			return false // what an interface or reflection itself may call
		}
		for _, call := range f.calls {
			if call.target != unknownTarget && slices.Contains(setters, c.functions[call.target].Name) && !isPlain(c.caller(f, call)) {
				return false
			}
		}
	}
	return true
}

func isPlain(name string) bool {
	return name == "" || slices.ContainsFunc(setPlain, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// caller returns the function outside of package reflect that holds a call, before inlining; "" if there is none.
func (c *code) caller(f *function, of call) string {
	for _, frame := range c.text.Frames(f.Func, of.pc) {
		if !strings.HasPrefix(frame.Func, "reflect.") {
			return frame.Func
		}
	}
	return ""
}

// A reflector opens what reflection may reach: from every type of which there may be a value in an interface.
type reflector struct {
	*flows
	reflection
	settable   typeutil.Map        // types of what can be reached, and set, from a value in an interface
	called     map[types.Type]bool // types whose methods may be called
	signatures typeutil.Map        // of functions in interfaces: how many of those functions were opened

	things, boxed int // how many of them were looked at
}

// open opens what is new since it was called before.
func (o *reflector) open() {
	if o.writes || o.unboxed.Len() > 0 {
		o.openSettable()
		o.linkBoxes()
	}
	if o.calls {
		for _, t := range o.program.RuntimeTypes() {
			if !o.called[t] {
				o.called[t] = true
				o.openMethods(t)
			}
		}
	}
	for ; o.boxed < len(o.flows.boxed); o.boxed++ {
		o.openBoxed(o.flows.boxed[o.boxed])
	}
	o.signatures.Iterate(func(t types.Type, opened any) {
		functions := o.valuesOf(t.(*types.Signature))
		for _, f := range functions[*opened.(*int):] {
			o.openParameters(f)
			o.boxResults(f)
		}
		*opened.(*int) = len(functions)
	})
}

// openSettable opens what values in interfaces hold, as far as there is a way to it: not by fields that are not exported.
func (o *reflector) openSettable() {
	var next []types.Type
	add := func(t types.Type) {
		if o.settable.Set(t, true) == nil {
			next = append(next, t)
			o.news = true
			if o.writes {
				o.openContents(t, o.reflection.plain)
			}
		}
	}
	for ; o.things < len(o.flows.things); o.things++ {
		if t, ok := o.flows.things[o.things].(types.Type); ok {
			add(t)
		}
	}
	for len(next) > 0 {
		t := next[len(next)-1]
		next = next[:len(next)-1]
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			add(u.Elem())
		case *types.Slice:
			add(u.Elem())
		case *types.Array:
			add(u.Elem())
		case *types.Chan:
			add(u.Elem())
		case *types.Map:
			add(u.Key())
			add(u.Elem())
		case *types.Struct:
			for f := range u.Fields() {
				if f.Exported() || f.Embedded() {
					add(f.Type())
				}
			}
		case *types.Signature:
			for v := range u.Params().Variables() {
				add(v.Type())
			}
			for v := range u.Results().Variables() {
				add(v.Type())
			}
		}
		methods := o.program.MethodSets.MethodSet(t)
		for i := range methods.Len() {
			if m := methods.At(i); m.Obj().Exported() {
				add(m.Type())
			}
		}
	}
}

// openContents opens what a value of type t holds, as far as reflection can set it.
func (o *flows) openContents(t types.Type, plain bool) {
	eachContent(t, func(element types.Type, node func(*flows) int) {
		switch {
		case !follows(element):
		case !plain:
			o.mark(node(o))
		case isAny(element):
			o.holdPlain(node(o))
		}
	})
	if u, ok := t.Underlying().(*types.Struct); ok && plain && isStreamError(u) && !isOwn(t) {
		for i := range u.NumFields() {
			if follows(u.Field(i).Type()) {
				o.mark(o.field(t, i))
			}
		}
	}
}

// holdPlain lets a node hold what the functions in setPlain put into interfaces without methods.
func (o *flows) holdPlain(id int) {
	for _, t := range o.plainTypes() {
		o.hold(id, o.thing(t))
	}
}

// plainTypes returns the types of what packages encoding/json and encoding/asn1 decode into an interface.
func (o *flows) plainTypes() []types.Type {
	if o.plain != nil {
		return o.plain
	}
	anything := types.NewInterfaceType(nil, nil)
	o.plain = []types.Type{
		types.Typ[types.String], types.Typ[types.Float64], types.Typ[types.Int64], types.Typ[types.Bool], types.NewSlice(types.Typ[types.Byte]),
		types.NewSlice(anything), types.NewMap(types.Typ[types.String], anything),
	}
	for _, of := range [][2]string{{"encoding/json", "Number"}, {"encoding/asn1", "BitString"}, {"encoding/asn1", "ObjectIdentifier"}, {"time", "Time"}} {
		if p := o.program.ImportedPackage(of[0]); p != nil {
			o.plain = append(o.plain, p.Type(of[1]).Type())
		}
	}
	for _, t := range o.plain {
		o.openContents(t, true)
	}
	return o.plain
}

// isAny reports whether t is an interface without methods, or a pointer to one.
func isAny(t types.Type) bool {
	for {
		switch u := t.Underlying().(type) {
		case *types.Interface:
			return u.NumMethods() == 0
		case *types.Pointer:
			t = u.Elem()
		default:
			return false
		}
	}
}

// isStreamError reports whether u may be the type of a struct that net/http sets in errors.As: its error of an HTTP/2 stream puts its fields into those of
// any type that has fields of the same names.
func isStreamError(u *types.Struct) bool {
	return u.NumFields() == 3 && u.Field(0).Name() == "StreamID" && u.Field(1).Name() == "Code" && u.Field(2).Name() == "Cause"
}

// isOwn reports whether t is the type of that error itself.
func isOwn(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	switch named.Obj().Pkg().Path() + "." + named.Obj().Name() {
	case "net/http.http2StreamError", "net/http/internal/http2.StreamError":
		return true
	}
	return false
}

// openMethods opens the parameters of t's exported methods.
func (o *flows) openMethods(t types.Type) {
	if types.IsInterface(t) {
		return
	}
	methods := o.program.MethodSets.MethodSet(t)
	for i := range methods.Len() {
		if m := methods.At(i); m.Obj().Exported() {
			f := o.program.MethodValue(m)
			o.openParameters(f)
			o.boxResults(f)
		}
	}
}

func (o *flows) openParameters(f *ssa.Function) {
	if f == nil {
		return
	}
	for _, p := range f.Params {
		if follows(p.Type()) {
			o.mark(o.id(p))
			o.unbox(o.id(p), p.Type())
		}
	}
}

// openBoxed is for a pointer or a function that is put into an interface.
func (o *reflector) openBoxed(boxed *ssa.MakeInterface) {
	switch t := boxed.X.Type().Underlying().(type) {
	case *types.Pointer:
		if _, constant := boxed.X.(*ssa.Const); constant || !follows(t) {
			break
		}
		switch {
		case o.writes && !o.reflection.plain, o.errors && !isAny(t):
			o.mark(o.id(boxed.X))
		case o.writes && isAny(t):
			o.holdPlain(o.id(boxed.X))
		}
	case *types.Signature:
		if signature := withoutReceiver(t); o.calls && o.signatures.At(signature) == nil {
			o.signatures.Set(signature, new(int))
		}
	}
}
