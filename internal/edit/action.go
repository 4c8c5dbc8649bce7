// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// An Action says what becomes of a part of a declaration. Inserted code is one
// line, without comments.
type Action interface {
	String() string
	check() error                          // is it right in itself?
	plan(d *declaration) ([]splice, error) // what to change for d; an error says what was found instead
}

// Prologue puts statements at the start of a function's body.
func Prologue(code string) Action { return prologue{code} }

// Before puts statements before stmt; if that has a label, before the label.
func Before(stmt Stmt, code string) Action { return before{stmt, code} }

// After puts statements after stmt. It refuses a return, break, continue, goto
// or fallthrough, after which nothing runs.
func After(stmt Stmt, code string) Action { return after{stmt, code} }

// Inside puts statements at the start of the block of stmt: the first block of
// an if, the body of a for. With IfUses, the block is that of the matched if.
func Inside(stmt Stmt, code string) Action { return inside{stmt, code} }

// ReplaceStmt puts statements in the place of stmt, its label included. Empty
// code removes it.
func ReplaceStmt(stmt Stmt, code string) Action { return replaceStmt{stmt, code} }

// AddFields adds fields at the end of a struct type.
func AddFields(code string) Action { return addFields{code} }

type (
	prologue struct{ code string }
	before   struct {
		stmt Stmt
		code string
	}
	after struct {
		stmt Stmt
		code string
	}
	inside struct {
		stmt Stmt
		code string
	}
	replaceStmt struct {
		stmt Stmt
		code string
	}
	addFields struct{ code string }
)

func (a prologue) String() string    { return fmt.Sprintf("Prologue(%q)", a.code) }
func (a before) String() string      { return fmt.Sprintf("Before(%v, %q)", a.stmt, a.code) }
func (a after) String() string       { return fmt.Sprintf("After(%v, %q)", a.stmt, a.code) }
func (a inside) String() string      { return fmt.Sprintf("Inside(%v, %q)", a.stmt, a.code) }
func (a replaceStmt) String() string { return fmt.Sprintf("ReplaceStmt(%v, %q)", a.stmt, a.code) }
func (a addFields) String() string   { return fmt.Sprintf("AddFields(%q)", a.code) }

func (a prologue) check() error  { return checkStmts(a.code) }
func (a before) check() error    { return errors.Join(a.stmt.check(), checkStmts(a.code)) }
func (a after) check() error     { return errors.Join(a.stmt.check(), checkStmts(a.code)) }
func (a inside) check() error    { return errors.Join(a.stmt.check(), checkStmts(a.code)) }
func (a addFields) check() error { return checkCode(a.code, "type _ struct {", "}") }
func (a replaceStmt) check() error {
	if a.code == "" {
		return a.stmt.check()
	}
	return errors.Join(a.stmt.check(), checkStmts(a.code))
}

func (a prologue) plan(d *declaration) ([]splice, error) {
	if d.body() == nil {
		return nil, errors.New("has no body")
	}
	return d.insert(d.body().Lbrace+1, " "+trim(a.code)+";", opensBody, a)
}

func (a before) plan(d *declaration) ([]splice, error) {
	t, err := one(d, a.stmt)
	if err != nil {
		return nil, err
	}
	return d.insert(t.stmt.Pos(), trim(a.code)+"; ", beforeStmt, a)
}

func (a after) plan(d *declaration) ([]splice, error) {
	t, err := one(d, a.stmt)
	if err != nil {
		return nil, err
	}
	end, last := t.stmt.End(), t.stmt
	for {
		labeled, ok := last.(*ast.LabeledStmt)
		if !ok {
			break
		}
		last = labeled.Stmt
		if _, ok := last.(*ast.EmptyStmt); ok {
			end = labeled.Colon + 1
		}
	}
	switch last.(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return nil, errors.New("matches a statement after which nothing runs")
	}
	return d.insert(end, "; "+trim(a.code), afterStmt, a)
}

