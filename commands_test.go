// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package spade_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are the pages whose commands must exist.
var documents = []string{"README.md", "CONTRIBUTING.md", "RATIONALE.md", "docs/articles.md", "docs/fault.md"}

// A command is one that a document tells the reader to run, split into words.
type command struct {
	where string
	words []string
}

func (c command) String() string { return c.where + ": `" + strings.Join(c.words, " ") + "`" }

// TestDocumentedCommands checks every command in the documents, whether in a code span or on a line of a code block: a
// `spade X` has X among the subcommands that spade's help lists, a path given to the go command exists and is a program
// where one is run, a tag after -tags is the tag of some file, and a test named after -run exists.
func TestDocumentedCommands(t *testing.T) {
	var commands []command
	for _, doc := range documents {
		commands = append(commands, commandsIn(doc, string(readFile(t, doc)))...)
	}
	if len(commands) < 10 {
		t.Fatalf("found only %d commands in %v: is the reading of the documents broken?", len(commands), documents)
	}
	listed := subcommands(t)
	for _, c := range commands {
		if fault := c.fault(t, listed); fault != "" {
			t.Errorf("%v: %s", c, fault)
		}
	}
}

var codeSpan = regexp.MustCompile("`([^`\n]+)`")

// commandsIn finds the commands of spade and go in a page of Markdown.
func commandsIn(page, text string) []command {
	var found []command
	add := func(code string) {
		code, _, _ = strings.Cut(code, " # ")
		words := strings.Fields(strings.TrimPrefix(code, "$ "))
		for len(words) > 0 && strings.Contains(words[0], "=") { // GOSPADE=stacks=copy and the like
			words = words[1:]
		}
		if len(words) > 2 && words[0] == "spade" && strings.HasPrefix(words[1], "-stacks=") { // it stands in front of go
			words = slices.Delete(words, 1, 2)
		}
		if len(words) > 1 && (words[0] == "spade" || words[0] == "go" && slices.Contains([]string{"run", "test", "install", "build", "vet"}, words[1])) {
			found = append(found, command{page, words})
		}
	}
	block := false
	for _, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "```"):
			block = !block
		case block || strings.HasPrefix(line, "    "):
			add(trimmed)
		default:
			for _, span := range codeSpan.FindAllStringSubmatch(line, -1) {
				add(span[1])
			}
		}
	}
	return found
}

// fault says what does not exist, or returns "".
func (c command) fault(t *testing.T, listed []string) string {
	words := c.words
	if words[0] == "go" && words[1] == "run" {
		path, rest := firstPath(words)
		if path != "./cmd/spade" || len(rest) == 0 {
			return c.goFault(t)
		}
		words = append([]string{"spade"}, rest...)
	}
	if words[0] != "spade" {
		return c.goFault(t)
	}
	if !slices.Contains(listed, words[1]) {
		return "spade's help lists no " + words[1] + ", only " + strings.Join(listed, " ")
	}
	if words[1] == "lab" && len(words) > 2 && !strings.Contains(string(readFile(t, "internal/lab/doc.go")), "\tspade lab "+words[2]) {
		return "internal/lab/doc.go lists no command " + words[2]
	}
	if words[1] == "go" && len(words) > 2 {
		return command{c.where, words[1:]}.goFault(t)
	}
	return ""
}

// firstPath returns the first argument that is a path in the checkout, and what follows it.
func firstPath(words []string) (path string, rest []string) {
	for i, w := range words {
		if w == "." || strings.HasPrefix(w, "./") {
			return w, words[i+1:]
		}
	}
	return "", nil
}

// goFault checks the arguments of a go command.
func (c command) goFault(t *testing.T) string {
	path, _ := firstPath(c.words)
	dir, isTree := strings.CutSuffix(path, "...")
	if i := slices.Index(c.words, "-C"); i >= 0 && i+1 < len(c.words) {
		dir = filepath.Join(c.words[i+1], dir)
	}
	if path != "" {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return "no directory " + dir
		}
		if c.words[1] == "run" && !contains(t, dir, false, regexp.MustCompile(`(?m)^package main$`)) {
			return dir + " holds no program"
		}
	}
	for i, w := range c.words[:len(c.words)-1] {
		value := strings.Trim(c.words[i+1], "'\"")
		if w == "-tags" && !contains(t, ".", true, regexp.MustCompile(`(?m)^//go:build `+value+`\b`)) {
			return "no file has the tag " + value
		}
		if w == "-run" {
			name, _, _ := strings.Cut(strings.Trim(value, "^$"), "/")
			if !contains(t, dir, isTree, regexp.MustCompile(`(?m)^func `+name)) {
				return "no test named " + value + " in " + path
			}
		}
	}
	return ""
}

// contains reports whether a Go file in dir, or below it if tree is set, matches.
func contains(t *testing.T, dir string, tree bool, pattern *regexp.Regexp) bool {
	dir = filepath.ToSlash(filepath.Clean(dir))
	return slices.ContainsFunc(goFiles(t), func(f string) bool {
		in := filepath.ToSlash(filepath.Dir(f))
		below := dir == "." || strings.HasPrefix(in, dir+"/")
		return (in == dir || tree && below) && pattern.Match(readFile(t, f))
	})
}

var helpLine = regexp.MustCompile(`(?m)^(?:# |\s+)spade ([a-z]+)\b`)

// subcommands reads them off what `spade help` prints.
func subcommands(t *testing.T) []string {
	out, err := goCommand(".", "run", "./cmd/spade", "help")
	if err != nil {
		failOrSkipOffline(t, "go run ./cmd/spade help", out, err)
	}
	var listed []string
	for _, m := range helpLine.FindAllStringSubmatch(out, -1) {
		listed = append(listed, m[1])
	}
	return listed
}
