// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
)

// A Stmt picks a statement of a declaration. What it finds is the innermost
// statement around the match that is an element of a block or of a case: for a
// call in the condition of an if, the whole if, with its else branches.
// Expressions and statements are compared as tokens; layout does not count.
type Stmt interface {
	String() string
	check() error
	find(d *declaration) []target // in source order
}

// A target is a statement that a Stmt found.
type target struct {
	stmt ast.Stmt // element of a block or a case
	node ast.Node // what matched, in stmt
}

// Assigns finds the assignments to left, such as "x" or "gp.stack.lo": x = y,
// x := y, x += y, x++, var x = y, also among others.
func Assigns(left string) Stmt { return assigns{left} }

// Calls finds the statements with a call of callee, such as "f" or "mp.p.ptr";
// go and defer statements too. A generic f is found with and without its type
// arguments.
func Calls(callee string) Stmt { return calls{callee} }

// IfUses finds the if statements whose condition or init statement has the
// expression expr. Each if of an else-if chain is a match of its own; for Before
// and After they are all the whole chain.
func IfUses(expr string) Stmt { return ifUses{expr} }

// Uses finds the statements that have the expression expr anywhere.
func Uses(expr string) Stmt { return uses{expr} }

// Starts finds the statements that begin with the tokens of code: "for i :=",
// "retry:", "switch x".
func Starts(code string) Stmt { return starts{code} }

// Returns finds the return statements, of function literals too.
func Returns() Stmt { return returns{} }

// Nth picks the i-th of the statements that stmt finds, in source order. The
// first is 1, the last -1.
func Nth(i int, stmt Stmt) Stmt { return nth{i, stmt} }

// Within finds what inner finds inside of what outer, which must match once,
// finds.
func Within(outer, inner Stmt) Stmt { return within{outer, inner} }

type (
	assigns struct{ left string }
	calls   struct{ callee string }
	ifUses  struct{ expr string }
	uses    struct{ expr string }
	starts  struct{ code string }
	returns struct{}
	nth     struct {
		i    int
		stmt Stmt
	}
	within struct{ outer, inner Stmt }
)

func (m assigns) String() string { return fmt.Sprintf("Assigns(%q)", m.left) }
func (m calls) String() string   { return fmt.Sprintf("Calls(%q)", m.callee) }
func (m ifUses) String() string  { return fmt.Sprintf("IfUses(%q)", m.expr) }
func (m uses) String() string    { return fmt.Sprintf("Uses(%q)", m.expr) }
func (m starts) String() string  { return fmt.Sprintf("Starts(%q)", m.code) }
func (m returns) String() string { return "Returns()" }
func (m nth) String() string     { return fmt.Sprintf("Nth(%d, %v)", m.i, m.stmt) }
func (m within) String() string  { return fmt.Sprintf("Within(%v, %v)", m.outer, m.inner) }

func (m assigns) check() error { return checkPattern(m.left) }
func (m calls) check() error   { return checkPattern(m.callee) }
func (m ifUses) check() error  { return checkPattern(m.expr) }
func (m uses) check() error    { return checkPattern(m.expr) }
func (m starts) check() error  { return checkPattern(m.code) }
func (m returns) check() error { return nil }
func (m within) check() error  { return errors.Join(m.outer.check(), m.inner.check()) }
func (m nth) check() error {
	if m.i == 0 {
		return errors.New("Nth counts from 1, or from -1 backwards")
	}
	return m.stmt.check()
}

func (m assigns) find(d *declaration) []target {
	p := compile(m.left)
	return d.search(func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			return anyExpr(n.Lhs, func(e ast.Expr) bool { return p.is(d, e) })
		case *ast.IncDecStmt:
			return p.is(d, n.X)
		case *ast.DeclStmt:
			return declares(d, n, p)
		}
		return false
	})
}

// declares reports whether n declares a variable that p matches.
func declares(d *declaration, n *ast.DeclStmt, p pattern) bool {
	gen := n.Decl.(*ast.GenDecl)
	if gen.Tok != token.VAR {
		return false
	}
	for _, spec := range gen.Specs {
		for _, name := range spec.(*ast.ValueSpec).Names {
			if p.is(d, name) {
				return true
			}
		}
	}
	return false
}

