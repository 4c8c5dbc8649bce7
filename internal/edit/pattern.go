// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
)

// A pattern is code to compare with, as tokens.
type pattern []lexeme

func compile(code string) pattern {
	tokens, _ := lex([]byte(code)) // seen by checkPattern
	return tokens
}

func checkPattern(code string) error {
	tokens, err := lex([]byte(code))
	if err != nil {
		return fmt.Errorf("%q is not Go: %v", code, err)
	}
	if len(tokens) == 0 {
		return errors.New("the pattern is empty")
	}
	return nil
}

// is reports whether e, an expression of d, has the tokens of p.
func (p pattern) is(d *declaration, e ast.Expr) bool {
	if id, ok := e.(*ast.Ident); ok { // most are
		return len(p) == 1 && p[0].tok == token.IDENT && p[0].lit == id.Name
	}
	if len(p) == 1 && p[0].tok == token.IDENT {
		return false
	}
	tokens, _ := lex(d.src.text(e))
	return len(tokens) == len(p) && p.prefixes(tokens)
}

// within reports whether n has an expression that p matches.
func (p pattern) within(d *declaration, n ast.Node) bool {
	found := false
	names := map[ast.Node]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		noteNames(n, names)
		if e, ok := n.(ast.Expr); ok && !names[n] && p.is(d, e) {
			found = true
		}
		return !found
	})
	return found
}

// begins reports whether text begins with the tokens of p.
func (p pattern) begins(text []byte) bool {
	tokens, _ := lex(text)
	return p.prefixes(tokens)
}

func (p pattern) prefixes(tokens []lexeme) bool {
	if len(tokens) < len(p) {
		return false
	}
	for i := range p {
		if !p[i].same(tokens[i]) {
			return false
		}
	}
	return true
}
