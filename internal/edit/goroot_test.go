// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// makeGoroot returns a GOROOT that says it is release and has files, given by
// their paths below src.
func makeGoroot(t testing.TB, release string, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(root, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("VERSION", release+"\ntime 2026-01-02T03:04:05Z\n")
	for path, text := range files {
		write("src/"+path, text)
	}
	return root
}

// learned returns s with the texts of goroot as known ones.
func learned(t testing.TB, s Set, goroot string) Set {
	t.Helper()
	known, err := s.Learn(goroot)
	if err != nil {
		t.Fatal(err)
	}
	s.Known = known
	return s
}

// applyOne carries out actions on the declaration name of src, the file p/p.go.
func applyOne(t testing.TB, src, name string, actions ...Action) (string, error) {
	t.Helper()
	root := makeGoroot(t, "go1.26.8", map[string]string{"p/p.go": src})
	s := Set{Edits: []Edit{at("p/p.go", name, actions...)}}
	s = learned(t, s, root)
	if err := s.Check(); err != nil {
		return "", err
	}
	files, err := s.Apply(root)
	return string(files["p/p.go"]), err
}

// checkLines reports whether edited is Go and has every statement, declaration
// and field of stock that is still there on its line. What an action replaces is
// told by its text being gone.
func checkLines(t testing.TB, stock, edited string) {
	t.Helper()
	if strings.Count(stock, "\n") != strings.Count(edited, "\n") {
		t.Errorf("%d lines became %d", strings.Count(stock, "\n"), strings.Count(edited, "\n"))
	}
	kept := nodeLines(t, edited)
	for node, line := range nodeLines(t, stock) {
		if at, ok := kept[node]; ok && at != line {
			t.Errorf("%q was on line %d and is on line %d", node, line, at)
		}
	}
}

// nodeLines returns the lines of statements, specs and fields that have a
// text of their own.
func nodeLines(t testing.TB, src string) map[string]int {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments)
	if err != nil {
		t.Fatalf("edited text: %v\n%s", err, src)
	}
	lines := map[string]int{}
	double := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n.(type) {
		case ast.Stmt, ast.Spec, *ast.Field, *ast.FuncDecl:
			from, to := fset.Position(n.Pos()), fset.Position(n.End())
			text := src[from.Offset:min(to.Offset, len(src))]
			double[text] = double[text] || lines[text] != 0
			lines[text] = fset.PositionFor(n.Pos(), false).Line
		}
		return true
	})
	for text := range double {
		if double[text] {
			delete(lines, text)
		}
	}
	return lines
}