func (m calls) find(d *declaration) []target {
	p := compile(m.callee)
	return d.search(func(n ast.Node) bool { return isCall(d, n, p) })
}

// isCall reports whether n is a call of what p matches.
func isCall(d *declaration, n ast.Node, p pattern) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	if p.is(d, call.Fun) {
		return true
	}
	switch generic := call.Fun.(type) {
	case *ast.IndexExpr:
		return p.is(d, generic.X)
	case *ast.IndexListExpr:
		return p.is(d, generic.X)
	}
	return false
}

func (m ifUses) find(d *declaration) []target {
	p := compile(m.expr)
	var found []target
	d.walk(func(n ast.Node, stmt ast.Stmt) {
		if n, ok := n.(*ast.IfStmt); ok && stmt != nil {
			if p.within(d, n.Cond) || n.Init != nil && p.within(d, n.Init) {
				found = append(found, target{stmt, n})
			}
		}
	})
	return found
}

func (m uses) find(d *declaration) []target {
	p := compile(m.expr)
	selected := map[ast.Node]bool{} // names that are no expressions
	return d.search(func(n ast.Node) bool {
		noteNames(n, selected)
		e, ok := n.(ast.Expr)
		return ok && !selected[n] && p.is(d, e)
	})
}

// noteNames adds the names below n that look like expressions to a walk and are
// selected fields, labels, or being declared.
func noteNames(n ast.Node, names map[ast.Node]bool) {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		names[n.Sel] = true
	case *ast.LabeledStmt:
		names[n.Label] = true
	case *ast.BranchStmt:
		if n.Label != nil {
			names[n.Label] = true
		}
	case *ast.FuncDecl:
		names[n.Name] = true
	case *ast.TypeSpec:
		names[n.Name] = true
	case *ast.ValueSpec:
		noteAll(n.Names, names)
	case *ast.Field:
		noteAll(n.Names, names)
	}
}

func noteAll(list []*ast.Ident, names map[ast.Node]bool) {
	for _, name := range list {
		names[name] = true
	}
}

func (m starts) find(d *declaration) []target {
	p := compile(m.code)
	var found []target
	d.walk(func(n ast.Node, stmt ast.Stmt) {
		if stmt != nil && n == ast.Node(stmt) && p.begins(d.src.text(n)) {
			found = append(found, target{stmt, n})
		}
	})
	return found
}

func (m returns) find(d *declaration) []target {
	return d.search(func(n ast.Node) bool {
		_, ok := n.(*ast.ReturnStmt)
		return ok
	})
}

func (m nth) find(d *declaration) []target {
	found := m.stmt.find(d)
	i := m.i - 1
	if m.i < 0 {
		i = len(found) + m.i
	}
	if i < 0 || i >= len(found) {
		return nil
	}
	return found[i : i+1]
}

func (m within) find(d *declaration) []target {
	outer := m.outer.find(d)
	if len(outer) != 1 {
		return nil
	}
	var found []target
	for _, t := range m.inner.find(d) {
		if t.stmt != outer[0].stmt && outer[0].stmt.Pos() <= t.stmt.Pos() && t.stmt.End() <= outer[0].stmt.End() {
			found = append(found, t)
		}
	}
	return found
}

// one returns the one statement that m finds in d.
func one(d *declaration, m Stmt) (target, error) {
	found := m.find(d)
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return target{}, fmt.Errorf("%v matches no statement", m)
	}
	var lines bytes.Buffer
	for i, t := range found {
		if i > 0 {
			lines.WriteString(", ")
		}
		fmt.Fprint(&lines, d.src.file.PositionFor(t.node.Pos(), false).Line)
	}
	return target{}, fmt.Errorf("%v matches %d statements (lines %s): pick one with Nth or Within", m, len(found), &lines)
}

func anyExpr(list []ast.Expr, ok func(ast.Expr) bool) bool {
	for _, e := range list {
		if ok(e) {
			return true
		}
	}
	return false
}
