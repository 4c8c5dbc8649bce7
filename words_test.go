// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package spade_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const maxLines = 700

// vagueNames say nothing about what a file or package is about.
var vagueNames = []string{"common", "helper", "helpers", "misc", "util", "utils"}

func TestFileLength(t *testing.T) {
	for _, f := range treeFiles(t) {
		if !slices.Contains([]string{".go", ".md", ".s", ".sh", ".txtar"}, path.Ext(f)) {
			continue
		}
		if n := bytes.Count(readFile(t, f), []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines, more than %d: one subject per file", f, n, maxLines)
		}
	}
}

func TestNames(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, element := range strings.Split(f, "/") {
			name, _, _ := strings.Cut(strings.TrimSuffix(element, ".go"), "_")
			if slices.Contains(vagueNames, name) {
				t.Errorf("%s: %q names no subject", f, element)
			}
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.PackageClauseOnly)
		if err != nil {
			t.Errorf("%s: %v", f, err)
		} else if slices.Contains(vagueNames, strings.TrimSuffix(tree.Name.Name, "_test")) {
			t.Errorf("%s: package %s names no subject", f, tree.Name.Name)
		}
	}
}

// TestForbiddenWords keeps out of the repository what only means something on the machine where it was written.
func TestForbiddenWords(t *testing.T) {
	forbidden := forbiddenWords(t)
	for _, f := range treeFiles(t) {
		if path.Base(f) == "go.sum" {
			continue
		}
		data := readFile(t, f)
		if bytes.IndexByte(data, 0) >= 0 {
			continue // not text
		}
		for i, line := range bytes.Split(data, []byte("\n")) {
			for word, why := range forbidden {
				if bytes.Contains(line, []byte(word)) {
					t.Errorf("%s:%d contains %q: %s", f, i+1, word, why)
				}
			}
		}
	}
}

// forbiddenWords maps each word to the reason. The words are put together here, so that this file does not hold them.
func forbiddenWords(t *testing.T) map[string]string {
	t.Helper()
	words := map[string]string{}
	for _, host := range []string{"proxy.golang", "sum.golang", "index.golang", "registry.npmjs", "deb.debian", "pypi"} {
		words[host+".org"] = "a registry's host; the user's own settings choose it"
	}
	words["crates"+".io"] = "a registry's host; the user's own settings choose it"
	for _, page := range []string{"design", "style", "claims", "contract"} {
		words["shared/"+page] = "a page outside the repository"
		words["/tmp/"+page] = "a page outside the repository"
	}
	checkout, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	home, _ := os.UserHomeDir()
	for _, dir := range []string{checkout, filepath.Join(home, "go", "pkg")} {
		if strings.Count(dir, string(filepath.Separator)) >= 2 {
			words[dir] = "a path of this machine"
		}
	}
	return words
}
