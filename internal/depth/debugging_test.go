// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/ast"
	imports "go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/spadego/spade/internal/finding"
)

// TestDebugging: what HTTP/2 servers do for debugging counts only if the environment asks for it.
func TestDebugging(t *testing.T) {
	for _, test := range []struct {
		env    string
		counts bool
	}{
		{"", false},
		{asksForDebugging + "=0", false},
		{asksForDebugging + "=1", true},
	} {
		t.Run(test.env, func(t *testing.T) {
			_, report := analysedIn(t, append(environment(), test.env), "debugging")
			timers := 0
			for _, e := range report.Entries {
				if !strings.HasSuffix(e.Name, "erverConn).onIdleTimer-fm") {
					continue
				}
				timers++
				if want := !test.counts; bounded(e) != want {
					t.Errorf("%s is %s of %d; cycles %+v, unknowns %+v", e.Name, e.Status, e.Bound, e.Cycles, e.Unknowns)
				}
				if bounded(e) && e.Status != finding.Exact && e.Bound > 8<<10 {
					t.Errorf("%s is %s of %d", e.Name, e.Status, e.Bound)
				}
			}
			if timers != 1 {
				t.Errorf("%d entries are that timer", timers)
			}
		})
	}
}

// TestWatchDebugging: a variable that the program sets, and a function that it calls without asking the variable, are no debugging.
func TestWatchDebugging(t *testing.T) {
	const declared = `package http2
		import "os"
		var DebugGoroutines = os.Getenv("DEBUG_HTTP2_GOROUTINES") == "1"
		func curGoroutineID() uint64 { return 1 }
		func check() bool { return DebugGoroutines && curGoroutineID() != 0 }
		func checkNot(off func() bool) {
			if !DebugGoroutines || off() {
				return
			}
			if curGoroutineID() != 0 {
				panic("wrong")
			}
		}
		`
	files := token.NewFileSet()
	standard := imports.ForCompiler(files, "source", nil)
	for _, test := range []struct {
		name, more string
		is         bool
	}{
		{"asks", "", true},
		{"asks in a literal", "func more() { func() { if DebugGoroutines { curGoroutineID() } }() }", true},
		{"sets", "func more() { DebugGoroutines = true }", false},
		{"sets when it is initialized", "func init() { DebugGoroutines = true }", false},
		{"sets by address", "var pointer = &DebugGoroutines\nfunc more(do func(*bool)) { do(&DebugGoroutines) }", false},
		{"does not ask", "func more() { curGoroutineID() }", false},
		{"asks for something else", "var other bool\nfunc more() { if other { curGoroutineID() } }", false},
		{"asks the wrong way", "func more() { if !DebugGoroutines { curGoroutineID() } }", false},
		{"asks in vain", "func more(or bool) { if DebugGoroutines || or { curGoroutineID() } }", false},
		{"is a value", "var value = curGoroutineID", false},
		{"starts", "func more() { if DebugGoroutines { go curGoroutineID() } }", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			file, err := parser.ParseFile(files, "http2.go", declared+test.more, 0)
			if err != nil {
				t.Fatal(err)
			}
			pkg := types.NewPackage("golang.org/x/net/http2", "http2")
			built, _, err := ssautil.BuildPackage(&types.Config{Importer: standard}, files, pkg, []*ast.File{file}, ssa.InstantiateGenerics)
			if err != nil {
				t.Fatal(err)
			}
			o := newFlows(built.Prog, func(*ssa.Function) {}, map[ssa.CallInstruction]*site{})
			o.linked = newLinkage(built.Prog, newPlacer(files, nil, false))
			o.linked.code = &code{}
			o.readPackage(built)
			d := debugging{"golang.org/x/net/http2", "curGoroutineID", "DebugGoroutines"}
			if is := !o.debugs[d]; is != test.is {
				t.Errorf("it is debugging: %v", is)
			}
		})
	}
}
