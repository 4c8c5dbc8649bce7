// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"cmp"
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/version"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A plan is a set looked at with one GOROOT in hand.
type plan struct {
	set        Set
	goroot     string
	release    string
	decls      []Decl
	sources    map[string]*source             // path -> parsed stock file
	failures   map[string]error               // path -> why there is no source
	splices    map[string][]splice            // path -> changes
	edited     map[string]map[ast.Decl]string // path -> what splices are in, by name
	added      Files
	mismatches []Mismatch
}

// Verify compares every edited and watched declaration of goroot with s.Known,
// and tries every edit. It returns everything that does not fit.
func (s Set) Verify(goroot string) []Mismatch {
	p := s.newPlan(goroot)
	p.carryOut()
	return p.sorted()
}

// Apply returns the edited and the added files for goroot, or a *MismatchError.
// It writes nothing.
func (s Set) Apply(goroot string) (Files, error) {
	p := s.newPlan(goroot)
	files := p.carryOut()
	if err := p.err(); err != nil {
		return nil, err
	}
	return files, nil
}

// newPlan parses what s is about in goroot.
func (s Set) newPlan(goroot string) *plan {
	p := &plan{
		set:     s,
		goroot:  goroot,
		release: release(goroot),
		splices: map[string][]splice{},
		edited:  map[string]map[ast.Decl]string{},
	}
	p.decls = s.decls(p.lang())
	p.load()
	return p
}

// carryOut makes the files of p, having noted everything that does not fit.
func (p *plan) carryOut() Files {
	for _, d := range p.decls {
		p.compare(d)
	}
	for _, e := range p.set.Edits {
		if e.concerns(p.lang()) {
			p.edit(e)
		}
	}
	p.add()
	return p.render()
}

// err returns what was noted as a *MismatchError, or nil.
func (p *plan) err() error {
	if len(p.mismatches) == 0 {
		return nil
	}
	return &MismatchError{p.goroot, p.release, p.set.Releases(), p.sorted()}
}

func (p *plan) lang() string { return version.Lang(p.release) }

// load parses the files of p.decls, at the same time.
func (p *plan) load() {
	p.sources, p.failures = map[string]*source{}, map[string]error{}
	var wg sync.WaitGroup
	var mu sync.Mutex
	started := map[string]bool{}
	for _, d := range p.decls {
		if started[d.File] {
			continue
		}
		started[d.File] = true
		wg.Go(func() {
			src, err := load(p.goroot, d.File, p.lang())
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				p.failures[d.File] = err
			} else {
				p.sources[d.File] = src
			}
		})
	}
	wg.Wait()
}

// lookup returns the declaration d of the stock files.
func (p *plan) lookup(d Decl) (*declaration, error) {
	switch err := p.failures[d.File]; {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("no such file")
	case err != nil:
		return nil, err
	}
	return p.sources[d.File].lookup(d.Name)
}

// refuse notes that d is not as it should be.
func (p *plan) refuse(d Decl, action, found string) {
	p.mismatches = append(p.mismatches, Mismatch{d, action, found, p.set.Known.Releases(d)})
}

// compare notes a declaration that is missing or has an unknown text.
func (p *plan) compare(d Decl) {
	stock, err := p.lookup(d)
	if err != nil {
		p.refuse(d, "", err.Error())
		return
	}
	if hash := stock.hash(); len(p.set.Known[d][hash]) == 0 {
		p.refuse(d, "", "its text is unknown (hash "+hash+")")
	}
}

// edit adds the splices of e.
func (p *plan) edit(e Edit) {
	stock, err := p.lookup(e.Decl)
	if err != nil {
		return // noted by compare
	}
	for _, action := range e.Do {
		if err := action.check(); err != nil {
			p.refuse(e.Decl, action.String(), err.Error())
			continue
		}
		splices, err := action.plan(stock)
		if err != nil {
			p.refuse(e.Decl, action.String(), err.Error())
			continue
		}
		p.splices[e.File] = append(p.splices[e.File], splices...)
		if p.edited[e.File] == nil {
			p.edited[e.File] = map[ast.Decl]string{}
		}
		p.edited[e.File][stock.top] = e.Name
	}
}

// add reads the files to add, none of which may be a stock one.
func (p *plan) add() {
	added, err := p.set.added()
	if err != nil {
		p.refuse(Decl{File: "(added files)"}, "", err.Error())
	}
	for _, path := range added.paths() {
		_, err := os.Lstat(filepath.Join(p.goroot, "src", filepath.FromSlash(path)))
		if err == nil {
			p.refuse(Decl{File: path}, "", "is to be added and exists already")
		} else if !errors.Is(err, fs.ErrNotExist) {
			p.refuse(Decl{File: path}, "", err.Error())
		}
	}
	p.added = added
}

// render returns all files, having noted what can't be rendered.
func (p *plan) render() Files {
	files := Files{}
	for path, data := range p.added {
		files[path] = data
	}
	for path, splices := range p.splices {
		if p.prove(path, splices) {
			src := p.sources[path]
			files[path] = splicedText(src.data, 0, len(src.data), splices)
		}
	}
	return files
}

// prove sorts splices and reports whether their outcome is Go, with stock lines
// where they were. The text outside of the edited declarations stays as it is,
// but for blanks, so that it is enough to parse those.
func (p *plan) prove(path string, splices []splice) bool {
	noted := len(p.mismatches)
	if err := sortSplices(splices); err != nil {
		p.refuse(Decl{File: path}, "", err.Error())
		return false
	}
	src := p.sources[path]
	for _, sp := range splices {
		if !sp.keepsLines(src.data) {
			p.refuse(Decl{File: path}, sp.by, "would move the lines below it")
		}
	}
	for top, name := range p.edited[path] {
		start, end := src.offset(top.Pos()), src.offset(top.End())
		own := slices.DeleteFunc(slices.Clone(splices), func(sp splice) bool {
			return sp.start < start || sp.end > end
		})
		if err := parses(splicedText(src.data, start, end, own)); err != nil {
			p.refuse(Decl{path, name}, actions(own), "gives no valid Go: "+err.Error())
		}
	}
	return len(p.mismatches) == noted
}

// parses reports why text is not one declaration or blank.
func parses(text []byte) error {
	f, err := parser.ParseFile(token.NewFileSet(), "", append([]byte("package p; "), text...), parser.SkipObjectResolution)
	var list scanner.ErrorList
	if errors.As(err, &list) {
		return errors.New(list[0].Msg)
	} else if err != nil {
		return err
	}
	if len(f.Decls) > 1 {
		return errors.New("it becomes several declarations")
	}
	return nil
}

// actions names the actions of splices, each once.
func actions(splices []splice) string {
	var names []string
	for _, sp := range splices {
		if !slices.Contains(names, sp.by) {
			names = append(names, sp.by)
		}
	}
	return strings.Join(names, ", ")
}

func (p *plan) sorted() []Mismatch {
	slices.SortStableFunc(p.mismatches, func(a, b Mismatch) int {
		return cmp.Or(compareDecls(a.Decl, b.Decl), cmp.Compare(a.Action, b.Action))
	})
	return p.mismatches
}
