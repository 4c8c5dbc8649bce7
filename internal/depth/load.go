// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"iter"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
)

// listPackages returns the main package and package runtime, with all that they import, without their source.
func listPackages(from Source) ([]*packages.Package, error) {
	patterns := []string{from.Main, "runtime"} // which every program has, imported or not
	if from.Test {
		patterns = patterns[:1] // package testing imports it, and its own tests are not wanted
	}
	initial, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps |
			packages.NeedTypesSizes | packages.NeedModule,
		Dir: from.Dir, Env: from.Env, BuildFlags: from.Flags, Overlay: from.Overlay, Tests: from.Test,
	}, patterns...)
	if err != nil {
		return nil, err
	}
	if from.Test {
		initial = slices.DeleteFunc(initial, func(p *packages.Package) bool { return p.Name != "main" || !isTestMain(p) })
	}
	return initial, firstError(initial)
}

// mainPath returns the import path of the one main package among some.
func mainPath(initial []*packages.Package, from Source) (path string, err error) {
	for _, p := range initial {
		if p.PkgPath != "runtime" {
			if path != "" || p.Name != "main" {
				return "", fmt.Errorf("%s is not one main package", from.Main)
			}
			path = p.PkgPath
		}
	}
	if path == "" {
		return "", fmt.Errorf("%s has no tests", from.Main)
	}
	return path, nil
}

// isTestMain reports whether p is the main package that the go command writes for tests.
func isTestMain(p *packages.Package) bool { return strings.HasSuffix(p.ID, ".test") }

func firstError(initial []*packages.Package) (err error) {
	packages.Visit(initial, nil, func(p *packages.Package) {
		if err == nil && len(p.Errors) > 0 {
			err = fmt.Errorf("%s: %w", p.PkgPath, errors.New(p.Errors[0].Error()))
		}
	})
	return err
}

// A loader makes the SSA form of packages, some at a time: the syntax of a large program, with what the type checker finds of it, takes
// more memory than its SSA form, and is not needed any more when that is there.
type loader struct {
	files   *token.FileSet
	program *ssa.Program
	overlay map[string][]byte
	test    bool
	facts   map[string]facts // by ID, of packages that may be edited; nil if they are not asked for
}

// batch is how many bytes of source are loaded at a time.
const batch = 8 << 20

// load loads packages and what they import. When a package's SSA form is there, it hands it to loaded with its syntax: one after another,
// each after those that it imports. While that goes on, the next packages are parsed, and their types found.
func (l *loader) load(initial []*packages.Package, loaded func(*packages.Package)) error {
	ready := make(chan typed) // holds none back: more syntax than that of two batches at a time would be too much
	stop := make(chan bool)
	go func() {
		defer close(ready)
		for some := range batches(initial) {
			select {
			case ready <- typed{some, l.check(some)}:
			case <-stop:
				return
			}
		}
	}()
	defer close(stop)
	for t := range ready {
		if t.err != nil {
			return t.err
		}
		l.build(t.packages, loaded)
	}
	return nil
}

// A typed is packages whose types are known.
type typed struct {
	packages []*packages.Package
	err      error // the first that was found
}

// batches returns packages and what they import: some at a time, each after those that it imports.
func batches(initial []*packages.Package) iter.Seq[[]*packages.Package] {
	return func(yield func([]*packages.Package) bool) {
		var all, some []*packages.Package
		packages.Visit(initial, nil, func(p *packages.Package) { all = append(all, p) })
		size := int64(0)
		for _, p := range all {
			some = append(some, p)
			for _, name := range p.CompiledGoFiles {
				if info, err := os.Stat(name); err == nil {
					size += info.Size()
				}
			}
			if size > batch {
				if !yield(some) {
					return
				}
				some, size = nil, 0
			}
		}
		yield(some)
	}
}

// check parses packages, whose imports were checked or come before them, and finds their types.
func (l *loader) check(some []*packages.Package) error {
	checked := map[*packages.Package]chan bool{}
	for _, p := range some {
		checked[p] = make(chan bool)
	}
	inParallel(some, func(p *packages.Package) {
		defer close(checked[p])
		l.parse(p)
		for _, imported := range p.Imports {
			if done := checked[imported]; done != nil {
				<-done // somebody has begun it before
			}
		}
		l.checkPackage(p)
	})
	for _, p := range some {
		if len(p.Errors) > 0 {
			return fmt.Errorf("%s: %w", p.PkgPath, errors.New(p.Errors[0].Error()))
		}
	}
	return nil
}

// build makes the SSA form of packages, and lets go of their syntax when loaded has had it.
func (l *loader) build(some []*packages.Package, loaded func(*packages.Package)) {
	for _, p := range some {
		l.program.CreatePackage(p.Types, p.Syntax, p.TypesInfo, true)
	}
	var mu sync.Mutex
	inParallel(some, func(p *packages.Package) {
		l.program.Package(p.Types).Build()
		if l.facts != nil && isOwnPackage(p) {
			found := factsOf(l.program, p)
			mu.Lock()
			defer mu.Unlock()
			l.facts[p.ID] = found
		}
	})
	for _, p := range some {
		loaded(p)
	}
	inParallel(some, dropSyntax)
}

// inParallel calls do for all packages, on all processors. They are begun in order.
func inParallel(some []*packages.Package, do func(*packages.Package)) {
	next := make(chan *packages.Package)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for p := range next {
				do(p)
			}
		})
	}
	for _, p := range some {
		next <- p
	}
	close(next)
	workers.Wait()
}

