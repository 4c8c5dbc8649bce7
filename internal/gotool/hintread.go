// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// A Hint is a comment //spade:stack.
type Hint struct {
	Size    int64 // bytes
	Line    int   // that the comment is in
	Of      int   // the line that it is about: its own, or the first one below the comments that it is among
	comment *ast.Comment
}

// A hintSource is a file that may have hints.
type hintSource struct {
	files *token.FileSet
	tree  *ast.File
	text  []byte
	hints []Hint
}

// readHints reads the hints in a file. It returns nil if that is no Go, which is for the compiler to say; the error is a *HintError.
func readHints(name string, text []byte) (*hintSource, error) {
	s := &hintSource{files: token.NewFileSet(), text: text}
	var err error
	if s.tree, err = parser.ParseFile(s.files, name, text, parser.ParseComments|parser.SkipObjectResolution); err != nil {
		return nil, nil
	}
	for _, group := range s.tree.Comments {
		for _, c := range group.List {
			value, found := strings.CutPrefix(c.Text, hintPrefix)
			if !found || value != "" && value[0] != ' ' && value[0] != '\t' {
				continue
			}
			h := Hint{Line: s.line(c.Pos()), Of: s.below(group), comment: c}
			if s.follows(c) {
				h.Of = h.Line
			}
			if h.Size, err = parseSize(strings.TrimSpace(value)); err != nil {
				return nil, &HintError{name, h.Line, err.Error()}
			}
			s.hints = append(s.hints, h)
		}
	}
	return s, nil
}

// line returns the line that pos is in, whatever //line comments say.
func (s *hintSource) line(pos token.Pos) int { return s.files.PositionFor(pos, false).Line }

// below returns the line after a group of comments, or its last one if there is code behind it.
func (s *hintSource) below(group *ast.CommentGroup) int {
	last := s.line(group.End())
	end := s.files.PositionFor(group.End(), false).Offset
	if rest, _, _ := bytes.Cut(s.text[end:], []byte("\n")); strings.HasPrefix(group.List[len(group.List)-1].Text, "/*") && len(bytes.TrimSpace(rest)) > 0 {
		return last
	}
	return last + 1
}

// follows reports whether there is code before the comment in its line.
func (s *hintSource) follows(c *ast.Comment) bool {
	at := s.files.PositionFor(c.Pos(), false).Offset
	start := bytes.LastIndexByte(s.text[:at], '\n') + 1
	return len(bytes.TrimSpace(s.text[start:at])) > 0
}

// parseSize reads the size of a hint.
func parseSize(text string) (int64, error) {
	number := strings.TrimRight(text, "KMiB")
	unit, known := map[string]int64{"": 1, "B": 1, "KB": 1 << 10, "KiB": 1 << 10, "MB": 1 << 20, "MiB": 1 << 20}[text[len(number):]]
	n, err := strconv.ParseInt(number, 10, 32)
	switch {
	case !known || err != nil || n <= 0:
		return 0, fmt.Errorf("%s takes a size such as 16KB, not %q", hintPrefix, text)
	case n*unit > MaxHint:
		return 0, fmt.Errorf("%s %s: goroutines start with %dMB of stack at most", hintPrefix, text, MaxHint>>20)
	}
	return n * unit, nil
}

// FormatSize writes a size as hints have it.
func FormatSize(size int64) string {
	if size%(1<<20) == 0 {
		return fmt.Sprintf("%dMB", size>>20)
	}
	return fmt.Sprintf("%dKB", size>>10)
}

// A spot is what a hint may be about.
type spot struct {
	goes  *ast.GoStmt
	start token.Pos // of a function
	name  string    // of one that is declared
}

// spots returns the go statements and the functions by the line that they start in.
func (s *hintSource) spots() map[int][]spot {
	found := map[int][]spot{}
	ast.Inspect(s.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found[s.line(n.Go)] = append(found[s.line(n.Go)], spot{goes: n})
		case *ast.FuncLit:
			found[s.line(n.Type.Func)] = append(found[s.line(n.Type.Func)], spot{start: n.Type.Func})
		case *ast.FuncDecl:
			name := n.Name.Name
			if n.Recv != nil {
				name = ""
			}
			found[s.line(n.Type.Func)] = append(found[s.line(n.Type.Func)], spot{start: n.Type.Func, name: name})
		}
		return true
	})
	return found
}

// read adds the file's hints to sizes: indexes of sizes by key.
func (f *hintedFile) read(sizes map[string]int) error {
	s, err := readHints(f.name, f.text)
	if err != nil || s == nil {
		return err
	}
	add := func(in *hintSource, what byte, pos token.Pos, size int64) {
		at := in.files.Position(pos)
		for _, dir := range []string{filepath.Base(filepath.Dir(at.Filename)), path.Base(f.path)} {
			key := hintKey(what, dir, filepath.Base(at.Filename), at.Line)
			sizes[key] = max(sizes[key], sizeIndex(size))
		}
	}
	spots := s.spots()
	for _, h := range s.hints {
		if len(spots[h.Of]) == 0 {
			return &HintError{f.name, h.Line, fmt.Sprintf("%s is for a go statement or a function, and none starts in line %d", hintPrefix, h.Of)}
		}
		for _, spot := range spots[h.Of] {
			switch {
			case spot.goes != nil:
				add(s, 'g', spot.goes.Go, h.Size)
				add(s, 'g', spot.goes.Call.Lparen, h.Size)
				continue
			case spot.name != "":
				if err := f.startsOf(spot.name, s.tree.Name.Name, func(in *hintSource, g *ast.GoStmt) {
					add(in, 'g', g.Go, h.Size)
				}); err != nil {
					return err
				}
			}
			add(s, 'f', spot.start, h.Size)
		}
	}
	return nil
}

// startsOf calls found for the go statements in the package that call the function of a name and have no hint of their own. With
// arguments, goroutines don't enter at the function but at one that the compiler makes for the statement.
func (f *hintedFile) startsOf(name, pkg string, found func(*hintSource, *ast.GoStmt)) error {
	dir := filepath.Dir(f.name)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		file := filepath.Join(dir, e.Name())
		if filepath.Ext(file) != ".go" {
			continue
		}
		text := readInto(nil, file)
		if !bytes.Contains(text, []byte(name)) {
			continue
		}
		in, err := readHints(file, text)
		if err != nil {
			return err
		}
		if in == nil || in.tree.Name.Name != pkg {
			continue
		}
		own := map[int]bool{}
		for _, h := range in.hints {
			own[h.Of] = true
		}
		ast.Inspect(in.tree, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok && !own[in.line(g.Go)] {
				if called, ok := ast.Unparen(g.Call.Fun).(*ast.Ident); ok && called.Name == name {
					found(in, g)
				}
			}
			return true
		})
	}
	return nil
}
