// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A LazyRequest asks for a variable at package level to be initialized when it is first used.
type LazyRequest struct {
	Name     string // of the variable: "name", "package.name" or "import/path.name"
	Dir      string
	Env      []string
	Flags    []string  // of the go command
	Packages []Package // of the program
}

// A RefusedError says why a variable is not rewritten.
type RefusedError struct {
	Name    string
	Reasons []string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s is left as it is: %s", e.Name, strings.Join(e.Reasons, "; "))
}

// A Rewrite is changed files, which are on disk only between Apply and Undo.
type Rewrite struct {
	Name    string   // of the variable, with the import path
	Package string   // import path, as it is in a binary
	Place   string   // file and line of the declaration
	Tests   []string // import paths of the packages whose tests the rewrite might break
	changes []change
}

type change struct {
	file          string
	mode          os.FileMode
	before, after []byte
}

// Apply writes the changed files.
func (r *Rewrite) Apply() error {
	for i, c := range r.changes {
		if now, err := os.ReadFile(c.file); err != nil || string(now) != string(c.before) {
			return errors.Join(fmt.Errorf("%s has changed meanwhile", c.file), err, undo(r.changes[:i]))
		}
		if err := os.WriteFile(c.file, c.after, c.mode); err != nil {
			return errors.Join(err, undo(r.changes[:i+1]))
		}
	}
	return nil
}

// Undo writes the files as they were.
func (r *Rewrite) Undo() error { return undo(r.changes) }

func undo(changes []change) error {
	var errs []error
	for _, c := range changes {
		errs = append(errs, os.WriteFile(c.file, c.before, c.mode))
	}
	return errors.Join(errs...)
}

// Files are the names of the changed files.
func (r *Rewrite) Files() []string {
	var names []string
	for _, c := range r.changes {
		names = append(names, c.file)
	}
	return names
}

// A variable is what is to be rewritten. The go command compiles a package a second time for its tests, with more files, so
// that there may be two objects for it.
type variable struct {
	name    string
	variant []*packages.Package // those that have it
	objects map[types.Object]bool
	file    *ast.File // where it is declared
	pkg     *packages.Package
	spec    *ast.ValueSpec
	decl    *ast.GenDecl
	uses    map[token.Position]bool // of the identifiers, without the declaration
	refused []string
}

func (v *variable) refuse(format string, args ...any) {
	if reason := fmt.Sprintf(format, args...); !slices.Contains(v.refused, reason) {
		v.refused = append(v.refused, reason)
	}
}

// Lazy rewrites a variable with sync.OnceValue, if it can prove that this changes nothing but when the variable is initialized. If not,
// the error is a *RefusedError.
func Lazy(request LazyRequest) (*Rewrite, error) {
	loaded, err := request.load()
	if err != nil {
		return nil, err
	}
	return request.decide(loaded)
}

// load reads the packages of the program's own module, with their tests.
func (r LazyRequest) load() ([]*packages.Package, error) {
	return packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedTypes |
			packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedModule,
		Dir: r.Dir, Env: r.Env, BuildFlags: r.Flags, Tests: true,
	}, newProgram(r.Packages).ownPackages()...)
}

// decide proves, and writes what is to be changed.
func (r LazyRequest) decide(loaded []*packages.Package) (*Rewrite, error) {
	v, err := findVariable(loaded, r.Name)
	if err != nil {
		return nil, err
	}
	v.check(loaded)
	pkg := v.pkg.PkgPath
	if len(v.refused) > 0 {
		return nil, &RefusedError{pkg + "." + v.name, v.refused}
	}
	at := v.pkg.Fset.Position(v.spec.Pos())
	w := &Rewrite{Name: pkg + "." + v.name, Package: pkg, Place: fmt.Sprintf("%s:%d", at.Filename, at.Line)}
	p := newProgram(r.Packages)
	if pkg == p.main {
		w.Package = "main"
	}
	for _, name := range p.ownPackages() {
		if name == pkg || slices.Contains(p.reachedFrom(name), pkg) {
			w.Tests = append(w.Tests, name)
		}
	}
	w.changes, err = v.rewrite()
	return w, err
}

// ownPackages are the packages of the main module.
func (p *program) ownPackages() []string {
	var own []string
	for name, pkg := range p.packages {
		if pkg.Module != nil && pkg.Module.Main {
			own = append(own, name)
		}
	}
	slices.Sort(own)
	return own
}

// reachedFrom returns what a package imports, directly or not.
func (p *program) reachedFrom(name string) []string {
	var list []string
	p.reach(name, func(_, imported string) bool {
		if slices.Contains(list, imported) {
			return false
		}
		list = append(list, imported)
		return true
	})
	return list
}

