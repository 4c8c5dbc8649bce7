// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

func faultSets(t *testing.T) map[string]Set {
	t.Helper()
	sets := map[string]Set{}
	for name, make := range map[string]func() (Set, error){"runtime": FaultRuntime, "tools": FaultTools} {
		s, err := make()
		if err != nil {
			t.Fatal(err)
		}
		sets[name] = s
	}
	return sets
}

// The sets of a fault build fit every release that known.txt names, and keep the lines of the installed one.
func TestFaultSets(t *testing.T) {
	goroot := installed(t)
	for name, s := range faultSets(t) {
		releases := strings.Join(s.Releases(), " ") + " "
		for _, release := range s.Known.AllReleases() {
			if !strings.Contains(releases, release+" ") {
				t.Errorf("%s: %s is known for some declarations only: run go run ./internal/edit/learn", name, release)
			}
		}
		files, err := s.Apply(goroot)
		if err != nil {
			t.Error(err)
		}
		for file, edited := range files {
			stock, err := os.ReadFile(filepath.Join(goroot, "src", filepath.FromSlash(file)))
			if err == nil {
				checkLines(t, string(stock), string(edited))
			}
		}
	}
}

// What is added is of the package of its directory, under names that can't be those of later stock files.
func TestFaultAdded(t *testing.T) {
	packages := map[string]bool{}
	for name, s := range faultSets(t) {
		added, err := s.added()
		if err != nil {
			t.Fatal(err)
		}
		for file, text := range added {
			if !strings.HasPrefix(path.Base(file), "spade_") {
				t.Errorf("%s: %s: not called spade_…", name, file)
			}
			if !strings.HasSuffix(file, ".go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
			if err != nil {
				t.Error(err)
			} else if f.Name.Name != path.Base(path.Dir(file)) {
				t.Errorf("%s: package %s", file, f.Name.Name)
			}
			packages[path.Dir(file)] = true
		}
	}
	for _, want := range []string{"runtime", "cmd/internal/obj", "cmd/internal/obj/x86", "cmd/compile/internal/escape"} {
		if !packages[want] {
			t.Errorf("nothing is added to %s", want)
		}
	}
}

// Runtime's files are none of those of fault builds, and the other way round.
func TestFaultApart(t *testing.T) {
	base, err := runtimeSet(t).added()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range base {
		if strings.Contains(string(text), "guardSignal") {
			t.Error("the runtime of other builds has the guards of fault builds")
		}
	}
	sets := faultSets(t)
	if a, b := runtimeSet(t).ID(), sets["runtime"].ID(); a == b || b == sets["tools"].ID() {
		t.Errorf("IDs are not different: %s, %s, %s", a, b, sets["tools"].ID())
	}
}

// All is what is to be learned: a release that is known to one set is known to all.
func TestAllSets(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	has := map[Decl]bool{}
	for _, d := range all.Decls() {
		has[d] = true
	}
	for name, s := range faultSets(t) {
		for _, d := range s.Decls() {
			if !has[d] {
				t.Errorf("%s: %s %s is not learned", name, d.File, d.Name)
			}
		}
	}
}
