// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"maps"
	"math/bits"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/overlay"
)

// A comment //spade:stack 16KB in the main module's source says with how much stack goroutines start. The go command hands all of them
// to the linker, for a variable of spade's runtime. So a hint that changes makes no package compile again, and needs no file in the
// user's package.

// hintPrefix is how a hint begins.
const hintPrefix = "//spade:stack"

// MaxHint is the largest size of a hint, in bytes: the largest stack that spade's runtime starts goroutines with.
const MaxHint = 4 << 20

// SmallestStack is what goroutines start with that have no hint, in bytes.
const SmallestStack = 2 << 10

// maxHints is how long the list of hints may get: a command line's argument may have 128 KiB, with the user's own flags in it.
const maxHints = 96 << 10

// A HintError says what is wrong with a hint.
type HintError struct {
	File    string // "" if it is about all of them
	Line    int
	Problem string
}

func (e *HintError) Error() string {
	if e.File == "" {
		return e.Problem
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Problem)
}

// findHints sets p.hints to the hints that the runtime gets.
func (t *Tool) findHints(p *plan) error {
	if t.Fault != nil || t.Retain || p.inv.name == "list" || p.inv.name == "vet" {
		return nil
	}
	read, err := p.sourceFiles()
	if err != nil {
		return err
	}
	files := p.hintsOfOperands(read)
	if module := p.goTool.Env["GOMOD"]; filepath.Base(module) == "go.mod" {
		files = append(files, p.hintsOfModules(filepath.Dir(module), read)...)
	}
	sizes := map[string]int{} // by key
	for _, f := range files {
		if err := f.read(sizes); err != nil {
			return err
		}
	}
	var list strings.Builder
	for _, key := range slices.Sorted(maps.Keys(sizes)) {
		list.WriteString(key)
		list.WriteByte('a' + byte(sizes[key]))
	}
	if p.hints = list.String(); len(p.hints) > maxHints {
		return &HintError{Problem: fmt.Sprintf("there are %d places with stack hints, too many for the linker's command line: keep at most %d", len(sizes), maxHints/(len(p.hints)/len(sizes)))}
	}
	return nil
}

// A hintedFile is a file with hints, and the import path of its package, which is its directory in builds with -trimpath.
type hintedFile struct {
	name string
	text []byte
	path string
}

// sourceFiles are the user's, with those in their place that the user's own overlay has.
type sourceFiles struct {
	cache    *Cache
	replaced map[string]string
	buffer   []byte
}

func (p *plan) sourceFiles() (*sourceFiles, error) {
	user, err := p.userOverlay()
	if err != nil || user == "" {
		return &sourceFiles{cache: p.cache}, err
	}
	replaced, _ := overlay.Replaced(inDir(p.goTool.Dir, user), p.goTool.Dir) // it was read before
	return &sourceFiles{cache: p.cache, replaced: replaced}, nil
}

// text returns what is in a file, or nil if that has no hints. What can't be read is left to the go command.
func (s *sourceFiles) text(name string) []byte {
	if by, found := s.replaced[name]; found {
		name = by
	}
	if s.buffer = readInto(s.buffer, name); bytes.Contains(s.buffer, []byte(hintPrefix)) {
		return slices.Clone(s.buffer)
	}
	return nil
}

// readInto returns what is in a file; the buffer is used again.
func readInto(buffer []byte, name string) []byte {
	f, err := os.Open(name)
	if err != nil {
		return buffer[:0]
	}
	defer f.Close()
	b := bytes.NewBuffer(buffer[:0])
	b.ReadFrom(f)
	return b.Bytes()
}

// hinted returns the Go files below root that may have hints, without those of other modules. While no file changes, only those that had
// some are read again.
func (s *sourceFiles) hinted(root string) []hintedFile {
	names, state := goFiles(root)
	note := "files with hints in " + root
	if s.replaced == nil {
		if known, had, _ := strings.Cut(s.cache.Recall(note), "\n"); known == state {
			names = strings.Split(had, "\n")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.replaced)) {
		if strings.HasSuffix(name, ".go") && overlay.Below(name, root) && !exists(name) {
			names = append(names, name)
		}
	}
	var files []hintedFile
	for _, name := range names {
		if text := s.text(name); text != nil {
			files = append(files, hintedFile{name: name, text: text})
			state += "\n" + name
		}
	}
	if s.replaced == nil && s.cache.Recall(note) != state {
		s.cache.Note(note, state)
	}
	return files
}

