// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/arch/x86/x86asm"
)

// lines knows which lines of a package's source initialize which variables.
type lines struct {
	files map[string][]span // by the file's name without directories
}

// A span is a statement that initializes variables.
type span struct {
	first, last int // lines
	names       string
}

// readLines reads files of a package. What can't be read, or doesn't parse, has no variables.
func readLines(files []string) *lines {
	known := &lines{map[string][]span{}}
	set := token.NewFileSet()
	for _, name := range files {
		file, _ := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if file == nil {
			continue
		}
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
				known.addAll(set, g)
			}
		}
	}
	return known
}

// sources returns the files whose variables an init function initializes, as far as they are there.
func (m *image) sources(f initFunc, p *Package) []string {
	var files []string
	list, _ := m.instructions(f)
	for _, i := range list {
		name := i.file
		if p != nil {
			name = filepath.Join(p.Dir, path.Base(i.file))
		}
		if i.file != "" && filepath.IsAbs(name) && !slices.Contains(files, name) {
			files = append(files, name)
		}
	}
	return files
}

func (l *lines) addAll(set *token.FileSet, g *ast.GenDecl) {
	for _, s := range g.Specs {
		spec, ok := s.(*ast.ValueSpec)
		if !ok || len(spec.Values) == 0 {
			continue
		}
		var names []string
		for _, n := range spec.Names {
			names = append(names, n.Name)
		}
		first, last := set.Position(spec.Pos()), set.Position(spec.End())
		name := filepath.Base(first.Filename)
		l.files[name] = append(l.files[name], span{first.Line, last.Line, strings.Join(names, ", ")})
	}
}

// at returns the statement that a line belongs to.
func (l *lines) at(file string, line int) (span, bool) {
	for _, s := range l.files[file] {
		if s.first <= line && line <= s.last {
			return s, true
		}
	}
	return span{}, false
}

// An instruction is one of an initialization function.
type instruction struct {
	address uint64
	calls   bool
	file    string // where it is in the function; for code that was inlined, where that was called
	line    int
}

// cutVariables adds the cuts by variables of a package's init function. The compiler puts the code for one variable behind that for
// the other; a cut is where the code for a variable starts. Where no jump fits there, it is as soon as one fits, but before the first
// call; if there is no such place, the variable counts as part of the one before.
func (m *image) cutVariables(f initFunc, known *lines, c *cutting) {
	list, targets := m.instructions(f)
	seen := map[span]bool{{}: true}
	free := f.address + jumpSize // the first place where a cut overwrites no other one
	var current span
	open := false // a cut for current is still to be made
	for _, i := range list {
		if s, ok := known.at(path.Base(i.file), i.line); ok && s != current {
			current, open = s, !seen[s]
			seen[s] = true
		}
		if !open {
			continue
		}
		size, err := cuttable(m, i.address)
		if err == nil && i.address >= free && !within(targets, i.address, size) {
			c.add(cut{address: i.address}, mark{atVariable, f.pkg, current.names, i.file, current.first})
			free = i.address + uint64(size)
			open = false
		}
		open = open && !i.calls
	}
}

// within reports whether a jump goes to the middle of a piece of code.
func within(targets []uint64, start uint64, size int) bool {
	i, _ := slices.BinarySearch(targets, start+1)
	return i < len(targets) && targets[i] < start+uint64(size)
}

// instructions returns the instructions of an init function, and where its jumps go. They end where one can't be decoded.
func (m *image) instructions(f initFunc) (list []instruction, targets []uint64) {
	function, err := m.text.Func(f.number)
	if err != nil {
		return nil, nil
	}
	places := function.Places()
	code := m.code(f.address)
	code = code[:min(uint64(len(code)), function.End-function.Entry)]
	var file, lastFile string
	var line, lastLine int
	for at := 0; at < len(code); {
		inst, err := decode(code[at:])
		if err != nil {
			break
		}
		next := instruction{address: f.address + uint64(at), calls: inst.Op == x86asm.CALL}
		if here, n := places.At(uint64(at)); here != lastFile || n != lastLine {
			frames := m.text.Frames(function, uint64(at))
			own := frames[len(frames)-1]
			file, line, lastFile, lastLine = own.File, own.Line, here, n
		}
		next.file, next.line = file, line
		if target, ok := branchTarget(inst, next.address); ok && !next.calls {
			targets = append(targets, target)
		}
		list = append(list, next)
		at += inst.Len
	}
	slices.Sort(targets)
	return list, targets
}
