// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/rogpeppe/go-internal/diff"
	"golang.org/x/tools/go/packages"
)

// A sourceState is what a program's source is at a time, as far as it takes to tell what was edited since.
type sourceState struct {
	Fixed    [sha256.Size]byte // how the source is asked for
	Packages []packageState    // by ID
}

// A packageState is what a package is at a time.
type packageState struct {
	ID    string
	Own   bool              // it belongs to the main module, and none of its files were written by a tool
	Fixed [sha256.Size]byte // its name, its imports, and what its files are called
	Files []fileState
	Facts facts // of those packages that may be edited
}

// A fileState is what a file is at a time.
type fileState struct {
	Name  string
	Sum   [sha256.Size]byte
	Lines []uint64 // a hash of each, of files that may be edited
}

// state returns what the source is now, without the facts.
func (s *Source) state() (*sourceState, error) {
	if err := s.List(); err != nil {
		return nil, err
	}
	fixed, err := json.Marshal([]any{s.Dir, s.Flags, s.Main, s.Trimmed, s.Test, isAsked(s.Env)})
	if err != nil {
		return nil, err
	}
	now := &sourceState{Fixed: sha256.Sum256(fixed)}
	all := s.visited()
	now.Packages = make([]packageState, len(all))
	return now, s.eachPackage(func(i int, p *packages.Package, l *loader) error {
		state, err := l.state(p)
		now.Packages[i] = state
		return err
	})
}

// isOwn reports whether a package belongs to the main module, and none of its files were written by a tool.
func isOwnPackage(p *packages.Package) bool {
	return p.Module != nil && p.Module.Main && slices.Equal(p.GoFiles, p.CompiledGoFiles)
}

func (l *loader) state(p *packages.Package) (packageState, error) {
	d, err := l.digest(p)
	if err != nil {
		return packageState{}, err
	}
	state := packageState{ID: p.ID, Own: isOwnPackage(p)}
	for i := range d.Files {
		f := fileState{Name: d.Files[i].Name, Sum: d.Files[i].Sum}
		if state.Own {
			text, err := l.read(f.Name)
			if err != nil {
				return state, err
			}
			f.Lines = linesOf(text)
		}
		state.Files = append(state.Files, f)
		d.Files[i].Sum = [sha256.Size]byte{}
	}
	fixed, err := json.Marshal(d)
	state.Fixed = sha256.Sum256(fixed)
	return state, err
}

func linesOf(text []byte) []uint64 {
	var lines []uint64
	for line := range bytes.Lines(text) {
		h := fnv.New64a()
		h.Write(bytes.TrimRight(line, "\r\n"))
		lines = append(lines, h.Sum64())
	}
	return lines
}

// since returns which packages were edited since then, and where the lines of the edited files went; false if the source has changed in other ways.
func (now *sourceState) since(then *sourceState) (edited []string, moved moves, ok bool) {
	if now.Fixed != then.Fixed || len(now.Packages) != len(then.Packages) {
		return nil, nil, false
	}
	moved = moves{}
	for i := range now.Packages {
		p, before := &now.Packages[i], &then.Packages[i]
		if p.ID != before.ID || p.Fixed != before.Fixed {
			return nil, nil, false
		}
		same := true
		for j, f := range p.Files {
			if old := before.Files[j]; f.Sum != old.Sum {
				same = false
				moved[f.Name] = moveOf(old.Lines, f.Lines)
			}
		}
		if same {
			continue
		}
		if !p.Own || !before.Own {
			return nil, nil, false
		}
		edited = append(edited, p.ID)
	}
	return edited, moved, true
}

// moves tell where lines are now, by file.
type moves map[string]move

// A move is where each line of a file is now; 0 if it was changed.
type move []int

func moveOf(old, now []uint64) move {
	text := func(lines []uint64) []byte {
		var b bytes.Buffer
		for _, hash := range lines {
			fmt.Fprintf(&b, "%x\n", hash)
		}
		return b.Bytes()
	}
	m := make(move, len(old))
	from, to := 0, 0 // lines that were looked at
	same := func(end int) {
		for ; from < end; from, to = from+1, to+1 {
			m[from] = to + 1
		}
	}
	for line := range bytes.Lines(diff.Diff("old", text(old), "now", text(now))) {
		var first, count int
		switch line[0] {
		case '@':
			if n, _ := fmt.Sscanf(string(line), "@@ -%d,%d", &first, &count); n == 2 {
				if count > 0 {
					first-- // of no lines, the one before is told
				}
				same(first)
			}
		case ' ':
			same(from + 1)
		case '-':
			if !bytes.HasPrefix(line, []byte("--- ")) {
				from++
			}
		case '+':
			if !bytes.HasPrefix(line, []byte("+++ ")) {
				to++
			}
		}
	}
	same(len(old))
	m.findMoved(old, now)
	return m
}

// findMoved finds lines that are in another place now: those that are unlike all others that went, and all others that came.
func (m move) findMoved(old, now []uint64) {
	stayed := map[int]bool{}
	for _, to := range m {
		stayed[to] = true
	}
	came := map[uint64][]int{}
	for i, hash := range now {
		if !stayed[i+1] {
			came[hash] = append(came[hash], i+1)
		}
	}
	went := map[uint64]int{}
	for i, hash := range old {
		if m[i] == 0 {
			went[hash]++
		}
	}
	for i, hash := range old {
		if m[i] == 0 && went[hash] == 1 && len(came[hash]) == 1 {
			m[i] = came[hash][0]
		}
	}
}

// to returns where a place is now; false if its line was changed.
func (m moves) to(at place) (place, bool) {
	lines, edited := m[at.file]
	switch {
	case !edited:
		return at, true
	case at.line < 1 || at.line > len(lines) || lines[at.line-1] == 0:
		return at, false
	}
	return place{at.file, lines[at.line-1]}, true
}

// asserts reports whether a file has an assertion.
func asserts(text []byte) bool {
	return slices.ContainsFunc([]string{"turns", "calls"}, func(kind string) bool { return bytes.Contains(text, []byte(assertionPrefix+kind)) })
}
