// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"testing"
)

// theManual returns spade's manual.
func theManual(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../cmd/spade/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestManualHasAll: the manual lists every subcommand, with a line on what it does, and its section names every flag.
func TestManualHasAll(t *testing.T) {
	c := &Command{Manual: theManual(t)}
	for _, s := range c.completedCommands() {
		if s.About == "" {
			t.Errorf("the list at the top of the manual has no spade %s", s.Name)
		}
		if s.Name == "lab" {
			continue // has a manual of its own
		}
		section := findSection(c.manual(), s.Name)
		for _, f := range s.Flags {
			if !regexp.MustCompile(`(?m)[\s\[(]-` + f.Name + `\b`).MatchString(section) {
				t.Errorf("the manual's section on spade %s has no -%s", s.Name, f.Name)
			}
		}
	}
}

// TestCompletionHasAll: each script has every subcommand and every flag, and those of the lab.
func TestCompletionHasAll(t *testing.T) {
	c := &Command{Manual: theManual(t)}
	for _, shell := range shellNames(c) {
		var script bytes.Buffer
		run := &Command{Args: []string{"completion", shell}, Manual: c.Manual, Stdout: &script, Stderr: &script}
		if code := run.Run(); code != exitOK {
			t.Fatalf("spade completion %s: exit code %d\n%s", shell, code, &script)
		}
		words := regexp.MustCompile(`[A-Za-z]+(-[A-Za-z]+)*`).FindAllString(script.String(), -1)
		for _, s := range c.completedCommands() {
			wanted := append([]string{s.Name}, s.Words...)
			for _, f := range s.Flags {
				wanted = append(wanted, f.Name)
			}
			for _, w := range wanted {
				if !slices.Contains(words, w) {
					t.Errorf("%s: of spade %s, the script has no %s", shell, s.Name, w)
				}
			}
		}
	}
}

func TestLabWords(t *testing.T) {
	words := labWords(nil)
	for _, w := range []string{"list", "run", "compare", "-n", "-quick", "-timeout"} {
		if !slices.Contains(words, w) {
			t.Errorf("spade lab has %s, and the completion doesn't: %q", w, words)
		}
	}
	if slices.Contains(words, "inplace") {
		t.Errorf("%q holds a strategy: no command, and no flag", words)
	}
}
