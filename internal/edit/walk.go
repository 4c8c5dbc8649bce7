// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import "go/ast"

// walk calls visit for each node of d, outer ones first, with the innermost
// statement around it, or that it is, that is an element of a block or of a
// case; nil if there is none.
func (d *declaration) walk(visit func(n ast.Node, stmt ast.Stmt)) {
	var parents []ast.Node
	var stmts []ast.Stmt // one for each parent
	ast.Inspect(d.node, func(n ast.Node) bool {
		if n == nil {
			parents, stmts = parents[:len(parents)-1], stmts[:len(stmts)-1]
			return true
		}
		var parent ast.Node
		var stmt ast.Stmt
		if len(parents) > 0 {
			parent, stmt = parents[len(parents)-1], stmts[len(stmts)-1]
		}
		if isElement(n, parent) {
			stmt = n.(ast.Stmt)
		}
		parents, stmts = append(parents, n), append(stmts, stmt)
		visit(n, stmt)
		return true
	})
}

// isElement reports whether n, whose parent is given, is a statement before and
// after which others may be put.
func isElement(n, parent ast.Node) bool {
	stmt, ok := n.(ast.Stmt)
	if !ok {
		return false
	}
	switch parent := parent.(type) {
	case *ast.BlockStmt:
		switch n.(type) {
		case *ast.CaseClause, *ast.CommClause:
			return false
		}
		return true
	case *ast.CaseClause:
		return true
	case *ast.CommClause:
		return parent.Comm != stmt
	}
	return false
}

// search returns the statements of d in which a node satisfies match, each
// once, in the order of their first match.
func (d *declaration) search(match func(ast.Node) bool) []target {
	var found []target
	seen := map[ast.Stmt]bool{}
	d.walk(func(n ast.Node, stmt ast.Stmt) {
		if match(n) && stmt != nil && !seen[stmt] {
			seen[stmt] = true
			found = append(found, target{stmt, n})
		}
	})
	return found
}
