// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"go/ast"
	"go/types"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
)

// The facts of a package are what an analysis takes from its source, but for the places: its types, the ways by which values flow, and of its functions the
// instructions with functions as values, in order. After an edit that leaves them as they are calls lead to the same functions as before.

type facts struct {
	Sum   [sha256.Size]byte // of types, of instructions with functions as values, and of all generic functions
	API   [sha256.Size]byte // of what other packages see
	Flows []uint64          // flow facts, in order
	Lines []lineFacts
	// What only matters as a set: types of values that are passed for a parameter ...any, and are nowhere else; methods of types that are not exported
	// which calls name; types of fields that may come and go.
	Passed, Named, Parts []string
	Private              []uint64 // hashes of the methods that only calls by name lead to, in order
	Unread               []string // of the methods of types that are not exported, those that nothing uses

	labels  map[ssa.CallInstruction]uint64 // of the calls of interfaces' methods
	ways    map[uint64]wayFact             // flow facts that are ways
	boxes   map[uint64]string              // and the types that are put into interfaces
	nodes   map[string]namedNode
	plain   map[place]bool             // lines in which the keys of maps are plain
	sites   map[place][]newSite        // by line, the calls that are not by name
	private map[uint64]string          // their symbols
	methods map[string]map[uint64]bool // flow facts of methods of types that are not exported, until it is known which are read
	always  map[uint64]bool            // those of other functions
}

// settle returns the facts when it is known which methods of types that are not exported are read: what flows in others does not count.
func (f facts) settle(read func(method string) bool) facts {
	f.Unread = nil
	for name, some := range f.methods {
		if read(name) {
			maps.Copy(f.always, some)
			continue
		}
		f.Unread = append(f.Unread, name)
		for sum := range some {
			f.always[hashText(name, " ", strconv.FormatUint(sum, 16))] = true
		}
	}
	slices.Sort(f.Unread)
	f.Flows, f.Private = slices.Sorted(maps.Keys(f.always)), slices.Sorted(maps.Keys(f.private))
	f.methods, f.always = nil, nil
	return f
}

// isPrivate reports whether a method is one that only calls by name lead to.
func (f *facts) isPrivate(method string) bool {
	_, found := slices.BinarySearch(f.Private, hashText(method))
	return found
}

func hashText(parts ...string) uint64 {
	h := sha256.New()
	for _, s := range parts {
		io.WriteString(h, s)
	}
	return binary.LittleEndian.Uint64(h.Sum(nil))
}

// factsOf returns the facts of a package whose SSA form is there, with its syntax.
func factsOf(program *ssa.Program, p *packages.Package) facts {
	var b bytes.Buffer
	pkg := program.Package(p.Types)
	w := newFactWriter(&b, program, p)
	for _, name := range p.Types.Scope().Names() { // in order
		switch member := pkg.Members[name].(type) {
		case *ssa.Type:
			t := member.Type()
			named, isNamed := t.(*types.Named)
			if u, ok := t.Underlying().(*types.Struct); ok && isNamed && named.TypeParams() == nil && named.TypeArgs() == nil {
				fmt.Fprintf(&b, "type %s %s\n", w.typeName(t), w.structName(u))
			} else {
				fmt.Fprintf(&b, "type %s %s\n", w.typeName(t), w.typeName(t.Underlying()))
			}
			if a, ok := member.Object().Type().(*types.Alias); ok {
				fmt.Fprintf(&b, "alias %s %s\n", name, w.typeName(types.Unalias(a)))
			}
			if isNamed && named.TypeParams() != nil {
				for parameter := range named.TypeParams().TypeParams() {
					fmt.Fprintf(&b, "parameter %s\n", w.typeName(parameter.Constraint()))
				}
			}
		case *ssa.Global:
			fmt.Fprintf(&b, "var %s %s\n", name, w.typeName(member.Type()))
		}
	}
	fmt.Fprintln(&b, strings.Join(w.localTypes(p), "\n"))
	var functions []*ssa.Function
	if init := pkg.Func("init"); init != nil {
		functions = append(functions, init)
	}
	for _, file := range p.Syntax {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				if declared, ok := p.TypesInfo.Defs[f.Name].(*types.Func); ok {
					if function := program.FuncValue(declared); function != nil && f.Name.Name != "_" { // which nothing calls
						functions = append(functions, function)
					}
				}
			}
		}
		for _, group := range file.Comments {
			for _, comment := range group.List {
				if strings.HasPrefix(comment.Text, linknamePrefix) {
					fmt.Fprintln(&b, comment.Text)
					w.linked = true
				}
			}
		}
	}
	slices.SortStableFunc(functions, func(f, g *ssa.Function) int { return strings.Compare(w.nameOf(f), w.nameOf(g)) })
	for _, f := range functions {
		w.function(f)
	}
	w.found.Lines = w.lines.finish(p, w)
	w.found.plain = w.lines.plain
	w.found.ways, w.found.boxes, w.found.nodes = w.flows.ways, w.flows.boxes, w.flows.named
	w.found.Sum, w.found.API = sha256.Sum256(b.Bytes()), w.api(p)
	w.found.Passed, w.found.Named, w.found.Parts = slices.Sorted(maps.Keys(w.passed)), slices.Sorted(maps.Keys(w.named)), slices.Sorted(maps.Keys(w.parts))
	return w.found
}

func receiverType(recv *types.Var) *types.Named {
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, _ := t.(*types.Named)
	return named
}

// isUnexportedMethod reports whether f is a method of a type that is not exported: it is only read if something uses it.
func isUnexportedMethod(f *ssa.Function) bool {
	recv := f.Signature.Recv()
	if recv == nil || f.Origin() != nil {
		return false
	}
	named := receiverType(recv)
	return named != nil && !named.Obj().Exported()
}

// passedAny returns the type of the value that an instruction boxes, stores or makes room for, if it is passed for a parameter ...any and is of a type that is
// declared or basic, and not followed; otherwise nil. Three instructions do so for a value.
func passedAny(i ssa.Instruction) types.Type {
	var store *ssa.Store
	switch i := i.(type) {
	case *ssa.Store:
		store = i
	case *ssa.MakeInterface:
		store = onlyStore(i)
	case *ssa.IndexAddr:
		store = onlyStore(i)
	}
	if store == nil {
		return nil
	}
	at, isElement := store.Addr.(*ssa.IndexAddr)
	boxed, isBoxed := store.Val.(*ssa.MakeInterface)
	if !isElement || !isBoxed || onlyStore(at) != store || onlyStore(boxed) != store || follows(boxed.X.Type()) {
		return nil
	}
	room, isRoom := at.X.(*ssa.Alloc)
	of, isInterface := types.Unalias(boxed.Type()).(*types.Interface)
	if !isRoom || room.Comment != "varargs" || !isInterface || !of.Empty() {
		return nil
	}
	switch t := types.Unalias(boxed.X.Type()).(type) {
	case *types.Basic:
		return t
	case *types.Named:
		if t.Obj().Pkg() == nil || isDeclared(t) {
			return t
		}
	}
	return nil
}

// onlyStore returns the store that alone refers to a value, or nil.
func onlyStore(v ssa.Value) *ssa.Store {
	referrers := *v.Referrers()
	if len(referrers) != 1 {
		return nil
	}
	store, _ := referrers[0].(*ssa.Store)
	return store
}
