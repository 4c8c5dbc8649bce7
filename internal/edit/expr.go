// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"errors"
	"fmt"
	"go/ast"
)

// ReplaceCall puts the expression code in the place of the one call of callee in
// the declaration. In code, $1, $2 and so on stand for the arguments of the
// call, $* for all of them, $0 for the call as it was. Arguments that code has
// once and in order keep their lines, however many the call has.
func ReplaceCall(callee, code string) Action { return replaceExpr{nil, callee, true, code} }

// ReplaceCallIn is ReplaceCall for the one call within the statement stmt.
func ReplaceCallIn(stmt Stmt, callee, code string) Action {
	return replaceExpr{stmt, callee, true, code}
}

// ReplaceExpr puts the expression code in the place of the one expression expr
// in the declaration. In code, $0 stands for expr.
func ReplaceExpr(expr, code string) Action { return replaceExpr{nil, expr, false, code} }

// ReplaceExprIn is ReplaceExpr for the one expression within the statement stmt.
func ReplaceExprIn(stmt Stmt, expr, code string) Action {
	return replaceExpr{stmt, expr, false, code}
}

type replaceExpr struct {
	stmt Stmt // nil for the whole declaration
	expr string
	call bool // expr is the callee
	code string
}

func (a replaceExpr) String() string {
	name := "ReplaceExpr"
	if a.call {
		name = "ReplaceCall"
	}
	if a.stmt == nil {
		return fmt.Sprintf("%s(%q, %q)", name, a.expr, a.code)
	}
	return fmt.Sprintf("%sIn(%v, %q, %q)", name, a.stmt, a.expr, a.code)
}

func (a replaceExpr) check() error {
	if a.stmt != nil {
		if err := a.stmt.check(); err != nil {
			return err
		}
	}
	if err := checkPattern(a.expr); err != nil {
		return err
	}
	t, err := parseTemplate(a.code)
	if err != nil {
		return err
	}
	if !a.call && t.usesArguments() {
		return errors.New("only a call has arguments: use $0")
	}
	return nil
}

func (a replaceExpr) plan(d *declaration) ([]splice, error) {
	var scope ast.Node = d.node
	if a.stmt != nil {
		t, err := one(d, a.stmt)
		if err != nil {
			return nil, err
		}
		scope = t.stmt
	}
	found := a.find(d, scope)
	if len(found) != 1 {
		kind := "has the expression"
		if a.call {
			kind = "calls"
		}
		return nil, fmt.Errorf("%s %s %d times, not once", kind, a.expr, len(found))
	}
	t, err := parseTemplate(a.code)
	if err != nil {
		return nil, err
	}
	return t.splices(d.src, found[0], a.String())
}

// find returns the expressions of scope that a is about.
func (a replaceExpr) find(d *declaration, scope ast.Node) []ast.Expr {
	p := compile(a.expr)
	names := map[ast.Node]bool{}
	var found []ast.Expr
	ast.Inspect(scope, func(n ast.Node) bool {
		noteNames(n, names)
		e, ok := n.(ast.Expr)
		if !ok || names[n] {
			return true
		}
		if a.call && isCall(d, e, p) || !a.call && p.is(d, e) {
			found = append(found, e)
		}
		return true
	})
	return found
}
