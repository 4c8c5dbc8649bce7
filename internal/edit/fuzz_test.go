// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"
)

// FuzzApply edits every declaration of arbitrary source in every way: each
// either is refused or gives Go with as many lines.
func FuzzApply(f *testing.F) {
	for _, test := range goldenTests {
		f.Add("package p\n"+test.stock, "x")
	}
	for _, test := range goldenTests {
		f.Add("package p\n"+test.want, "f")
	}
	f.Fuzz(func(t *testing.T, src, word string) {
		root := t.TempDir()
		if err := os.MkdirAll(filepath.Join(root, "src/p"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, "src/p/p.go"), []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
		stock, err := parse("p/p.go", "", []byte(src))
		if err != nil {
			stock = &source{decls: map[string][]*declaration{"f": nil}}
		}
		for name := range stock.decls {
			for _, action := range fuzzActions(word) {
				applyFuzzed(t, root, src, name, action)
			}
			applyFuzzed(t, root, src, name, fuzzActions(word)...)
		}
	})
}

func fuzzActions(word string) []Action {
	return []Action{
		Prologue("g(1)"), Prologue(word), AddFields("field_ int"), Rename("renamed_"), Remove(),
		Before(Uses(word), "g(1)"), After(Uses(word), "g(1)"), Inside(IfUses(word), "g(1)"),
		Before(Nth(1, Starts(word)), "g(1)"), After(Nth(-1, Starts(word)), word),
		Before(Nth(1, Calls(word)), "g(1)"), After(Nth(-1, Assigns(word)), "g(1)"),
		Inside(Nth(1, Starts("for")), "g(1)"), ReplaceStmt(Nth(1, Returns()), "panic(1)"),
		ReplaceCall(word, "a($*)"), ReplaceCall(word, "a($2, b, $1)"), ReplaceCall(word, "a + $1*$2"), ReplaceCall(word, "$0"),
		ReplaceExpr(word, "a[$0]"), ReplaceExpr(word, word), ReplaceExpr("1", word),
	}
}

func applyFuzzed(t *testing.T, root, src, name string, actions ...Action) {
	t.Helper()
	s := Set{Known: Hashes{}, Edits: []Edit{at("p/p.go", name, actions...)}}
	p := s.newPlan(root)
	if d, err := p.lookup(s.Edits[0].Decl); err == nil {
		s.Known.Add(s.Edits[0].Decl, d.hash(), "go1.26.8")
	}
	files, err := s.Apply(root)
	if err != nil {
		return
	}
	edited := string(files["p/p.go"])
	if _, err := parser.ParseFile(token.NewFileSet(), "p.go", edited, parser.SkipObjectResolution); err != nil {
		t.Fatalf("%s: %v: %v\nstock\n%s\nedited\n%s", name, actions, err, src, edited)
	}
	if was, is := countLines(src), countLines(edited); was != is {
		t.Fatalf("%s: %v: %d lines became %d\nstock\n%s\nedited\n%s", name, actions, was, is, src, edited)
	}
}

func countLines(text string) int {
	n := 0
	for _, r := range text {
		if r == '\n' {
			n++
		}
	}
	return n
}
