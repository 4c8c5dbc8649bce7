// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package depth

import (
	"errors"
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	editsOf    = flag.String("edits", "", "the `directory` of the program that TestRandomEdits edits a copy of")
	editsMain  = flag.String("edits.main", ".", "the main `package` in it")
	editsCount = flag.Int("edits.n", 20, "how many `edits` that compile")
	editsSeed  = flag.Uint64("edits.seed", 1, "where chance starts, a `number`")
)

// TestRandomEdits analyses a program after edits at random, of one line each: by the record of the program as it was, and anew. Both must find the same,
// if the record does.
//
//	go test -tags long -timeout 0 -v -run TestRandomEdits ./internal/depth -edits=DIRECTORY
func TestRandomEdits(t *testing.T) {
	if *editsOf == "" {
		t.Skip("-edits names no program")
	}
	dir := filepath.Join(t.TempDir(), "tree")
	if err := os.CopyFS(dir, os.DirFS(*editsOf)); err != nil {
		t.Fatal(err)
	}
	before, err := analyseMain(t, dir, *editsMain, nil)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(*editsSeed, 0))
	files := goFiles(t, dir)
	compiled, did := 0, 0
	for compiled < *editsCount {
		name := files[random.IntN(len(files))]
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		edited, what := editAtRandom(random, strings.SplitAfter(string(text), "\n"))
		if what == "" {
			continue
		}
		writeFile(t, name, edited)
		build := exec.Command("go", "build", "-o", os.DevNull, *editsMain)
		build.Dir, build.Env = dir, environment()
		if build.Run() == nil {
			compiled++
			if sameByRecord(t, dir, before.Record, filepath.Base(name)+": "+what) {
				did++
			}
		}
		writeFile(t, name, string(text))
	}
	t.Logf("the record did after %d of %d edits", did, compiled)
}

// sameByRecord reports whether the record does for the program as it is now.
func sameByRecord(t *testing.T, dir string, r *Record, what string) bool {
	t.Helper()
	again, err := analyseMain(t, dir, *editsMain, r)
	if errors.As(err, new(*NewFactsError)) {
		t.Logf("%s: %v", what, err)
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := analyseMain(t, dir, *editsMain, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: the record does", what)
	if emitted(t, again) != emitted(t, fresh) {
		t.Errorf("%s: by the record other depths were found than anew", what)
	}
	return true
}

// goFiles returns the program's own files in Go, tests left out.
func goFiles(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			files = append(files, name)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatal("no files in Go: ", err)
	}
	return files
}

// A statement is a line that is a call, an assignment or a return and nothing else.
var statement = regexp.MustCompile(`^\t+(return\b.*|[\w.]+(, [\w.]+)* :?= .*[^{(,]|[\w.]+\(.*\))\n$`)

// editAtRandom doubles a statement, takes one out, puts one in the place of another of the file, or two in the other order. It says what it did, "" for nothing.
func editAtRandom(random *rand.Rand, lines []string) (edited, what string) {
	var statements []int
	for i, line := range lines {
		if statement.MatchString(line) {
			statements = append(statements, i)
		}
	}
	if len(statements) < 2 {
		return "", ""
	}
	at, other := statements[random.IntN(len(statements))], statements[random.IntN(len(statements))]
	line := lines[at]
	lines = slices.Clone(lines)
	switch random.IntN(4) {
	case 0:
		lines[at], what = line+line, "doubled"
	case 1:
		lines[at], what = "", "taken out"
	case 2:
		lines[at], what = lines[other], "now "+strings.TrimSpace(lines[other])
	default:
		if at+1 < len(lines) && statement.MatchString(lines[at+1]) {
			lines[at], lines[at+1], what = lines[at+1], line, "after the next"
		}
	}
	if what == "" {
		return "", ""
	}
	return strings.Join(lines, ""), strings.TrimSpace(line) + ": " + what
}
