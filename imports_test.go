// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package spade_test

import (
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/spadego/spade/"

// mayImport is the direction of the code: what each of our packages may import of our packages. A package of cmd/ or
// internal/ that is not listed here is an error, so a new package starts with a decision on its place.
//
// cmd/spade calls cli, and cli calls everything else. The toolchain layer (gotool, overlay, edit), the analyses (depth,
// growth, startup, pclntab) and the writers (report/...) don't know each other: analyses and writers meet only in finding.
var mayImport = map[string][]string{
	"cmd/spade": {"internal/cli"},
	"internal/cli": {
		"internal/budget", "internal/depth", "internal/finding", "internal/gotool", "internal/growth",
		"internal/lab", "internal/report/...", "internal/startup",
	},

	"internal/gotool":     {"internal/edit", "internal/overlay", "internal/variant"},
	"internal/variant":    {"internal/overlay"},
	"internal/overlay":    {},
	"internal/edit":       {"internal/stackpolicy"},
	"internal/edit/learn": {"internal/edit"},

	"internal/stackpolicy": {},
	"internal/slots":       {},                // tests only
	"internal/fault":       {},                // tests only
	"internal/suite":       {"internal/edit"}, // the releases whose declarations are known
	"internal/suite/run":   {"internal/suite"},

	"internal/depth":   {"internal/finding", "internal/pclntab"},
	"internal/growth":  {"internal/finding", "internal/pclntab"},
	"internal/startup": {"internal/finding", "internal/pagecache", "internal/pclntab"},
	"internal/pclntab": {},
	"internal/budget":  {"internal/finding"},
	"internal/report":  {"internal/finding"},
	"internal/lab":     {"internal/finding", "internal/gotool", "internal/pagecache", "internal/pclntab", "internal/startup"},
	"internal/finding": {},

	"internal/pagecache": {},
}

// standardOnly are the packages that import nothing but the standard library.
var standardOnly = []string{"internal/finding"}

func TestImportDirection(t *testing.T) {
	missing := map[string]bool{}
	for _, f := range goFiles(t) {
		if strings.Contains(f, "/_") {
			continue // internal/edit/_runtime: those files belong to package runtime
		}
		pkg := path.Dir(f)
		allowed, listed := mayImport[pkg]
		if !listed && strings.HasPrefix(pkg, "internal/report/") {
			allowed, listed = mayImport["internal/report"], true
		}
		if !listed && (strings.HasPrefix(pkg, "cmd/") || strings.HasPrefix(pkg, "internal/")) {
			if !missing[pkg] {
				t.Errorf("package %s is missing from the table mayImport in imports_test.go: decide its place", pkg)
			}
			missing[pkg] = true
			continue
		}
		for _, imported := range importsOf(t, f) {
			if fault := importFault(pkg, imported, allowed, listed); fault != "" {
				t.Errorf("%s imports %s: %s", f, imported, fault)
			}
		}
	}
}

// importFault says what is wrong with package pkg importing the path imported, or returns "".
func importFault(pkg, imported string, allowed []string, listed bool) string {
	ours, found := strings.CutPrefix(imported, module)
	switch {
	case !found:
		if slices.Contains(standardOnly, pkg) && strings.Contains(strings.Split(imported, "/")[0], ".") {
			return pkg + " imports only the standard library"
		}
	case ours == pkg:
		// an external test imports the package that it tests
	case strings.HasPrefix(ours, "cmd/"):
		return "nothing imports a command"
	case !listed && (strings.HasPrefix(ours, "internal/")):
		return pkg + " is a program of its own: it uses no package of spade's"
	case listed && !slices.ContainsFunc(allowed, func(pattern string) bool { return matches(pattern, ours) }):
		return pkg + " may import of ours only [" + strings.Join(allowed, " ") + "]"
	}
	return ""
}

// matches reports whether pkg is the package pattern or, for a pattern ending in "/...", that package or one below it.
func matches(pattern, pkg string) bool {
	tree, isTree := strings.CutSuffix(pattern, "/...")
	return pkg == tree || isTree && strings.HasPrefix(pkg, tree+"/")
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Errorf("%s: %v", file, err)
		return nil
	}
	var paths []string
	for _, spec := range tree.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	return paths
}
