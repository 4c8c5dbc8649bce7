// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// Rename lets the stock declaration go on under another name; a declaration of
// an added file takes its place. Uses of the name, a recursive call included,
// are of the new one from then on, and so is a //go:linkname of it; other
// directives stay with the stock text. Methods of a renamed type go to the new one.
func Rename(name string) Action { return rename{name} }

// Remove makes a declaration blank, with its directives and every //go:linkname
// of its name in the file. A constant of a group, or a name that shares its
// declaration with others, becomes the blank identifier.
func Remove() Action { return remove{} }

type (
	rename struct{ name string }
	remove struct{}
)

func (a rename) String() string { return fmt.Sprintf("Rename(%q)", a.name) }
func (a remove) String() string { return "Remove()" }

func (a rename) check() error {
	if !token.IsIdentifier(a.name) || a.name == "_" {
		return errors.New("the new name is not an identifier")
	}
	return nil
}

func (a remove) check() error { return nil }

func (a rename) plan(d *declaration) ([]splice, error) {
	if _, ok := d.node.(*ast.FuncDecl); ok && d.body() == nil {
		return nil, errors.New("has no body that could go on under another name")
	}
	for _, kind := range []string{"", "type ", "var ", "const "} {
		if len(d.src.decls[kind+a.name]) > 0 && !d.isMethod() {
			return nil, fmt.Errorf("the file declares %s already", a.name)
		}
	}
	return []splice{d.renamed(a.name, a)}, nil
}

func (d *declaration) isMethod() bool {
	f, ok := d.node.(*ast.FuncDecl)
	return ok && f.Recv != nil
}

func (d *declaration) renamed(name string, by Action) splice {
	start, end := d.src.offset(d.ident.Pos()), d.src.offset(d.ident.End())
	return splice{start, end, name, replaces, by.String()}
}

func (a remove) plan(d *declaration) ([]splice, error) {
	if d.ident.Name == "_" {
		return nil, errors.New("has no name")
	}
	if d.sharesSpec() {
		splices := []splice{d.renamed("_", a)}
		for _, c := range d.src.linknames[d.ident.Name] {
			splices = append(splices, d.blanked(c.Pos(), c.End(), a))
		}
		return splices, nil
	}
	splices := []splice{d.blanked(d.start(), d.end(), a)}
	for _, c := range d.removable() {
		splices = append(splices, d.blanked(c.Pos(), c.End(), a))
	}
	if at := d.semicolon(); at >= 0 {
		splices = append(splices, splice{at, at + 1, " ", replaces, a.String()})
	}
	return splices, nil
}

// blanked returns the splice that makes the text from start to end blank.
func (d *declaration) blanked(start, end token.Pos, by Action) splice {
	from, to := d.src.offset(start), d.src.offset(end)
	return splice{from, to, blank(d.src.data[from:to]), replaces, by.String()}
}

// sharesSpec reports whether the text of d can't go without changing others: it
// declares other names too, or is a constant of a group, which iota counts.
func (d *declaration) sharesSpec() bool {
	spec, ok := d.node.(*ast.ValueSpec)
	if !ok {
		return false
	}
	return len(spec.Names) > 1 || d.grouped() && d.top.(*ast.GenDecl).Tok == token.CONST
}

// removable returns the comments outside of d that go with it: its directives
// and the prose of its doc comment.
func (d *declaration) removable() []*ast.Comment {
	comments := d.directives()
	if d.doc == nil {
		return comments
	}
	for _, c := range d.doc.List {
		if !strings.HasPrefix(c.Text, "//go:") && !isLine(c) && c.Pos() >= d.gap {
			comments = append(comments, c)
		}
	}
	return comments
}

// semicolon returns the offset of the semicolon that ends d, or -1 if the end
// of the line does.
func (d *declaration) semicolon() int {
	at := d.src.offset(d.end())
	rest, _, _ := bytes.Cut(d.src.data[at:], []byte("\n"))
	tokens, _ := scan(rest)
	for _, l := range tokens {
		if l.tok != token.COMMENT {
			if l.tok == token.SEMICOLON && l.lit == ";" {
				return at + l.pos
			}
			break
		}
	}
	return -1
}
