// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
)

// The line facts of a package are what its lines have of calls that are not by name, of what is compared, and of keys of maps. A line that was not edited
// keeps its answers only if it has the same: it may be a part of a statement that was, or of another function.

// A lineFacts is the facts of the lines of a file that have some.
type lineFacts struct {
	File string
	At   []int32
	Sums []uint64
}

// A lineReader collects line facts.
type lineReader struct {
	*placer
	byName   map[token.Pos]bool // calls that name the function
	facts    map[place][]string
	compared map[token.Pos][]string // what the operands of comparisons may hold
	plain    map[place]bool         // lines in which the keys of maps are plain, see isPlainKey
}

func newLineReader(files *token.FileSet, p *packages.Package) *lineReader {
	r := &lineReader{placer: newPlacer(files, nil, false), byName: map[token.Pos]bool{}, facts: map[place][]string{}, compared: map[token.Pos][]string{}, plain: map[place]bool{}}
	for _, file := range p.Syntax {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && namesFunction(p.TypesInfo, call.Fun) {
				r.byName[call.Lparen] = true
			}
			return true
		})
	}
	return r
}

// call adds a call, a go statement or a defer statement, with what it may call.
func (r *lineReader) call(i ssa.CallInstruction, label string) {
	text := fmt.Sprintf("%T in %s %s", i, i.Parent().RelString(nil), label)
	for _, line := range r.linesOf(i) {
		r.facts[line] = append(r.facts[line], text)
	}
}

// comparison adds a comparison of interfaces.
func (r *lineReader) comparison(op *ssa.BinOp, x, y []string) {
	r.compared[op.Pos()] = append(r.compared[op.Pos()], strings.Join(x, ", ")+" with "+strings.Join(y, ", "))
}

// finish returns the facts, once all functions were read.
func (r *lineReader) finish(p *packages.Package, w *factWriter) []lineFacts {
	typed := &source{placer: r.placer, typed: map[place]*typedLine{}}
	typed.findTyped(p)
	for at, line := range typed.typed {
		var has []string // as a set, see keyedAt and comparedAt
		for _, key := range line.keys {
			has = append(has, "key "+w.typeName(key))
		}
		r.plain[at] = !line.untold && len(line.keys) > 0 && !slices.ContainsFunc(line.keys, func(key types.Type) bool { return !isPlainKey(key) })
		for _, pos := range line.compares {
			slices.Sort(r.compared[pos])
			has = append(has, "compares "+strings.Join(slices.Compact(r.compared[pos]), " or "))
		}
		slices.Sort(has)
		r.facts[at] = append(r.facts[at], fmt.Sprintf("%t %s", line.untold, strings.Join(slices.Compact(has), "; ")))
	}
	byFile := map[string][]place{}
	for at := range r.facts {
		byFile[at.file] = append(byFile[at.file], at)
	}
	var all []lineFacts
	for _, name := range p.CompiledGoFiles {
		places := byFile[name]
		if len(places) == 0 {
			continue
		}
		slices.SortFunc(places, func(a, b place) int { return a.line - b.line })
		f := lineFacts{File: name}
		for _, at := range places {
			f.At, f.Sums = append(f.At, int32(at.line)), append(f.Sums, hashText(strings.Join(r.facts[at], "\n")))
		}
		all = append(all, f)
	}
	return all
}

// isPlainKey reports whether keys of a type are compared and hashed as those are of a few bytes: by none of the functions that the compiler writes for types.
func isPlainKey(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Basic, *types.Pointer, *types.Chan:
		return true
	}
	return false
}

// differs returns a line that was not edited, and has other facts; 0 if there is none.
func (f *lineFacts) differs(now *lineFacts, moved moves, name string) int {
	before := map[int]uint64{}
	for i, at := range f.At {
		if to, same := moved.to(place{name, int(at)}); same {
			before[to.line] = f.Sums[i]
		}
	}
	m, edited := moved[name]
	stayed := map[int]bool{}
	for _, to := range m {
		stayed[to] = true
	}
	for i, at := range now.At {
		if (!edited || stayed[int(at)]) && before[int(at)] != now.Sums[i] {
			return int(at)
		}
		delete(before, int(at))
	}
	for at := range before {
		return at
	}
	return 0
}
