// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Package http2 finds out which goroutine it is on if the environment asks for it when the process starts: to look for errors in the package
// itself. Like what GODEBUG makes the runtime print, that does not count where the environment does not ask for it: all that the timers of
// every server come to would be in it, since it reads a trace, and formats what is wrong with one.

// A debugging is a function that is called only when a variable is true. The variable is true only if an environment variable was 1 when the
// process started: nothing but the package's initialization changes it, which is what is looked for in the source.
type debugging struct{ pkg, function, variable string }

var debuggings = []debugging{
	{"net/http", "http2curGoroutineID", "http2DebugGoroutines"},
	{"net/http/internal/http2", "curGoroutineID", "DebugGoroutines"}, // since Go 1.27
	{"golang.org/x/net/http2", "curGoroutineID", "DebugGoroutines"},
}

const asksForDebugging = "DEBUG_HTTP2_GOROUTINES"

// isAsked reports whether an environment asks for debugging.
func isAsked(env []string) bool {
	asked := false
	for _, entry := range env {
		if value, ok := strings.CutPrefix(entry, asksForDebugging+"="); ok {
			asked = value == "1" // the last one counts
		}
	}
	return asked
}

func debuggingOf(pkg *ssa.Package, what func(debugging) string, name string) (debugging, bool) {
	if pkg == nil {
		return debugging{}, false
	}
	i := slices.IndexFunc(debuggings, func(d debugging) bool { return what(d) == name && d.pkg == pkg.Pkg.Path() })
	if i < 0 {
		return debugging{}, false
	}
	return debuggings[i], true
}

// watchDebugging looks at an operand of an instruction: whether the program sets such a variable, or calls such a function without asking it.
func (o *flows) watchDebugging(i ssa.Instruction, operand ssa.Value) {
	switch v := operand.(type) {
	case *ssa.Global:
		if !strings.HasSuffix(v.Name(), "DebugGoroutines") {
			return
		}
		d, is := debuggingOf(v.Pkg, func(d debugging) string { return d.variable }, v.Name())
		load, reads := i.(*ssa.UnOp)
		sets := i.Parent() == v.Pkg.Func("init")
		if is && !sets && (!reads || load.Op != token.MUL) {
			o.debugs[d] = true
		}
	case *ssa.Function:
		if !strings.HasSuffix(v.Name(), "urGoroutineID") {
			return
		}
		d, is := debuggingOf(v.Pkg, func(d debugging) string { return d.function }, v.Name())
		if !is {
			return
		}
		if call, ok := i.(*ssa.Call); !ok || call.Call.Value != v || !isBehind(i.Block(), v.Pkg.Var(d.variable)) {
			o.debugs[d] = true
		}
	}
}

// mentionsDebugging reports whether an instruction has such a variable, or such a function, as an operand.
func mentionsDebugging(i ssa.Instruction) bool {
	var operands [8]*ssa.Value
	return slices.ContainsFunc(i.Operands(operands[:0]), isDebugging)
}

func isDebugging(operand *ssa.Value) (is bool) {
	switch v := (*operand).(type) {
	case *ssa.Global:
		_, is = debuggingOf(v.Pkg, func(d debugging) string { return d.variable }, v.Name())
	case *ssa.Function:
		_, is = debuggingOf(v.Pkg, func(d debugging) string { return d.function }, v.Name())
	}
	return is
}

// isBehind reports whether control comes to a block only if a variable was true.
func isBehind(b *ssa.BasicBlock, variable *ssa.Global) bool {
	for ; b != nil; b = b.Idom() {
		if len(b.Preds) != 1 {
			continue
		}
		before := b.Preds[0]
		branch, ok := before.Instrs[len(before.Instrs)-1].(*ssa.If)
		if !ok || before.Succs[0] != b || before.Succs[1] == b {
			continue
		}
		if load, ok := branch.Cond.(*ssa.UnOp); ok && load.Op == token.MUL && load.X == ssa.Value(variable) {
			return true
		}
	}
	return false
}

// unasked returns the functions of the binary that nothing calls unless the environment asks for it.
func (r *resolver) unasked() map[int]bool {
	found := map[int]bool{}
	if r.source.debugged {
		return found
	}
	for _, d := range debuggings {
		if r.source.flows.debugs[d] {
			continue
		}
		for _, i := range r.code.byName[d.pkg+"."+d.function] {
			found[i] = true
		}
	}
	return found
}
