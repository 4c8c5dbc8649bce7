// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"

	"github.com/spadego/spade/internal/finding"
)

// What an analysis can't know, the program's authors may: how often functions call each other in turn at most, and what a call may reach. They
// assert it in comments of the main module:
//
//	//spade:turns 10                       above a function: it is at most ten times on a goroutine's stack
//	//spade:turns 10 in pkg.(*T).M         anywhere, of any function of the program
//	//spade:calls pkg.F, pkg.(*T).M        in the line of a call, or above: it calls nothing else
//	//spade:calls pkg.F in pkg.(*T).M      anywhere, of the calls in any function of the program
//
// An assertion that says nothing new is stale, and an error: it would hide that the program is another one now.

const assertionPrefix = "//spade:"

// mostTurns is the highest limit: each turn has nodes of its own in the graph.
const mostTurns = 1000

// An assertion is one of the comments.
type assertion struct {
	text  string
	at    finding.Site
	of    place  // the line that it is about
	in    string // the function that it names, or that it stands above; "" if it is about a line
	turns int    // 0 for one on calls
	calls []string

	// What is known once there is a binary.
	functions []int // with turns, those that are limited; otherwise those that are called
	around    []*ssa.Function
	assembly  []int
	through   *variant // for a call by reflection
	met, used bool
	problem   string
}

// An AssertionError says what is wrong with the comments that assert something: with how they are written, or, if Stale is set, with what
// they say.
type AssertionError struct {
	Stale    bool
	Problems []string // each with file and line
}

func (e *AssertionError) Error() string { return strings.Join(e.Problems, "\n") }

// An assertionReader reads the assertions in the main module, or the workspace.
type assertionReader struct {
	program *ssa.Program
	places  *placer
	overlay map[string][]byte
	all     []*assertion
	wrong   AssertionError
	seen    map[token.Position]bool // files may be in several packages of a test

	pkg  *packages.Package // that is being read
	file *ast.File
}

func newAssertionReader(program *ssa.Program, places *placer, overlay map[string][]byte) *assertionReader {
	return &assertionReader{program: program, places: places, overlay: overlay, seen: map[token.Position]bool{}}
}

// found returns the assertions in the packages that were read.
func (r *assertionReader) found() ([]*assertion, error) {
	if len(r.wrong.Problems) > 0 {
		return nil, &r.wrong
	}
	slices.SortFunc(r.all, func(a, b *assertion) int {
		return cmp.Or(cmp.Compare(a.at.File, b.at.File), cmp.Compare(a.at.Line, b.at.Line))
	})
	return r.all, nil
}

func (r *assertionReader) readPackage(p *packages.Package) {
	if p.Module == nil || !p.Module.Main {
		return
	}
	r.pkg = p
	for _, r.file = range p.Syntax {
		for _, group := range r.file.Comments {
			for _, c := range group.List {
				text, found := strings.CutPrefix(c.Text, assertionPrefix)
				position := r.program.Fset.Position(c.Pos())
				if !found || r.seen[position] {
					continue
				}
				r.seen[position] = true
				a, err := r.read(group, c, text)
				if err != nil {
					r.wrong.Problems = append(r.wrong.Problems, fmt.Sprintf("%s:%d: %v", position.Filename, position.Line, err))
				} else if a != nil {
					r.all = append(r.all, a)
				}
			}
		}
	}
}

// read reads one comment; it returns nil for a hint.
func (r *assertionReader) read(group *ast.CommentGroup, c *ast.Comment, text string) (*assertion, error) {
	kind, rest, _ := strings.Cut(strings.ReplaceAll(text, "\t", " "), " ")
	a := &assertion{text: strings.TrimSpace(c.Text), of: r.places.place(c.Pos())}
	a.at = sites(a.of)[0]
	said, in, named := strings.Cut(rest+" ", " in ")
	said, a.in = strings.TrimSpace(said), strings.TrimSpace(in)
	if named && (a.in == "" || strings.Contains(a.in, " ")) {
		return nil, fmt.Errorf("%s%s: after in comes the name of one function", assertionPrefix, kind)
	}
	if named {
		a.in = r.qualified(a.in)
	}
	switch kind {
	case "stack":
		return nil, nil
	case "turns":
		n, err := strconv.Atoi(said)
		if err != nil || n < 1 || n > mostTurns {
			return nil, fmt.Errorf("%sturns takes a number from 1 to %d, not %q", assertionPrefix, mostTurns, said)
		}
		a.turns = n
		if a.in == "" {
			if a.in = r.declared(group); a.in == "" {
				return nil, fmt.Errorf("%sturns stands above no function: name one, as in %sturns %d in pkg.F", assertionPrefix, assertionPrefix, n)
			}
		}
	case "calls":
		for name := range strings.SplitSeq(said, ",") {
			if name = strings.TrimSpace(name); name == "" || strings.Contains(name, " ") {
				return nil, fmt.Errorf("%scalls takes names of functions with commas between them, not %q", assertionPrefix, said)
			}
			a.calls = append(a.calls, r.qualified(name))
		}
		if !r.follows(c) {
			a.of.line += r.program.Fset.Position(group.End()).Line - int(a.at.Line) + 1
		}
	default:
		return nil, fmt.Errorf("there is no comment %s%s; there are stack, turns and calls", assertionPrefix, kind)
	}
	return a, nil
}

// declared returns the symbol of the function whose comment it is, or "".
func (r *assertionReader) declared(group *ast.CommentGroup) string {
	for _, d := range r.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Doc == group {
			return symbol(r.program.FuncValue(r.pkg.TypesInfo.Defs[f.Name].(*types.Func)))
		}
	}
	return ""
}

// qualified returns the symbol for a name: those of the file's own package need not have its path.
func (r *assertionReader) qualified(name string) string {
	own := escapedPath(r.pkg.Types) + "."
	first, _, _ := strings.Cut(strings.TrimPrefix(name, "(*"), ".")
	if strings.HasPrefix(name, own) || r.pkg.Types.Scope().Lookup(strings.TrimSuffix(first, ")")) == nil {
		return name
	}
	return own + name
}

// follows reports whether there is code before the comment in its line.
func (r *assertionReader) follows(c *ast.Comment) bool {
	at := r.program.Fset.PositionFor(c.Pos(), false)
	text, known := r.overlay[at.Filename]
	if !known {
		text, _ = os.ReadFile(at.Filename) // it was read before
	}
	before := text[:min(at.Offset, len(text))]
	return strings.TrimSpace(string(before[strings.LastIndexByte(string(before), '\n')+1:])) != ""
}
