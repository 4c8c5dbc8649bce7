// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package depth

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	historyOf      = flag.String("history", "", "the git `repository` whose commits TestHistory analyses")
	historyMain    = flag.String("history.main", ".", "the main `package` in it")
	historyFrom    = flag.String("history.from", "HEAD", "the last `commit`")
	historyCommits = flag.Int("history.n", 20, "how many `commits`")
	historyLines   = flag.Int("history.lines", 20, "how many `lines` a commit changes at most, tests left out")
)

// TestHistory analyses a program at each of some commits: by the record of its parent, and anew. Both must find the same, if the record does.
//
//	go test -tags long -timeout 0 -v -run TestHistory ./internal/depth -history=REPOSITORY
func TestHistory(t *testing.T) {
	if *historyOf == "" {
		t.Skip("-history names no repository")
	}
	git := func(args ...string) string {
		out, err := exec.Command("git", append([]string{"-C", *historyOf}, args...)...).Output()
		if err != nil {
			t.Fatalf("git %s: %v", strings.Join(args, " "), err)
		}
		return strings.TrimSpace(string(out))
	}
	source := []string{"--", "*.go", ":!*_test.go"}
	edits := func(commit string) int {
		edit := git(append([]string{"show", "--format=", "-U0", commit}, source...)...)
		return len(regexp.MustCompile(`(?m)^[-+]([^-+]|$)`).FindAllString(edit, -1))
	}
	commits := strings.Fields(git(append([]string{"rev-list", "--no-merges", "-n", "1000", *historyFrom}, source...)...))
	commits = slices.DeleteFunc(commits, func(commit string) bool { return edits(commit) > *historyLines })
	commits = commits[:min(len(commits), *historyCommits)]
	dir := filepath.Join(t.TempDir(), "tree")
	checkOut := func(commit string) {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		archive, tar := exec.Command("git", "-C", *historyOf, "archive", commit), exec.Command("tar", "-x", "-C", dir)
		var err error
		if tar.Stdin, err = archive.StdoutPipe(); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(tar.Start(), archive.Run(), tar.Wait()); err != nil {
			t.Fatal(err)
		}
	}
	did := 0
	for _, commit := range commits {
		checkOut(commit + "^")
		before, err := analyseMain(t, dir, *historyMain, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkOut(commit)
		again, err := analyseMain(t, dir, *historyMain, before.Record)
		switch {
		case errors.As(err, new(*NewFactsError)):
			t.Logf("%.10s, %d lines: %v", commit, edits(commit), err)
			continue
		case err != nil:
			t.Fatal(err)
		}
		did++
		t.Logf("%.10s, %d lines: the record does", commit, edits(commit))
		fresh, err := analyseMain(t, dir, *historyMain, nil)
		if err != nil {
			t.Fatal(err)
		}
		if emitted(t, again) != emitted(t, fresh) {
			t.Errorf("%.10s: by the record other depths were found than anew", commit)
		}
	}
	t.Logf("the record did at %d of %d commits of at most %d lines", did, len(commits), *historyLines)
}
