// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package spade_test holds the repository's own rules as tests: how its Go files look, which package may import which,
// and that the commands named in its documents exist.
package spade_test

import (
	"bytes"
	"context"
	"errors"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const licence = "// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE."

// treeFiles lists every regular file of the checkout as slash paths relative to it, except what git and editors keep in
// directories whose name starts with a dot (.ci is ours).
func treeFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && path != ".ci" && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() {
			files = append(files, filepath.ToSlash(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// goFiles is treeFiles cut down to the Go files that we hold to our own rules: testdata is input to tests and exempt.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, f := range treeFiles(t) {
		if strings.HasSuffix(f, ".go") && !inTestdata(f) {
			files = append(files, f)
		}
	}
	return files
}

func inTestdata(path string) bool {
	return strings.HasPrefix(path, "testdata/") || strings.Contains(path, "/testdata/")
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// modules lists the directories that hold a go.mod: the checkout itself and the examples that have dependencies of their own.
func modules(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, f := range treeFiles(t) {
		if filepath.Base(f) == "go.mod" && !inTestdata(f) {
			dirs = append(dirs, filepath.Dir(f))
		}
	}
	return dirs
}

func TestGofmt(t *testing.T) {
	for _, f := range goFiles(t) {
		src := readFile(t, f)
		want, err := format.Source(src)
		if err != nil {
			t.Errorf("%s does not parse: %v", f, err)
		} else if !bytes.Equal(src, want) {
			t.Errorf("%s is not formatted: run gofmt -w %s", f, f)
		}
	}
}

func TestLicenceLine(t *testing.T) {
	for _, f := range goFiles(t) {
		if !strings.HasPrefix(string(readFile(t, f)), licence+"\n\n") {
			t.Errorf("%s does not start with the licence line and an empty line:\n%s", f, licence)
		}
	}
}

func TestVet(t *testing.T) {
	for _, dir := range modules(t) {
		for _, tags := range []string{"", "long"} {
			if out, err := goCommand(dir, "vet", "-tags="+tags, "./..."); err != nil {
				failOrSkipOffline(t, "go vet -tags="+tags+" ./... in "+dir, out, err)
			}
		}
	}
}

func TestTidy(t *testing.T) {
	for _, dir := range modules(t) {
		out, err := goCommand(dir, "mod", "tidy", "-diff")
		switch {
		case err == nil:
		case strings.Contains(out, "diff current"):
			t.Errorf("go.mod or go.sum in %s is not tidy: run go mod tidy there\n%s", dir, out)
		default:
			failOrSkipOffline(t, "go mod tidy -diff in "+dir, out, err)
		}
	}
}

// TestDependenciesExplained checks that RATIONALE.md says why we require each module that go.mod requires for our own imports.
func TestDependenciesExplained(t *testing.T) {
	rationale := string(readFile(t, "RATIONALE.md"))
	for line := range strings.Lines(string(readFile(t, "go.mod"))) {
		words := strings.Fields(strings.TrimPrefix(line, "require "))
		if len(words) == 2 && strings.Contains(words[0], ".") && !strings.Contains(rationale, "`"+words[0]+"`") {
			t.Errorf("go.mod requires %s, and RATIONALE.md does not say what for", words[0])
		}
	}
}

// goCommand runs the go command that runs this test, without the user's GOFLAGS: they may hold flags (-tags, -mod, -run)
// that would change what is checked.
func goCommand(dir string, args ...string) (output string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = ctx.Err()
	}
	return string(out), err
}

// failOrSkipOffline fails the test, unless modules are missing because the module proxy can't be reached: then it skips it by
// name, and fails all the same under CI=true, where a skip would pass for a check.
func failOrSkipOffline(t *testing.T, what, out string, err error) {
	t.Helper()
	if os.Getenv("CI") != "true" && missesModules(out) && !proxyAnswers(t) {
		t.Skipf("skipped: %s needs the module proxy, which does not answer", what)
	}
	t.Errorf("%s: %v\n%s", what, err, out)
}

// missesModules reports whether the go command's output says that a module could not be had.
func missesModules(out string) bool {
	for _, sign := range []string{"no required module provides", "cannot find module", "GOPROXY", "dial tcp", "no such host", "Get \"http"} {
		if strings.Contains(out, sign) {
			return true
		}
	}
	return false
}

// proxyAnswers asks for the newest version of a module: that is never answered from the module cache.
func proxyAnswers(t *testing.T) bool {
	_, err := goCommand(t.TempDir(), "list", "-m", "golang.org/x/mod@latest")
	return err == nil
}