func (l *loader) parse(p *packages.Package) {
	for _, name := range p.CompiledGoFiles {
		text, err := l.read(name)
		if err == nil {
			var file *ast.File
			file, err = parseFile(l.files, name, text)
			if file != nil {
				p.Syntax = append(p.Syntax, file)
			}
		}
		addError(p, err)
	}
}

func (l *loader) read(name string) ([]byte, error) {
	if text, known := l.overlay[name]; known {
		return text, nil
	}
	return os.ReadFile(name)
}

// parseFile parses a file, with comments only if there are some that matter here: they take memory.
func parseFile(files *token.FileSet, name string, text []byte) (*ast.File, error) {
	mode := parser.AllErrors | parser.SkipObjectResolution
	if bytes.Contains(text, []byte(linknamePrefix)) || bytes.Contains(text, []byte(assertionPrefix)) {
		mode |= parser.ParseComments
	}
	return parser.ParseFile(files, name, text, mode)
}

// checkPackage finds the types in a package.
func (l *loader) checkPackage(p *packages.Package) {
	p.TypesInfo = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}
	if p.PkgPath == "unsafe" {
		p.Types, p.Syntax = types.Unsafe, nil
		return
	}
	p.Types = types.NewPackage(p.PkgPath, p.Name)
	config := types.Config{
		Sizes: p.TypesSizes,
		Error: func(err error) { addError(p, err) },
		Importer: importer(func(path string) (*types.Package, error) {
			switch imported := p.Imports[path]; {
			case path == "unsafe":
				return types.Unsafe, nil
			case imported == nil || imported.Types == nil || !imported.Types.Complete():
				return nil, fmt.Errorf("no package %s was loaded", path)
			default:
				return imported.Types, nil
			}
		}),
	}
	if p.Module != nil && p.Module.GoVersion != "" {
		config.GoVersion = "go" + p.Module.GoVersion
	}
	if err := types.NewChecker(&config, l.files, p.Types, p.TypesInfo).Files(p.Syntax); len(p.Errors) == 0 {
		addError(p, err)
	}
	if l.test && p.Name == "main" && !isTestMain(p) {
		p.Types.SetName("tested") // the linker calls only the package with the tests' own main function main
	}
}

type importer func(path string) (*types.Package, error)

func (i importer) Import(path string) (*types.Package, error) { return i(path) }

// addError records the first of what is wrong with a package.
func addError(p *packages.Package, err error) {
	var list scanner.ErrorList
	var wrong types.Error
	switch {
	case err == nil || len(p.Errors) > 0:
	case errors.As(err, &list):
		p.Errors = []packages.Error{{Pos: list[0].Pos.String(), Msg: list[0].Msg, Kind: packages.ParseError}}
	case errors.As(err, &wrong):
		p.Errors = []packages.Error{{Pos: wrong.Fset.Position(wrong.Pos).String(), Msg: wrong.Msg, Kind: packages.TypeError}}
	default:
		p.Errors = []packages.Error{{Pos: "-", Msg: err.Error()}}
	}
}

// dropSyntax lets go of a package's syntax and of what is known of it: all but that of generic functions, of which there may be more
// instances yet. What is left of other functions is where they start and end.
func dropSyntax(p *packages.Package) {
	all := *p.TypesInfo
	kept := types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	for _, file := range p.Syntax {
		for _, d := range file.Decls {
			if isGenericDecl(&all, d) {
				keepInfo(&kept, &all, d)
			} else {
				dropBodies(d)
			}
		}
	}
	*p.TypesInfo = kept // which the SSA form of generic functions refers to
	p.Syntax, p.TypesInfo = nil, nil
}

func isGenericDecl(info *types.Info, d ast.Decl) bool {
	f, ok := d.(*ast.FuncDecl)
	if !ok {
		return false
	}
	declared, ok := info.Defs[f.Name].(*types.Func)
	return ok && (declared.Signature().TypeParams().Len() > 0 || declared.Signature().RecvTypeParams().Len() > 0)
}

func keepInfo(kept, all *types.Info, d ast.Decl) {
	ast.Inspect(d, func(n ast.Node) bool {
		if n == nil {
			return true
		}
		if x, ok := n.(ast.Expr); ok {
			keep(kept.Types, all.Types, x)
		}
		keep(kept.Implicits, all.Implicits, n)
		switch n := n.(type) {
		case *ast.Ident:
			keep(kept.Defs, all.Defs, n)
			keep(kept.Uses, all.Uses, n)
			keep(kept.Instances, all.Instances, n)
		case *ast.SelectorExpr:
			keep(kept.Selections, all.Selections, n)
		}
		return true
	})
}

func keep[K comparable, V any](kept, all map[K]V, key K) {
	if v, known := all[key]; known {
		kept[key] = v
	}
}

func dropBodies(d ast.Decl) {
	var bodies []*ast.BlockStmt
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			bodies = append(bodies, n.Body)
			if n.Body != nil {
				n.Recv, n.Type = nil, &ast.FuncType{Func: n.Type.Func}
			}
		case *ast.FuncLit:
			bodies = append(bodies, n.Body)
			n.Type = &ast.FuncType{Func: n.Type.Func}
		case *ast.RangeStmt: // perhaps over a function
			bodies = append(bodies, n.Body)
		}
		return true
	})
	for _, b := range bodies {
		if b != nil {
			b.List = nil
		}
	}
}