func (a inside) plan(d *declaration) ([]splice, error) {
	t, err := one(d, a.stmt)
	if err != nil {
		return nil, err
	}
	block := blockOf(t)
	if block == nil {
		return nil, errors.New("matches a statement without a block of statements")
	}
	return d.insert(block.Lbrace+1, " "+trim(a.code)+";", opensBody, a)
}

// blockOf returns the block that Inside is about, or nil.
func blockOf(t target) *ast.BlockStmt {
	n := t.node
	if _, ok := n.(*ast.IfStmt); !ok {
		n = t.stmt
	}
	for {
		labeled, ok := n.(*ast.LabeledStmt)
		if !ok {
			break
		}
		n = labeled.Stmt
	}
	switch n := n.(type) {
	case *ast.IfStmt:
		return n.Body
	case *ast.ForStmt:
		return n.Body
	case *ast.RangeStmt:
		return n.Body
	case *ast.BlockStmt:
		return n
	}
	return nil
}

func (a replaceStmt) plan(d *declaration) ([]splice, error) {
	t, err := one(d, a.stmt)
	if err != nil {
		return nil, err
	}
	start, end := d.src.offset(t.stmt.Pos()), d.src.offset(t.stmt.End())
	lines := bytes.Count(d.src.data[start:end], []byte("\n"))
	text := trim(a.code) + strings.Repeat("\n", lines)
	return []splice{{start, end, text, replaces, a.String()}}, nil
}

func (a addFields) plan(d *declaration) ([]splice, error) {
	spec, ok := d.node.(*ast.TypeSpec)
	if !ok {
		return nil, errors.New("is not a struct type")
	}
	fields, ok := spec.Type.(*ast.StructType)
	if !ok {
		return nil, errors.New("is not a struct type")
	}
	text := trim(a.code) + " "
	tokens, _ := scan(d.src.text(fields.Fields)) // parsed already
	for len(tokens) > 1 && tokens[len(tokens)-1].tok != token.RBRACE {
		tokens = tokens[:len(tokens)-1] // the semicolon that the end of the text makes
	}
	if !separated(tokens[:len(tokens)-1]) {
		text = "; " + text
	}
	return d.insert(fields.Fields.Closing, text, beforeStmt, a)
}

// separated reports whether a new element may follow tokens at once.
func separated(tokens []lexeme) bool {
	for i := len(tokens) - 1; i >= 0; i-- {
		if tokens[i].tok != token.COMMENT {
			return tokens[i].tok == token.SEMICOLON || tokens[i].tok == token.LBRACE
		}
	}
	return false
}

// insert returns the splice that puts text at pos.
func (d *declaration) insert(pos token.Pos, text string, rank rank, by Action) ([]splice, error) {
	at := d.src.offset(pos)
	return []splice{{at, at, text, rank, by.String()}}, nil
}

// trim removes blanks around code and its last semicolons.
func trim(code string) string { return strings.Trim(strings.TrimRight(code, "; \t"), " \t") }

// checkStmts reports why code can't be inserted as statements.
func checkStmts(code string) error { return checkCode(code, "func _() {", "}") }

// checkCode reports why code can't stand between open and close, which make it
// a declaration.
func checkCode(code, open, close string) error {
	if strings.ContainsAny(code, "\n\r") {
		return errors.New("the code is more than one line: make it a function of an added file")
	}
	if trim(code) == "" {
		return errors.New("there is no code")
	}
	tokens, err := scan([]byte(code))
	if err != nil {
		return fmt.Errorf("the code is not Go: %v", err)
	}
	for _, l := range tokens {
		if l.tok == token.COMMENT {
			return errors.New("the code has a comment, which could swallow what follows it")
		}
	}
	text := "package p; " + open + trim(code) + close
	f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("the code is not Go: %v", err)
	}
	if len(f.Decls) != 1 || int(f.Decls[0].End()-f.FileStart) != len(text) {
		return errors.New("the code closes a brace that it did not open")
	}
	return nil
}
