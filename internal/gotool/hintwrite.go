// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// A lineEdit replaces bytes of a file.
type lineEdit struct {
	from, to int
	by       string
}

// WriteHints returns the text of a Go file with hints on the go statements and functions that start in lines: how many bytes of stack each
// should have, 0 for no hint. One that is there is changed in its place. What is formatted stays formatted, which sets hints in the comment of
// a function apart from its text; and other hints stay. A line that begins within a string or a comment gets none.
func WriteHints(name string, text []byte, lines map[int]int64) ([]byte, error) {
	s, err := readHints(name, text)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, fmt.Errorf("%s: this is not Go", name)
	}
	spots := s.spots()
	var edits []lineEdit
	for _, line := range slices.Sorted(maps.Keys(lines)) {
		if len(spots[line]) == 0 {
			return nil, &HintError{name, line, "no go statement or function starts here"}
		}
		edits = append(edits, s.editsFor(line, lines[line])...)
	}
	return s.apply(edits)
}

// editsFor returns what makes the hint for a line have so many bytes.
func (s *hintSource) editsFor(line int, size int64) []lineEdit {
	var edits []lineEdit
	for _, h := range s.hints {
		if h.Of != line {
			continue
		}
		from, to := s.extent(h.comment)
		if size > 0 {
			edits = append(edits, lineEdit{from, to, hintPrefix + " " + FormatSize(size)})
			size = 0 // one is enough
		} else {
			edits = append(edits, s.without(from, to))
		}
	}
	if size == 0 || s.beginsWithin(line) {
		return edits
	}
	start := s.files.File(s.tree.Pos()).LineStart(line)
	at := s.files.PositionFor(start, false).Offset
	rest := s.text[at:]
	indent := rest[:len(rest)-len(bytes.TrimLeft(rest, " \t"))]
	return append(edits, lineEdit{at, at, fmt.Sprintf("%s%s %s\n", indent, hintPrefix, FormatSize(size))})
}

// beginsWithin reports whether a line begins within a string or a comment.
func (s *hintSource) beginsWithin(line int) bool {
	found := false
	within := func(from, to token.Pos) { found = found || s.line(from) < line && line <= s.line(to) }
	ast.Inspect(s.tree, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok {
			within(literal.Pos(), literal.End())
		}
		return true
	})
	for _, group := range s.tree.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "/*") {
				within(c.Pos(), c.End())
			}
		}
	}
	return found
}

// without returns the edit that takes out a comment, with its line if there is nothing else in it.
func (s *hintSource) without(from, to int) lineEdit {
	start := bytes.LastIndexByte(s.text[:from], '\n') + 1
	if before := s.text[start:from]; len(bytes.TrimSpace(before)) > 0 {
		return lineEdit{start + len(bytes.TrimRight(before, " \t")), to, ""}
	}
	if end := bytes.IndexByte(s.text[to:], '\n'); end >= 0 {
		to += end + 1
	}
	return lineEdit{start, to, ""}
}

// extent returns where a comment is that begins with //. Its Text has no carriage returns, which the file may have.
func (s *hintSource) extent(c *ast.Comment) (from, to int) {
	from = s.files.PositionFor(c.Pos(), false).Offset
	line, _, _ := bytes.Cut(s.text[from:], []byte("\n"))
	return from, from + len(bytes.TrimRight(line, "\r"))
}

func (s *hintSource) apply(edits []lineEdit) ([]byte, error) {
	slices.SortStableFunc(edits, func(a, b lineEdit) int { return a.from - b.from })
	var out strings.Builder
	at := 0
	for _, e := range edits {
		out.Write(s.text[at:e.from])
		out.WriteString(e.by)
		at = e.to
	}
	out.Write(s.text[at:])
	if formatted, err := format.Source(s.text); err != nil || !bytes.Equal(formatted, s.text) {
		return []byte(out.String()), err
	}
	return format.Source([]byte(out.String()))
}
