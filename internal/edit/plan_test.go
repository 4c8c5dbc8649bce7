// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var stockFiles = map[string]string{
	"runtime/a.go": "package runtime\n\nfunc f() {\n\tx()\n}\n\nfunc g() {}\n",
	"runtime/b.go": "package runtime\n\ntype t struct {\n\ta int\n}\n",
	"sync/c.go":    "package sync\n\nfunc h() {}\n",
}

func someSet() Set {
	return Set{
		Edits: []Edit{
			at("runtime/a.go", "f", Before(Calls("x"), "y()")),
			at("runtime/a.go", "g", Prologue("y()")),
			at("runtime/b.go", "type t", AddFields("b int")),
		},
		Watched: watch("sync/c.go", "h"),
		Added:   tree{"runtime/spade_y.go": []byte("package runtime\n\nfunc y() {}\n")},
	}
}

func TestApply(t *testing.T) {
	root := makeGoroot(t, "go1.26.8", stockFiles)
	s := learned(t, someSet(), root)
	if found := s.Verify(root); len(found) > 0 {
		t.Errorf("mismatches %v", found)
	}
	files, err := s.Apply(root)
	if err != nil {
		t.Fatal(err)
	}
	want := Files{
		"runtime/a.go":       []byte("package runtime\n\nfunc f() {\n\ty(); x()\n}\n\nfunc g() { y();}\n"),
		"runtime/b.go":       []byte("package runtime\n\ntype t struct {\n\ta int\nb int }\n"),
		"runtime/spade_y.go": []byte("package runtime\n\nfunc y() {}\n"),
	}
	if !maps.EqualFunc(files, want, slices.Equal) {
		t.Errorf("got\n%q\nwant\n%q", files, want)
	}
	if found := s.Verify(root); len(found) > 0 {
		t.Errorf("mismatches afterwards: %v", found)
	}
}

// Everything that does not fit is said at once, in order, with what would.
func TestMismatches(t *testing.T) {
	s := learned(t, someSet(), makeGoroot(t, "go1.26.8", stockFiles))
	s.Edits = append(s.Edits, at("runtime/a.go", "f", ReplaceCall("z", "y()")))
	s.Watched = append(s.Watched, watch("sync/c.go", "new")...)
	root := makeGoroot(t, "go1.26.9", map[string]string{
		"runtime/a.go":       "package runtime\n\nfunc f() {\n\tx()\n\tx()\n}\n",
		"runtime/b.go":       "package runtime\n\ntype t struct {\n",
		"runtime/spade_y.go": "package runtime\n",
	})
	got := s.Verify(root)
	_, err := s.Apply(root)
	var mismatch *MismatchError
	if !errors.As(err, &mismatch) {
		t.Fatalf("error %v, want a *MismatchError", err)
	}
	if !slices.EqualFunc(got, mismatch.List, func(a, b Mismatch) bool { return a.String() == b.String() }) {
		t.Errorf("Verify finds %v, Apply %v", got, mismatch.List)
	}
	text := strings.ReplaceAll(err.Error(), root, "ROOT")
	hash := hashOf(t, "func f() {\n\tx()\n\tx()\n}", "f")
	want := `the Go in ROOT (go1.26.9) differs from what spade's edits are made for:
	runtime/a.go: f: its text is unknown (hash ` + hash + `) (supported: as in go1.26.8)
	runtime/a.go: f: Before(Calls("x"), "y()"): Calls("x") matches 2 statements (lines 4, 5): pick one with Nth or Within (supported: as in go1.26.8)
	runtime/a.go: f: ReplaceCall("z", "y()"): calls z 0 times, not once (supported: as in go1.26.8)
	runtime/a.go: g: no such declaration (supported: as in go1.26.8)
	runtime/b.go: type t: can't be parsed: line 3: expected '}', found 'EOF' (supported: as in go1.26.8)
	runtime/spade_y.go: is to be added and exists already
	sync/c.go: h: no such file (supported: as in go1.26.8)
	sync/c.go: new: no such file
no release is supported by all edits`
	if text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

func TestMismatchErrorNamesTheWayOut(t *testing.T) {
	err := &MismatchError{"/go", "go1.25.3", []string{"go1.26.8", "go1.27.4"}, nil}
	const want = "use one of go1.26.8, go1.27.4, unmodified; for example, set GOTOOLCHAIN=go1.27.4"
	if !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %q, want it to end in %q", err, want)
	}
}

