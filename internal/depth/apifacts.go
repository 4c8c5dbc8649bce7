// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"crypto/sha256"
	"fmt"
	"go/types"
	"strings"

	"golang.org/x/tools/go/packages"
)

// What other packages see of a package is not all among its facts: if a constant or a result has another type, what they put into an interface has.
// Then the facts of those packages are compared, too.

// api returns a hash of what other packages see, by names and types.
func (w *factWriter) api(p *packages.Package) [sha256.Size]byte {
	var b strings.Builder
	scope := p.Types.Scope()
	for _, name := range scope.Names() { // in order
		switch object := scope.Lookup(name).(type) {
		case *types.Const, *types.Func:
			if object.Exported() {
				fmt.Fprintf(&b, "%T %s %s\n", object, name, w.typeName(object.Type()))
			}
		case *types.TypeName: // values of one that is not exported may be handed out
			named, ok := object.Type().(*types.Named)
			if !ok {
				continue
			}
			fmt.Fprintf(&b, "type %s\n", name)
			if u, ok := named.Underlying().(*types.Struct); ok {
				for f := range u.Fields() {
					if f.Exported() || f.Embedded() {
						fmt.Fprintf(&b, "%s %s %t\n", f.Name(), w.typeName(f.Type()), f.Embedded())
					}
				}
			}
			for m := range named.Methods() {
				if m.Exported() {
					fmt.Fprintf(&b, "%s %s\n", m.Name(), w.typeName(m.Type()))
				}
			}
		}
	}
	return sha256.Sum256([]byte(b.String()))
}

// importers returns the packages that import some, directly or not, without these.
func (s *Source) importers(some map[string]bool) []*packages.Package {
	var all []*packages.Package
	imports := map[*packages.Package]bool{}
	packages.Visit(s.listed, nil, func(p *packages.Package) { // each after those that it imports
		for _, imported := range p.Imports {
			imports[p] = imports[p] || some[imported.ID] || imports[imported]
		}
		if imports[p] && !some[p.ID] {
			all = append(all, p)
		}
	})
	return all
}
