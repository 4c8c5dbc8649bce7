// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// A Package is what the go command knows of a package of the program.
type Package struct {
	ImportPath string
	Dir        string
	Name       string
	Standard   bool
	DepOnly    bool
	Module     *Module
	Imports    []string
	ImportMap  map[string]string
}

// A Module is what a Package belongs to.
type Module struct {
	Path, Version string
	Main          bool
}

// ListFlags are the arguments of the go command whose output ReadPackages reads, before the flags and names of the user.
var ListFlags = []string{"list", "-deps", "-json=ImportPath,Dir,Name,Standard,DepOnly,Module,Imports,ImportMap"}

// ReadPackages reads what go list printed.
func ReadPackages(r io.Reader) ([]Package, error) {
	var list []Package
	for dec := json.NewDecoder(r); ; {
		var p Package
		if err := dec.Decode(&p); err == io.EOF {
			return list, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list printed something else than packages: %w", err)
		}
		list = append(list, p)
	}
}

// groupStandard is the group of packages that are in no module.
const groupStandard = "standard library"

// group is what a package is counted with: the module and its version, or the standard library.
func (p *Package) group() string {
	if p.Standard || p.Module == nil {
		return groupStandard
	}
	return p.Module.group()
}

func (m Module) group() string {
	if m.Version == "" || m.Main {
		return m.Path
	}
	return m.Path + "@" + m.Version
}

// A program is the packages of one, by import path.
type program struct {
	packages map[string]*Package
	from     map[string]string // the package that imports it, on a shortest way from main
	always   map[string]bool   // what package runtime consists of
	main     string
}

// newProgram finds for each package the shortest way from the main package to it.
func newProgram(list []Package) *program {
	p := &program{packages: map[string]*Package{}, from: map[string]string{}, always: map[string]bool{"runtime": true}}
	for i := range list {
		p.packages[list[i].ImportPath] = &list[i]
		if !list[i].DepOnly {
			p.main = list[i].ImportPath
		}
	}
	p.reach(p.main, func(importer, name string) bool {
		if p.from[name] != "" || name == p.main {
			return false
		}
		p.from[name] = importer
		return true
	})
	p.reach("runtime", func(_, name string) bool {
		seen := p.always[name]
		p.always[name] = true
		return !seen
	})
	return p
}

// reach calls visit for the imports of a package, and then for those of each one for which it returned true.
func (p *program) reach(from string, visit func(importer, name string) bool) {
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		importer := p.packages[queue[0]]
		if importer == nil {
			continue
		}
		for _, name := range importer.Imports {
			if mapped, ok := importer.ImportMap[name]; ok {
				name = mapped
			}
			if visit(queue[0], name) {
				queue = append(queue, name)
			}
		}
	}
}

// find returns the package with the import path that a binary has. The main package is called main there.
func (p *program) find(pkg string) *Package {
	if pkg == "main" {
		pkg = p.main
	}
	return p.packages[pkg]
}

// chain returns the imports that lead from the main package to a package, both included, or nil if they are not known, or if every
// program has the package.
func (p *program) chain(pkg string) []string {
	if pkg == "main" || p.from[pkg] == "" || p.always[pkg] {
		return nil
	}
	list := []string{pkg}
	for name := pkg; name != p.main; {
		name = p.from[name]
		list = append(list, name)
	}
	slices.Reverse(list)
	return list
}
