// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/ast"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
)

const linknamePrefix = "//go:linkname"

// A linkage tells which function a declaration without a body stands for: //go:linkname gives a function another symbol, and a
// package declares under that symbol what it calls. Without it, whatever is handed to such a function would be lost.
type linkage struct {
	code    *code
	program *ssa.Program
	places  *placer
	starts  map[place]*ssa.Function // functions with a body, by the line that they start in

	symbols   map[*ssa.Function]string // of functions without a body that a directive gives another symbol
	bodies    map[string]*ssa.Function // by symbol
	renamed   map[string]*ssa.Function // by the symbol that a directive gives them
	variables map[string][]*ssa.Global // by symbol
}

func newLinkage(program *ssa.Program, places *placer) *linkage {
	return &linkage{
		program: program, places: places, starts: map[place]*ssa.Function{}, symbols: map[*ssa.Function]string{},
		bodies: map[string]*ssa.Function{}, renamed: map[string]*ssa.Function{}, variables: map[string][]*ssa.Global{},
	}
}

// read takes in the functions of a package, and its directives.
func (l *linkage) read(p *packages.Package) {
	pkg := l.program.Package(p.Types)
	for _, member := range pkg.Members {
		if f, ok := member.(*ssa.Function); ok && f.Blocks != nil && f.Syntax() != nil {
			l.bodies[symbol(f)] = f
			l.starts[l.places.place(f.Syntax().Pos())] = f
		}
	}
	for _, file := range p.Syntax {
		l.readFile(file, pkg)
	}
}

// readFile takes in the directives of one file.
func (l *linkage) readFile(file *ast.File, pkg *ssa.Package) {
	for _, group := range file.Comments {
		for _, comment := range group.List {
			words := strings.Fields(comment.Text)
			if len(words) < 2 || words[0] != linknamePrefix && words[0] != "//go:linknamestd" { // the latter since Go 1.27
				continue
			}
			if v := pkg.Var(words[1]); v != nil {
				l.variables[words[len(words)-1]] = append(l.variables[words[len(words)-1]], v)
				own := pkg.Pkg.Path() + "." + v.Name()
				l.variables[own] = append(l.variables[own], v)
			}
			if len(words) != 3 {
				continue
			}
			switch f := pkg.Func(words[1]); {
			case f == nil: // a variable, or not in this build
			case f.Blocks == nil:
				l.symbols[f] = words[2]
			default:
				l.renamed[words[2]] = f
			}
		}
	}
}

// link lets functions be read that waited since they use functions without a body.
func (o *flows) link(l *linkage) {
	o.linked = l
	for _, f := range o.waiting {
		o.read(f)
	}
	o.waiting, o.waits = nil, nil
}

// waitsForLink reports whether f uses functions without a body, of which it is not known yet for what they stand: it is read later.
func (o *flows) waitsForLink(f *ssa.Function) bool {
	if o.linked != nil {
		o.linked.replaceUses(f)
		return false
	}
	waits, known := o.waits[f]
	if !known {
		waits = usesBodiless(f)
		if o.waits[f] = waits; waits {
			o.waiting = append(o.waiting, f)
		}
	}
	return waits
}

func usesBodiless(f *ssa.Function) bool {
	found := false
	eachUse(f, func(operand *ssa.Value, used *ssa.Function) { found = found || used.Blocks == nil })
	return found
}

// replaceUses makes what f calls, and what it uses as a value, functions with a body, where there is one.
func (l *linkage) replaceUses(f *ssa.Function) {
	eachUse(f, func(operand *ssa.Value, used *ssa.Function) {
		if body := l.body(used); body != nil {
			*operand = body
		}
	})
}

// eachUse calls do for the operands of f's instructions that are functions.
func eachUse(f *ssa.Function, do func(operand *ssa.Value, used *ssa.Function)) {
	var operands []*ssa.Value
	for _, block := range f.Blocks {
		for _, i := range block.Instrs {
			operands = i.Operands(operands[:0])
			for _, operand := range operands {
				if used, ok := (*operand).(*ssa.Function); ok {
					do(operand, used)
				}
			}
		}
	}
}

func (l *linkage) body(f *ssa.Function) *ssa.Function {
	if f.Blocks != nil || f.Pkg == nil || f.Signature.Recv() != nil {
		return nil
	}
	name, renamed := l.symbols[f]
	if !renamed {
		name = symbol(f)
	}
	for _, bodies := range []map[string]*ssa.Function{l.renamed, l.bodies} {
		if body := bodies[name]; body != nil {
			return body
		}
	}
	for _, at := range l.code.written(name) { // under a name that the directives do not tell
		if body := l.starts[at]; body != nil {
			return body
		}
	}
	return nil
}
