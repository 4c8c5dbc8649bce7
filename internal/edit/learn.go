// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"fmt"
	"path/filepath"
	"slices"
)

// Learn returns the hashes that the edited and watched declarations have in
// goroot, recorded for its release. If some are missing, it returns the others
// with a *MismatchError.
func (s Set) Learn(goroot string) (Hashes, error) {
	p := s.newPlan(goroot)
	if p.release == "" {
		return nil, fmt.Errorf("%s: no VERSION file that states a release", goroot)
	}
	learned := Hashes{}
	for _, d := range p.decls {
		stock, err := p.lookup(d)
		if err != nil {
			p.refuse(d, "", err.Error())
			continue
		}
		learned.Add(d, stock.hash(), p.release)
	}
	return learned, p.err()
}

// A Change is a declaration that two GOROOTs have differently.
type Change struct {
	Decl
	Old, New string // text with directives; empty where the declaration is missing
}

// Changes returns the edited and watched declarations whose hashes differ
// between two GOROOTs, sorted.
func (s Set) Changes(oldroot, newroot string) []Change {
	older, newer := s.newPlan(oldroot), s.newPlan(newroot)
	decls := slices.Concat(older.decls, newer.decls)
	slices.SortFunc(decls, compareDecls)
	return changes(slices.Compact(decls), older, newer)
}

// DirChanges returns all declarations of the non-test files in dir, a slash path
// below GOROOT/src, whose hashes differ between two GOROOTs, and how many there
// are in either.
func DirChanges(oldroot, newroot, dir string) (changed []Change, total int, err error) {
	var all Set
	for _, root := range []string{oldroot, newroot} {
		decls, err := dirDecls(root, dir)
		if err != nil {
			return nil, 0, err
		}
		all.Watched = append(all.Watched, decls...)
	}
	older, newer := all.newPlan(oldroot), all.newPlan(newroot)
	decls := slices.SortedFunc(slices.Values(older.decls), compareDecls)
	return changes(decls, older, newer), len(decls), nil
}

func changes(decls []Decl, older, newer *plan) []Change {
	var changed []Change
	for _, d := range decls {
		was, _ := older.lookup(d)
		is, _ := newer.lookup(d)
		if was == nil && is == nil || was != nil && is != nil && was.hash() == is.hash() {
			continue
		}
		changed = append(changed, Change{d, was.full(), is.full()})
	}
	return changed
}

// dirDecls returns the declarations of dir that have a name of their own.
func dirDecls(goroot, dir string) ([]Decl, error) {
	paths, err := filepath.Glob(filepath.Join(goroot, "src", filepath.FromSlash(dir), "*.go"))
	if err != nil {
		return nil, err
	}
	var decls []Decl
	for _, path := range paths {
		name := filepath.Base(path)
		if !joinsBuild(name) {
			continue
		}
		src, err := load(goroot, dir+"/"+name, "")
		if err != nil {
			return nil, err
		}
		for decl, found := range src.decls {
			if len(found) == 1 {
				decls = append(decls, Decl{src.path, decl})
			}
		}
	}
	return decls, nil
}

// full returns the text of d with its directives, or "" if d is nil.
func (d *declaration) full() string {
	if d == nil {
		return ""
	}
	text := ""
	for _, c := range d.directives() {
		text += directive(c.Text) + "\n"
	}
	return text + string(d.src.data[d.src.offset(d.start()):d.src.offset(d.end())]) + "\n"
}
