// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// installed returns the GOROOT of the go command in use.
func installed(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func runtimeSet(t testing.TB) Set {
	t.Helper()
	s, err := Runtime()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The known texts are those of the Go that builds this: if this fails after an
// edit of the set, run go run ./internal/edit/learn; after a new Go release, see
// its -diff first.
func TestInstalledGoIsKnown(t *testing.T) {
	for _, m := range runtimeSet(t).Verify(installed(t)) {
		t.Error(m)
	}
}

func TestRuntimeKeepsLines(t *testing.T) {
	goroot := installed(t)
	files, err := runtimeSet(t).Apply(goroot)
	if err != nil {
		t.Fatal(err)
	}
	for path, edited := range files {
		stock, err := os.ReadFile(filepath.Join(goroot, "src", filepath.FromSlash(path)))
		if err == nil {
			checkLines(t, string(stock), string(edited))
		}
	}
}

// Added Go files are of the package of their directory, under names that can't
// be those of later stock files.
func TestRuntimeAdded(t *testing.T) {
	added, err := runtimeSet(t).added()
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range added {
		dir, name := filepath.Split(path)
		if !strings.HasPrefix(name, "spade_") {
			t.Errorf("%s: not called spade_…", path)
		}
		if !strings.HasSuffix(path, ".go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
		} else if f.Name.Name != filepath.Base(dir) {
			t.Errorf("%s: package %s", path, f.Name.Name)
		}
	}
}

// Every release that known.txt names is one that the whole set fits.
func TestKnownReleasesAreWhole(t *testing.T) {
	s := runtimeSet(t)
	whole := s.Releases()
	for _, release := range s.Known.AllReleases() {
		if !strings.Contains(strings.Join(whole, " ")+" ", release+" ") {
			t.Errorf("%s is known for some declarations only: run go run ./internal/edit/learn", release)
		}
	}
}

func BenchmarkApply(b *testing.B) {
	goroot, s := installed(b), runtimeSet(b)
	for b.Loop() {
		if _, err := s.Apply(goroot); err != nil {
			b.Fatal(err)
		}
	}
}