// goFiles lists the Go files below root that the go command may compile, and returns a hash of what they look like from outside.
func goFiles(root string) (names []string, state string) {
	h := sha256.New()
	var walk func(dir string)
	walk = func(dir string) {
		entries, _ := os.ReadDir(dir)
		if dir != root && slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == "go.mod" && !e.IsDir() }) {
			return // another module
		}
		for _, e := range entries {
			name := e.Name()
			switch {
			case name[0] == '.' || name[0] == '_':
			case e.IsDir():
				if name != "vendor" && name != "testdata" {
					walk(filepath.Join(dir, name))
				}
			case strings.HasSuffix(name, ".go"):
				name = filepath.Join(dir, name)
				if info, err := os.Stat(name); err == nil {
					fmt.Fprintf(h, "%q %d %d\n", name, info.Size(), info.ModTime().UnixNano())
					names = append(names, name)
				}
			}
		}
	}
	walk(root)
	return names, hex.EncodeToString(h.Sum(nil))
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// hintsOfModules finds the files with hints in the main module, which is in root, or in all modules of the workspace.
func (p *plan) hintsOfModules(root string, source *sourceFiles) []hintedFile {
	work := p.goTool.Env["GOWORK"]
	alone := work == "" || work == "off"
	var files []hintedFile
	if alone {
		if files = source.hinted(root); len(files) == 0 {
			return nil // as in most programs: there is no need to ask
		}
	}
	out, err := newProver(nil, p).list([]string{"-m", "-f", "{{.Path}}\t{{.Dir}}"}).Output()
	if err != nil {
		return nil // what is wrong with the module is for the user's own command to say
	}
	var all []hintedFile
	for line := range strings.Lines(string(out)) {
		module, dir, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if !alone {
			files = source.hinted(dir)
		}
		for _, f := range files {
			if below, err := filepath.Rel(dir, filepath.Dir(f.name)); err == nil {
				f.path = path.Join(module, filepath.ToSlash(below))
				all = append(all, f)
			}
		}
	}
	return all
}

// hintsOfOperands finds the files with hints among those that are named on the command line. With -trimpath their directory is called ".".
func (p *plan) hintsOfOperands(source *sourceFiles) []hintedFile {
	var files []hintedFile
	for _, name := range p.inv.operand {
		if !strings.HasSuffix(name, ".go") {
			break
		}
		name = inDir(p.goTool.Dir, name)
		if text := source.text(name); text != nil {
			files = append(files, hintedFile{name, text, "."})
		}
	}
	return files
}

// hintKey is the key by which hintFind in the runtime knows a place: a go statement ('g') or a function ('f') in a line of a file in a
// directory.
func hintKey(what byte, dir, base string, line int) string {
	h := fnv.New64a()
	for n := uint64(line)<<8 | uint64(what); n != 0; n >>= 8 {
		h.Write([]byte{byte(n)})
	}
	h.Write([]byte(dir + "/" + base))
	return fmt.Sprintf("%016x", h.Sum64())
}

// sizeIndex returns the index of the smallest stack with a number of bytes: 0 for SmallestStack, and one more for each doubling.
func sizeIndex(size int64) int {
	return bits.Len64(uint64(max(size-1, SmallestStack-1)) / SmallestStack)
}

// linkerFlags returns the command line with the hints in the flags for the linker: those that the user has, of which the last one that
// matches a package counts, each get them.
func (p *plan) linkerFlags() (own []string, inv invocation) {
	if p.hints == "" {
		return nil, p.inv
	}
	set := "-X=runtime.spadeHints=" + p.hints
	own = []string{"-ldflags=" + set}
	standing, _ := splitFlags(p.goTool.Env["GOFLAGS"]) // the go command itself refuses what can't be split
	for _, text := range standing {
		if name, value, _ := splitFlag(text); name == "ldflags" {
			own = append(own, "-ldflags="+joined(value, set))
		}
	}
	inv = p.inv
	inv.args = nil
	rest := p.inv.args
	for _, f := range p.inv.flags {
		at := slices.Index(rest, f.text[0])
		inv.args = append(inv.args, rest[:at]...)
		rest = rest[at+len(f.text):]
		if f.name == "ldflags" {
			f.text = []string{"-ldflags=" + joined(f.value, set)}
		}
		inv.args = append(inv.args, f.text...)
	}
	inv.args = append(inv.args, rest...)
	return own, inv
}

// joined adds a flag for the linker to the value of a flag -ldflags. One that the go command refuses stays as it is.
func joined(value, set string) string {
	if trimmed := strings.TrimSpace(value); trimmed != "" && trimmed[0] != '-' && !strings.Contains(trimmed, "=") {
		return value
	}
	return cmp.Or(strings.TrimSpace(value+" "+set), set)
}
