// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A source is a parsed stock file.
type source struct {
	path      string // slash path below GOROOT/src
	lang      string // language version of its GOROOT, or ""
	data      []byte
	file      *token.File
	ast       *ast.File
	decls     map[string][]*declaration
	linknames map[string][]*ast.Comment // local name -> //go:linkname lines
}

// A declaration is one function or one spec of a source.
type declaration struct {
	src   *source
	name  string // as in Decl
	node  ast.Node
	ident *ast.Ident
	top   ast.Decl // the function, or what holds the spec
	doc   *ast.CommentGroup
	index int       // of the spec within top
	gap   token.Pos // end of what precedes it: directives between there and node are its own
}

func (d Decl) check() error {
	if !fs.ValidPath(d.File) || !strings.HasSuffix(d.File, ".go") {
		return fmt.Errorf("%q is not the slash path of a Go file", d.File)
	}
	if d.Name == "" || strings.TrimSpace(d.Name) != d.Name {
		return fmt.Errorf("%s: %q is not the name of a declaration", d.File, d.Name)
	}
	return nil
}

// load reads and parses the file called path below goroot/src.
func load(goroot, path, lang string) (*source, error) {
	data, err := os.ReadFile(filepath.Join(goroot, "src", filepath.FromSlash(path)))
	if err != nil {
		return nil, err
	}
	return parse(path, lang, data)
}

func parse(path, lang string, data []byte) (*source, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, data, parser.ParseComments|parser.SkipObjectResolution)
	if list, ok := err.(scanner.ErrorList); ok && len(list) > 0 {
		return nil, fmt.Errorf("can't be parsed: line %d: %s", list[0].Pos.Line, list[0].Msg)
	} else if err != nil {
		return nil, err
	}
	s := &source{path: path, lang: lang, data: data, file: fset.File(f.FileStart), ast: f}
	s.indexDecls()
	s.indexLinknames()
	return s, nil
}

func (s *source) indexDecls() {
	s.decls = map[string][]*declaration{}
	gap := s.ast.Name.End()
	for _, top := range s.ast.Decls {
		switch top := top.(type) {
		case *ast.FuncDecl:
			s.add(&declaration{name: funcName(top), node: top, ident: top.Name, top: top, doc: top.Doc, gap: gap})
		case *ast.GenDecl:
			s.indexSpecs(top, gap)
		}
		gap = top.End()
	}
}

func (s *source) indexSpecs(top *ast.GenDecl, gap token.Pos) {
	if top.Lparen.IsValid() {
		gap = top.Lparen + 1
	}
	for i, spec := range top.Specs {
		d := declaration{node: spec, top: top, index: i, gap: gap, doc: top.Doc}
		var names []*ast.Ident
		var doc *ast.CommentGroup
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			names, doc = []*ast.Ident{spec.Name}, spec.Doc
		case *ast.ValueSpec:
			names, doc = spec.Names, spec.Doc
		}
		if top.Lparen.IsValid() {
			d.doc = doc
		}
		for _, name := range names {
			named := d
			named.ident, named.name = name, top.Tok.String()+" "+name.Name
			s.add(&named)
		}
		gap = spec.End()
	}
}

func (s *source) add(d *declaration) {
	d.src = s
	s.decls[d.name] = append(s.decls[d.name], d)
}

func (s *source) indexLinknames() {
	s.linknames = map[string][]*ast.Comment{}
	for _, group := range s.ast.Comments {
		for _, c := range group.List {
			if local := linkname(c); local != "" {
				s.linknames[local] = append(s.linknames[local], c)
			}
		}
	}
}

// lookup returns the one declaration called name.
func (s *source) lookup(name string) (*declaration, error) {
	switch found := s.decls[name]; len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("no such declaration")
	default:
		return nil, fmt.Errorf("declared %d times", len(found))
	}
}

// funcName returns the name of f as in Decl.
func funcName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) != 1 {
		return f.Name.Name
	}
	format, recv := "%s.%s", ast.Unparen(f.Recv.List[0].Type)
	if star, ok := recv.(*ast.StarExpr); ok {
		format, recv = "(*%s).%s", ast.Unparen(star.X)
	}
	switch generic := recv.(type) {
	case *ast.IndexExpr:
		recv = generic.X
	case *ast.IndexListExpr:
		recv = generic.X
	}
	base, ok := recv.(*ast.Ident)
	if !ok {
		return "?." + f.Name.Name
	}
	return fmt.Sprintf(format, base.Name, f.Name.Name)
}

func (s *source) offset(pos token.Pos) int { return s.file.Offset(pos) }

// text returns the bytes of n.
func (s *source) text(n ast.Node) []byte { return s.data[s.offset(n.Pos()):s.offset(n.End())] }

// start returns where the text that d alone owns begins.
func (d *declaration) start() token.Pos {
	if d.grouped() {
		return d.node.Pos()
	}
	return d.top.Pos()
}

// end returns where the text of d ends.
func (d *declaration) end() token.Pos {
	if d.grouped() {
		return d.node.End()
	}
	return d.top.End()
}

// grouped reports whether d stands in parentheses.
func (d *declaration) grouped() bool {
	gen, ok := d.top.(*ast.GenDecl)
	return ok && gen.Lparen.IsValid()
}

// body returns the body of the function d, or nil.
func (d *declaration) body() *ast.BlockStmt {
	if f, ok := d.node.(*ast.FuncDecl); ok {
		return f.Body
	}
	return nil
}