// findVariable finds the variable by its name.
func findVariable(loaded []*packages.Package, name string) (*variable, error) {
	where, short := "", name
	if i := strings.LastIndex(name, "."); i >= 0 {
		where, short = name[:i], name[i+1:]
	}
	v := &variable{name: short, objects: map[types.Object]bool{}, uses: map[token.Position]bool{}}
	paths := map[string]bool{}
	for _, pkg := range loaded {
		if pkg.Types == nil || where != "" && where != pkg.PkgPath && where != pkg.Name && where != path.Base(pkg.PkgPath) {
			continue
		}
		if object, ok := pkg.Types.Scope().Lookup(short).(*types.Var); ok {
			v.objects[object] = true
			v.variant = append(v.variant, pkg)
			paths[pkg.PkgPath] = true
			if v.pkg == nil || len(pkg.Syntax) < len(v.pkg.Syntax) {
				v.pkg = pkg
			}
		}
	}
	switch {
	case len(paths) == 0:
		return nil, fmt.Errorf("no package of the program's module has a variable %s", name)
	case len(paths) > 1:
		return nil, fmt.Errorf("several packages have a variable %s: write its package before it, as in example.com/a/b.%s", short, short)
	}
	for _, pkg := range v.variant {
		for _, e := range pkg.Errors {
			return nil, fmt.Errorf("package %s does not compile: %v", pkg.PkgPath, e)
		}
	}
	v.findDeclaration()
	if v.spec == nil {
		return nil, fmt.Errorf("the declaration of %s was not found", name)
	}
	return v, nil
}

func (v *variable) findDeclaration() {
	object := v.pkg.Types.Scope().Lookup(v.name)
	for _, file := range v.pkg.Syntax {
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, s := range g.Specs {
				spec := s.(*ast.ValueSpec)
				if slices.ContainsFunc(spec.Names, func(n *ast.Ident) bool { return v.pkg.TypesInfo.Defs[n] == object }) {
					v.file, v.decl, v.spec = file, g, spec
				}
			}
		}
	}
}

// check collects all that speaks against the rewrite.
func (v *variable) check(loaded []*packages.Package) {
	if ast.IsExported(v.name) {
		v.refuse("it is exported, and other packages may use it as a variable")
	}
	if len(v.spec.Names) != 1 || len(v.spec.Values) != 1 {
		v.refuse("its initializer is not one of its own")
		return
	}
	v.checkType()
	v.checkPackage()
	for _, pkg := range v.variant {
		for _, file := range pkg.Syntax {
			v.checkUses(pkg, file)
		}
	}
	prover := newProver(loaded)
	if err := prover.pure(v.pkg, v.spec.Values[0]); err != nil {
		v.refuse("its initializer %v", err)
	}
}

func (v *variable) checkType() {
	object := v.pkg.Types.Scope().Lookup(v.name)
	switch object.Type().Underlying().(type) {
	case *types.Struct, *types.Array:
		v.refuse("it is a struct or an array, of which parts may be changed in place")
	case *types.Chan:
		v.refuse("it is a channel")
	}
}

// checkPackage looks for what types don't tell.
func (v *variable) checkPackage() {
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(v.name) + `\b`)
	if m := v.pkg.Module; m != nil && m.GoVersion != "" && version.Compare("go"+m.GoVersion, "go1.21") < 0 {
		v.refuse("its module says go %s, which has no sync.OnceValue", m.GoVersion)
	}
	for _, pkg := range v.variant {
		if !slices.Equal(pkg.GoFiles, pkg.CompiledGoFiles) {
			v.refuse("its package uses cgo")
		}
		for _, name := range slices.Concat(pkg.IgnoredFiles, pkg.OtherFiles) {
			if data, err := os.ReadFile(name); err != nil || word.Match(data) {
				v.refuse("%s, which is not compiled here or not by Go, mentions the name", filepath.Base(name))
			}
		}
		for _, file := range pkg.Syntax {
			for _, group := range file.Comments {
				for _, c := range group.List {
					if strings.HasPrefix(c.Text, "//go:linkname") && word.MatchString(c.Text) {
						v.refuse("a go:linkname directive names it")
					}
				}
			}
		}
	}
	if ast.IsGenerated(v.file) {
		v.refuse("its file is generated")
	}
	for _, doc := range []*ast.CommentGroup{v.decl.Doc, v.spec.Doc} {
		if doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:") }) {
			v.refuse("it has a directive for the compiler")
		}
	}
}
