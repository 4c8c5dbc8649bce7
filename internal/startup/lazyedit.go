// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strconv"
	"strings"
)

// An edit replaces some bytes of a file.
type edit struct {
	start, end int
	text       string
}

// rewrite returns the changed files.
func (v *variable) rewrite() ([]change, error) {
	declared := v.pkg.Fset.Position(v.spec.Pos()).Filename
	source, err := os.ReadFile(declared)
	if err != nil {
		return nil, err
	}
	edits := map[string][]edit{}
	if edits[declared], err = v.declaration(source); err != nil {
		return nil, err
	}
	for use := range v.uses {
		edits[use.Filename] = append(edits[use.Filename], edit{use.Offset, use.Offset, "()"})
	}
	var changes []change
	for name, list := range edits {
		c, err := edited(name, list)
		if err != nil {
			return nil, err
		}
		changes = append(changes, c)
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.file, b.file) })
	return changes, nil
}

// declaration returns the edits at the declaration, and that for the import which it needs.
func (v *variable) declaration(source []byte) ([]edit, error) {
	at := func(p token.Pos) int { return v.pkg.Fset.Position(p).Offset }
	text := func(n ast.Node) string { return string(source[at(n.Pos()):at(n.End())]) }
	refused := func(format string, args ...any) error {
		return &RefusedError{v.pkg.PkgPath + "." + v.name, []string{fmt.Sprintf(format, args...)}}
	}
	kind, unnamed := v.typeText()
	if v.spec.Type != nil {
		kind = text(v.spec.Type)
	} else if unnamed != "" {
		return nil, refused("its type is one of package %s, which its file does not import, or which has not exported it", unnamed)
	}
	sync, edits := v.importSync(at, text)
	if sync == "" {
		return nil, refused("sync is the name of something else in its file")
	}
	value := v.spec.Values[0]
	edits = append(edits,
		edit{at(v.spec.Names[0].End()), at(value.Pos()), " = " + sync + ".OnceValue(func() " + kind + " {\n\treturn "},
		edit{at(value.End()), at(value.End()), "\n})"})
	if between := string(source[at(v.spec.Names[0].End()):at(value.Pos())]); strings.Contains(between, "/*") || strings.Contains(between, "//") {
		return nil, refused("there is a comment between its name and its value")
	}
	return edits, nil
}

// typeText writes the variable's type as its file has to. If it can't, unnamed is the package of what can't be named.
func (v *variable) typeText() (kind, unnamed string) {
	object := v.pkg.Types.Scope().Lookup(v.name)
	names := map[string]string{} // by import path
	for _, spec := range v.file.Imports {
		if name := v.pkg.TypesInfo.PkgNameOf(spec); name != nil {
			names[name.Imported().Path()] = name.Name()
		}
	}
	kind = types.TypeString(object.Type(), func(p *types.Package) string {
		if p == v.pkg.Types {
			return ""
		}
		if name := names[p.Path()]; name != "" && name != "_" && name != "." {
			return name
		}
		unnamed = p.Path()
		return p.Name()
	})
	if p := hidden(object.Type(), v.pkg.Types); p != nil {
		unnamed = p.Path()
	}
	return kind, unnamed
}

// hidden returns the package of an unexported type that is mentioned in a type and is not that of own.
func hidden(t types.Type, own *types.Package) *types.Package {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if p := t.Obj().Pkg(); p != nil && p != own && !t.Obj().Exported() {
			return p
		}
	case *types.Pointer:
		return hidden(t.Elem(), own)
	case *types.Slice:
		return hidden(t.Elem(), own)
	case *types.Map:
		if p := hidden(t.Key(), own); p != nil {
			return p
		}
		return hidden(t.Elem(), own)
	}
	return nil
}

// importSync returns the name that package sync has in the file, and the edit that imports it if it is not imported yet. The name is "" if
// something else is called so.
func (v *variable) importSync(at func(token.Pos) int, text func(ast.Node) string) (string, []edit) {
	for _, spec := range v.file.Imports {
		name := v.pkg.TypesInfo.PkgNameOf(spec)
		if name == nil {
			continue
		}
		if name.Imported().Path() == "sync" && name.Name() != "_" && name.Name() != "." {
			return name.Name(), nil
		}
		if name.Name() == "sync" {
			return "", nil
		}
	}
	if v.pkg.Types.Scope().Lookup("sync") != nil {
		return "", nil
	}
	if len(v.file.Imports) == 0 {
		end := at(v.file.Name.End())
		return "sync", []edit{{end, end, "\n\nimport \"sync\""}}
	}
	first := v.file.Decls[0].(*ast.GenDecl)
	if !first.Lparen.IsValid() {
		spec := first.Specs[0]
		return "sync", []edit{{at(spec.Pos()), at(spec.End()), "(\n\t" + text(spec) + "\n\t\"sync\"\n)"}}
	}
	for _, s := range first.Specs {
		spec := s.(*ast.ImportSpec)
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && !strings.Contains(path, ".") && path != "C" {
			return "sync", []edit{{at(spec.Pos()), at(spec.Pos()), "\"sync\"\n\t"}} // gofmt sorts them
		}
	}
	start := at(first.Lparen) + 1
	return "sync", []edit{{start, start, "\n\t\"sync\"\n"}}
}

// edited applies edits to a file. If it is formatted as gofmt does it, it is so afterwards.
func edited(name string, edits []edit) (change, error) {
	info, err := os.Stat(name)
	if err != nil {
		return change{}, err
	}
	before, err := os.ReadFile(name)
	if err != nil {
		return change{}, err
	}
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	var after bytes.Buffer
	last := 0
	for _, e := range edits {
		after.Write(before[last:e.start])
		after.WriteString(e.text)
		last = e.end
	}
	after.Write(before[last:])
	c := change{name, info.Mode().Perm(), before, after.Bytes()}
	if formatted, err := format.Source(before); err == nil && bytes.Equal(formatted, before) {
		if c.after, err = format.Source(c.after); err != nil {
			return change{}, fmt.Errorf("%s would not parse: %w", name, err)
		}
	}
	return c, nil
}
