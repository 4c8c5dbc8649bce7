// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"go/ast"
	"strings"
)

// directive returns the //go: line c with its fields separated by one blank, or
// "" if c is none. What concerns the file or a tool only (go:build,
// go:generate, go:debug) is none.
func directive(text string) string {
	if !strings.HasPrefix(text, "//go:") {
		return ""
	}
	fields := strings.Fields(text)
	switch fields[0] {
	case "//go:build", "//go:generate", "//go:debug":
		return ""
	}
	return strings.Join(fields, " ")
}

// linkname returns the local name that c, a //go:linkname line, is about, or
// "".
func linkname(c *ast.Comment) string {
	if fields := strings.Fields(directive(c.Text)); len(fields) > 1 && fields[0] == "//go:linkname" {
		return fields[1]
	}
	return ""
}

// isLine reports whether c renumbers lines.
func isLine(c *ast.Comment) bool {
	return strings.HasPrefix(c.Text, "//line ") || strings.HasPrefix(c.Text, "/*line ")
}

// directives returns the //go: lines that stand outside of d and are about it:
// those between it and what precedes it (the compiler does not ask that they
// touch it), then every //go:linkname of the file that names it. A
// //go:linkname belongs to the name it states, wherever it stands.
func (d *declaration) directives() []*ast.Comment {
	var own []*ast.Comment
	for _, group := range d.src.ast.Comments {
		if group.End() <= d.gap {
			continue
		}
		if group.Pos() >= d.start() {
			break
		}
		for _, c := range group.List {
			if directive(c.Text) != "" && linkname(c) == "" {
				own = append(own, c)
			}
		}
	}
	if f, ok := d.node.(*ast.FuncDecl); ok && f.Recv != nil {
		return own
	}
	for _, c := range d.src.linknames[d.ident.Name] {
		if c.Pos() < d.start() || c.Pos() >= d.end() {
			own = append(own, c)
		}
	}
	return own
}
