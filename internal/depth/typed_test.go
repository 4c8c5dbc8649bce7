// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/token"
	"go/types"
	"runtime"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

// TestTyped: only what compares or hashes values that hold each other is a recursion.
func TestTyped(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the program measures itself in assembly for amd64")
	}
	binary, report := analysed(t, "typed")
	seen := observed(t, binary)
	for _, name := range []string{"main.comparesErrors", "main.mapped", "main.keeps", "main.callsFar"} {
		e, used := entryNamed(t, report, name), seen[name][0].used
		if !bounded(e) || e.Bound < used || e.Bound > used+used/20 {
			t.Errorf("%s: %s of %d, but it used %d; cycles %+v", name, e.Status, e.Bound, used, e.Cycles)
		}
	}
	for _, name := range []string{"main.comparesChains", "main.hashesChains"} {
		if e := entryNamed(t, report, name); e.Status != finding.Unbounded {
			t.Errorf("%s: %s of %d", name, e.Status, e.Bound)
		}
	}
	if e := entryNamed(t, report, "main.callsNear"); !bounded(e) || e.Bound > 16<<10 {
		t.Errorf("main.callsNear: %s of %d: %+v", e.Status, e.Bound, e.Path)
	}
}

// TestTypedChained: a map of keys that hold each other comes to a recursion wherever it is used.
func TestTypedChained(t *testing.T) {
	_, report := analysedIn(t, append(environment(), "GOFLAGS=-tags=chained"), "typed")
	if e := entryNamed(t, report, "main.keeps"); e.Status != finding.Unbounded {
		t.Errorf("main.keeps: %s of %d", e.Status, e.Bound)
	}
	if e := entryNamed(t, report, "main.mapped"); !bounded(e) {
		t.Errorf("main.mapped: %s of %d", e.Status, e.Bound)
	}
}

func TestMayHaveShape(t *testing.T) {
	text, number := types.Typ[types.String], types.Typ[types.Int]
	pkg := types.NewPackage("a/b", "b")
	field := func(name string, of types.Type) *types.Var { return types.NewField(token.NoPos, pkg, name, of, false) }
	pair := types.NewStruct([]*types.Var{field("Key", text), field("n", number)}, nil)
	value := types.NewNamed(types.NewTypeName(token.NoPos, pkg, "Value", nil), number, nil)
	for _, test := range []struct {
		of    types.Type
		shape string
		want  bool
	}{
		{text, "string", true},
		{types.Universe.Lookup("byte").Type(), "uint8", true},
		{value, "int", true},
		{number, "string", false},
		{types.NewPointer(pair), "*uint8", true},
		{types.NewSlice(text), "[]string", true},
		{types.NewSlice(text), "[2]string", false},
		{types.NewArray(text, 2), "[2]string", true},
		{types.NewMap(text, number), "map[string]int", true},
		{types.NewChan(types.SendRecv, text), "chan string", true},
		{types.NewSignatureType(nil, nil, nil, nil, nil, false), "func()", true},
		{types.NewInterfaceType(nil, nil), "interface {}", true},
		{types.Universe.Lookup("error").Type(), "interface {}", false},
		{types.Universe.Lookup("error").Type(), "interface { Error() string }", true},
		{pair, "struct { Key string; a/b.n int }", true},
		{pair, "struct { Key string; c/b.m int }", false},
		{pair, "struct { Key int; a/b.n int }", false},
		{pair, "struct { Key string }", false},
		{types.NewStruct([]*types.Var{field("Key", value)}, nil), "struct { Key a/b.Value }", true},
		{types.NewStruct([]*types.Var{field("Key", value)}, nil), "struct { Key reflect.Type }", false},
		{types.NewStruct([]*types.Var{field("F", types.NewSlice(pair))}, nil), "struct { F []struct { Key string; a/b.n int } }", true},
	} {
		if got := mayHaveShape(test.of, test.shape); got != test.want {
			t.Errorf("%s and %s: %v", test.of, test.shape, got)
		}
	}
}
