// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// linkStandIns gives the test's executable the names of the programs that workloads run.
func linkStandIns(t *testing.T, pattern string) (bin string) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	workloads, err := choose(pattern, false)
	if err != nil {
		t.Fatal(err)
	}
	bin = t.TempDir()
	for _, p := range (&run{workloads: workloads}).programs(bin) {
		if err := os.Symlink(executable, p.path); err != nil {
			t.Skipf("skipped: needs symbolic links: %v", err)
		}
	}
	return bin
}

func TestFacts(t *testing.T) {
	for _, test := range []struct {
		fact, row, note string
		status          int
	}{
		{"ring", "passed", "", exitFine},
		{"newproc", "failed", "the test fails: go test . -run TestArticleEvidence/newproc shows how", exitFailed},
		{"select", "skipped", "skipped: the test was skipped", exitFine},
		{"closetwice", "failed", "there is no test TestArticleEvidence/closetwice", exitFailed},
	} {
		pattern := "^Fact/" + test.fact + "$"
		raw := filepath.Join(t.TempDir(), "raw.txt")
		status, stdout, stderr := runLab(t, "run", "-bin", linkStandIns(t, pattern), "-o", raw, pattern)
		if status != test.status || stderr == "" {
			t.Errorf("%s: exit status %d, want %d\n%s", test.fact, status, test.status, stderr)
		}
		if !strings.Contains(strings.Join(strings.Fields(stdout), " "), "Fact/"+test.fact+" "+test.row) || !strings.Contains(stdout, test.note) {
			t.Errorf("%s: want %s, %q in\n%s", test.fact, test.row, test.note, stdout)
		}
		if _, again, _ := runLab(t, "compare", raw); again != stdout {
			t.Errorf("compare prints\n%s\nand run printed\n%s", again, stdout)
		}
		text, err := os.ReadFile(raw)
		if err != nil {
			t.Fatal(err)
		}
		if has := strings.Contains(string(text), "BenchmarkFact/ring 1 1 passed 2.5 words\n"); has != (test.fact == "ring") {
			t.Errorf("%s: what the test has found is in the file: %v\n%s", test.fact, has, text)
		}
	}
}

// TestMissingLanguageStaysVisible runs a workload in lanes of which one has no tool and one can't run here.
func TestMissingLanguageStaysVisible(t *testing.T) {
	const pattern = "^Languages/add$"
	bin := linkStandIns(t, pattern)
	tools := t.TempDir()
	if err := os.WriteFile(filepath.Join(tools, "gcc"), []byte("#!/bin/sh\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", tools)
	raw := filepath.Join(t.TempDir(), "raw.txt")
	status, stdout, stderr := runLab(t, "run", "-n", "2", "-bin", bin, "-o", raw, pattern)
	if status != exitFine {
		t.Errorf("exit status %d, want %d: a skipped lane is no crash\n%s", status, exitFine, stderr)
	}
	for _, want := range []string{"skipped: needs another machine: Languages/add c", "skipped: no python3 in PATH: Languages/add python"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	if text, err := os.ReadFile(raw); err != nil || strings.Count(string(text), skipMark) != 2 {
		t.Errorf("the file should have each skipped lane once: %v\n%s", err, text)
	}
	if n := strings.Count(stdout, "skipped"); n != 4 {
		t.Errorf("skipped lanes are mentioned %d times, want one row and one note for each\n%s", n, stdout)
	}
}

// TestForeignSources checks that each program in another language is there.
func TestForeignSources(t *testing.T) {
	for _, w := range catalog {
		for _, lane := range w.lanes() {
			if lane.Foreign == nil {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", "..", "lab", w.Program, lane.Foreign.Source)); err != nil {
				t.Errorf("%s %s: %v", w.Name, lane.Name, err)
			}
		}
	}
}

// TestMissingModuleStaysVisible builds a workload that is a module of its own without a way to get what it needs.
func TestMissingModuleStaysVisible(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: runs the go command")
	}
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOMODCACHE", t.TempDir())
	status, stdout, stderr := runLab(t, "run", "-n", "1", "^Pools/")
	if status != exitFine || !strings.Contains(stdout, "skipped: ") || !strings.Contains(stdout, "Pools/16KB ants") {
		t.Errorf("exit status %d\n%s\n%s", status, stdout, stderr)
	}
}
