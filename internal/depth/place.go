// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"go/token"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// A placer tells where in the source something is, with the names of files that the binary has.
type placer struct {
	files   *token.FileSet
	folders map[string]string // what go build -trimpath calls the folders; nil without it
	names   map[string]string // what the files are called, as far as they were asked for
}

func newPlacer(files *token.FileSet, initial []*packages.Package, trimmed bool) *placer {
	p := &placer{files: files, names: map[string]string{}}
	for _, pkg := range initial {
		if isTestMain(pkg) {
			for _, file := range pkg.CompiledGoFiles { // somewhere in the go command's cache
				p.names[file] = "_testmain.go"
			}
		}
	}
	if !trimmed {
		return p
	}
	p.folders = map[string]string{}
	packages.Visit(initial, nil, func(pkg *packages.Package) {
		name := pkg.PkgPath
		if m := pkg.Module; m != nil && m.Version != "" {
			name = m.Path + "@" + m.Version + strings.TrimPrefix(name, m.Path)
		}
		for _, file := range pkg.GoFiles {
			p.folders[filepath.Dir(file)] = name
		}
	})
	return p
}

func (p *placer) place(pos token.Pos) place {
	at := p.files.Position(pos)
	name, known := p.names[at.Filename]
	if !known {
		name = at.Filename
		if folder, ok := p.folders[filepath.Dir(name)]; ok {
			name = folder + "/" + filepath.Base(name)
		}
		p.names[at.Filename] = name
	}
	return place{name, at.Line}
}
