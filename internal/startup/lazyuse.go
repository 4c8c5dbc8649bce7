// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"

	"golang.org/x/tools/go/packages"
)

// checkUses finds the uses of the variable in a file. Each must be one in which a call that returns the value would do as well.
func (v *variable) checkUses(pkg *packages.Package, file *ast.File) {
	for _, decl := range file.Decls {
		var above []ast.Node // the node, and those that it is in
		ast.Inspect(decl, func(n ast.Node) bool {
			if n == nil {
				above = above[:len(above)-1]
				return false
			}
			above = append(above, n)
			if id, ok := n.(*ast.Ident); ok && v.objects[pkg.TypesInfo.Uses[id]] {
				v.checkUse(pkg, decl, above)
				v.uses[pkg.Fset.Position(id.End())] = true
			}
			return true
		})
	}
}

// checkUse looks at one use, the last of above.
func (v *variable) checkUse(pkg *packages.Package, decl ast.Decl, above []ast.Node) {
	id := above[len(above)-1].(*ast.Ident)
	position := pkg.Fset.Position(id.Pos())
	at := fmt.Sprintf("%s:%d", filepath.Base(position.Filename), position.Line)
	if f, ok := decl.(*ast.FuncDecl); !ok {
		v.refuse("another variable is initialized with it at %s", at)
	} else if f.Recv == nil && f.Name.Name == "init" {
		v.refuse("an init function uses it at %s", at)
	}
	used := ast.Expr(id)
	i := len(above) - 2
	for ; i >= 0; i-- {
		parens, ok := above[i].(*ast.ParenExpr)
		if !ok {
			break
		}
		used = parens
	}
	if i < 0 {
		return
	}
	switch parent := above[i].(type) {
	case *ast.UnaryExpr:
		if parent.Op == token.AND {
			v.refuse("its address is taken at %s", at)
		}
	case *ast.AssignStmt:
		for _, left := range parent.Lhs {
			if left == used {
				v.refuse("it is assigned to at %s", at)
			}
		}
	case *ast.IncDecStmt:
		v.refuse("it is assigned to at %s", at)
	case *ast.RangeStmt:
		if parent.Key == used || parent.Value == used {
			v.refuse("it is assigned to at %s", at)
		}
	case *ast.SelectorExpr:
		if v.needsAddress(pkg, parent) {
			v.refuse("a method that takes its address is called at %s", at)
		}
	}
}

// needsAddress reports whether a selector is for a method of a pointer to the variable.
func (v *variable) needsAddress(pkg *packages.Package, s *ast.SelectorExpr) bool {
	selection := pkg.TypesInfo.Selections[s]
	if selection == nil || selection.Kind() != types.MethodVal {
		return false
	}
	_, wantsPointer := selection.Obj().(*types.Func).Signature().Recv().Type().(*types.Pointer)
	_, isPointer := selection.Recv().Underlying().(*types.Pointer)
	return wantsPointer && !isPointer && !selection.Indirect()
}
