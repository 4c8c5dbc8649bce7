// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/types/typeutil"
)

// A prover proves that the value of an expression is the same whenever it is computed, and that computing it has no other effect. It
// holds if all functions that are mentioned are known to be so, or are the module's own and can be shown to be so, and if no variable
// at package level is used: then there is nothing that they could depend on or change but what they make themselves.
type prover struct {
	bodies map[string]body // of the module's functions, by full name
	known  map[string]error
}

type body struct {
	pkg  *packages.Package
	decl *ast.FuncDecl
}

func newProver(loaded []*packages.Package) *prover {
	p := &prover{map[string]body{}, map[string]error{}}
	for _, pkg := range loaded {
		for _, file := range pkg.Syntax {
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				if object, ok := pkg.TypesInfo.Defs[f.Name].(*types.Func); ok {
					p.bodies[object.FullName()] = body{pkg, f}
				}
			}
		}
	}
	return p
}

// Packages of the standard library whose functions and methods depend on their arguments alone, and change nothing else. A list says
// which functions; nil stands for all.
var purePackages = map[string][]string{
	"bytes": nil, "cmp": nil, "container/list": nil, "encoding/base64": nil, "encoding/hex": nil, "errors": {"New", "Join"},
	"fmt": {"Sprint", "Sprintf", "Sprintln", "Errorf"}, "hash/crc32": {"MakeTable"}, "html": nil, "html/template": nil,
	"maps": nil, "math": nil, "math/big": nil, "math/bits": nil, "math/cmplx": nil, "net/netip": nil, "net/url": nil, "path": nil,
	"regexp": nil, "regexp/syntax": nil, "slices": nil, "sort": {"Ints", "Float64s", "Strings", "Slice", "SliceStable"},
	"strconv": nil, "strings": nil, "text/template": nil, "text/template/parse": nil, "unicode": nil, "unicode/utf16": nil,
	"unicode/utf8": nil,
}

// impure are functions and methods of those packages that are otherwise: they read files, call methods of what they are given, or use chance.
var impure = []string{
	"HTMLEscaper", "JSEscaper", "URLQueryEscaper", "NewEncoder", "NewDecoder", "Dumper", "Scan", "Format",
	"ParseFiles", "ParseGlob", "ParseFS", "Execute", "ExecuteTemplate", "Rand", "Read", "ReadFrom", "WriteTo", "Write",
}

// pure returns nil if an expression or a function's body is pure, and else why that is not known.
func (p *prover) pure(pkg *packages.Package, node ast.Node) (fault error) {
	ast.Inspect(node, func(n ast.Node) bool {
		if fault != nil || n == nil {
			return false
		}
		fault = p.pureNode(pkg, n)
		return fault == nil
	})
	return fault
}

func (p *prover) pureNode(pkg *packages.Package, n ast.Node) error {
	info := pkg.TypesInfo
	switch n := n.(type) {
	case *ast.GoStmt:
		return errors.New("starts a goroutine")
	case *ast.SendStmt, *ast.SelectStmt:
		return errors.New("uses a channel")
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return errors.New("uses a channel")
		}
	case *ast.RangeStmt:
		if _, ok := info.TypeOf(n.X).Underlying().(*types.Chan); ok {
			return errors.New("uses a channel")
		}
	case *ast.CallExpr:
		return p.pureCall(info, n)
	case *ast.Ident:
		switch object := info.Uses[n].(type) {
		case *types.Var:
			if object.Pkg() != nil && object.Parent() == object.Pkg().Scope() && object.Pkg().Path() != "unicode" {
				return fmt.Errorf("uses the variable %s", object.Name())
			}
		case *types.Func:
			return p.pureFunction(object)
		case *types.Builtin:
			if slices.Contains([]string{"print", "println", "recover", "close"}, object.Name()) {
				return fmt.Errorf("calls %s", object.Name())
			}
		}
	}
	return nil
}

// pureCall looks at what a call has beside the function's name, which is looked at as an identifier.
func (p *prover) pureCall(info *types.Info, call *ast.CallExpr) error {
	callee, ok := typeutil.Callee(info, call).(*types.Func)
	if !ok {
		return nil // a conversion, a built-in function, or a function value, which was mentioned where it came from
	}
	if recv := callee.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return fmt.Errorf("calls the method %s of an interface", callee.Name())
	}
	if callee.Pkg() != nil && callee.Pkg().Path() == "fmt" {
		for _, arg := range call.Args {
			if _, basic := info.TypeOf(arg).(*types.Basic); !basic {
				return errors.New("formats a value that may have methods")
			}
		}
	}
	return nil
}

// pureFunction reports on a function that is mentioned.
func (p *prover) pureFunction(f *types.Func) error {
	f = f.Origin()
	name := f.FullName()
	if err, ok := p.known[name]; ok {
		return err
	}
	p.known[name] = nil // while it calls itself
	err := p.examine(f, name)
	p.known[name] = err
	return err
}

func (p *prover) examine(f *types.Func, name string) error {
	if f.Pkg() == nil {
		return nil // error.Error
	}
	if functions, ok := purePackages[f.Pkg().Path()]; ok {
		if functions != nil && !slices.Contains(functions, f.Name()) || slices.Contains(impure, f.Name()) {
			return fmt.Errorf("calls %s", name)
		}
		return nil
	}
	b, ok := p.bodies[name]
	if !ok || b.decl.Body == nil {
		return fmt.Errorf("calls %s, of which it is not known what it does", name)
	}
	if err := p.pure(b.pkg, b.decl.Body); err != nil {
		return fmt.Errorf("calls %s, which %w", name, err)
	}
	return nil
}