func TestOnly(t *testing.T) {
	stock := map[string]map[string]string{
		"go1.26.8": {"p/p.go": "package p\n\nfunc f() {}\n\nfunc old() {}\n"},
		"go1.27.4": {"p/p.go": "package p\n\nfunc f() {}\n"},
	}
	s := Set{Known: Hashes{}, Edits: []Edit{
		at("p/p.go", "f", Only("go1.26", Prologue("a()")), Only("go1.27", Prologue("b()"), Rename("g"))),
		at("p/p.go", "old", Only("go1.26", Prologue("c()"))),
	}}
	roots := map[string]string{}
	for release, files := range stock {
		roots[release] = makeGoroot(t, release, files)
		known, err := s.Learn(roots[release])
		if err != nil {
			t.Fatal(err)
		}
		s.Known.Merge(known)
	}
	for release, want := range map[string]string{
		"go1.26.8": "package p\n\nfunc f() { a();}\n\nfunc old() { c();}\n",
		"go1.27.4": "package p\n\nfunc g() { b();}\n",
	} {
		files, err := s.Apply(roots[release])
		if err != nil {
			t.Fatal(err)
		}
		if got := string(files["p/p.go"]); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", release, got, want)
		}
	}
}

func TestID(t *testing.T) {
	ids := map[string]string{}
	note := func(what string, s Set) {
		t.Helper()
		if was, ok := ids[s.ID()]; ok {
			t.Errorf("%s has the ID of %s", what, was)
		}
		ids[s.ID()] = what
	}
	note("the set", someSet())
	s := someSet()
	s.Edits[0].Do = []Action{After(Calls("x"), "y()")}
	note("another action", s)
	s = someSet()
	s.Edits[0].Name = "g"
	note("another declaration", s)
	s = someSet()
	s.Added = tree{"runtime/spade_y.go": []byte("package runtime\n")}
	note("another content", s)
	s = someSet()
	s.Added = nil
	note("no files", s)
	if got := someSet().ID(); ids[got] != "the set" {
		t.Errorf("the same set has another ID, %s", got)
	}
}

func TestCheck(t *testing.T) {
	for want, s := range map[string]Set{
		"not the slash path":      {Watched: watch("/p/p.go", "f")},
		"is not the name":         {Watched: watch("p/p.go", "")},
		`p/p.go: f: Prologue("")`: {Edits: []Edit{at("p/p.go", "f", Prologue(""))}},
	} {
		if err := s.Check(); !strings.Contains(errText(err), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestLearnNeedsARelease(t *testing.T) {
	root := makeGoroot(t, "go1.26.8", stockFiles)
	if err := os.Remove(filepath.Join(root, "VERSION")); err != nil {
		t.Fatal(err)
	}
	if _, err := someSet().Learn(root); !strings.Contains(errText(err), "no VERSION file") {
		t.Errorf("error %v", err)
	}
}

func TestChanges(t *testing.T) {
	older := makeGoroot(t, "go1.26.8", stockFiles)
	newer := makeGoroot(t, "go1.27.4", map[string]string{
		"runtime/a.go": "package runtime\n\n// Comment.\nfunc f() { x() }\n\nfunc g() { x() }\n",
		"runtime/b.go": "package runtime\n\ntype u struct{}\n",
		"sync/c.go":    "package sync\n\nfunc h() {}\n",
	})
	names := func(changed []Change) (names []string) {
		for _, c := range changed {
			names = append(names, c.Name)
		}
		return names
	}
	if got, want := names(someSet().Changes(older, newer)), []string{"g", "type t"}; !slices.Equal(got, want) {
		t.Errorf("changed %v, want %v", got, want)
	}
	changed, total, err := DirChanges(older, newer, "runtime")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := names(changed), []string{"g", "type t", "type u"}; !slices.Equal(got, want) || total != 4 {
		t.Errorf("changed %v of %d, want %v of 4", got, total, want)
	}
}
