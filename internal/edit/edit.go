// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package edit declares, verifies and applies edits to the Go declarations of
// a stock GOROOT/src.
//
// An edit names a file and a declaration and says what becomes of it. It is
// guarded by the hash of the declaration's stock text: a known hash is edited,
// an unknown one is refused by name. Everything inserted is one line of code
// put on a line that is already there, so that stock lines keep their numbers
// in panics, profiles and debuggers; what needs more room is a function in an
// added file.
//
// # Adding an edit
//
// Add it to runtimeEdits, what it calls to a file of _runtime, and what it
// relies on without changing it to runtimeWatched. Then
//
//	go run ./internal/edit/learn
//
// records the stock texts of all releases known so far.
//
// # Limitations
//
// Edits work on syntax; nothing is type-checked. An edit that makes an import
// unused, or misspells a name, is found by the compiler only. A hash covers one
// declaration: not its file's build constraint or imports, and no declaration
// that it uses, which is what watching is for.
package edit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
)

// A Set is everything that turns a stock GOROOT/src into spade's.
type Set struct {
	Edits   []Edit
	Watched []Decl // relied on without an edit: hashed too
	Added   fs.FS  // files to add; a path in it is a slash path below GOROOT/src
	Known   Hashes // the stock texts that Edits and Watched are known to fit
}

// A Decl names a top-level declaration of a file.
type Decl struct {
	File string // slash path below GOROOT/src, such as "runtime/stack.go"

	// Name is "newstack" for a function, "(*p).init" or "gList.empty" for a
	// method (without type parameters), "type p", "var stackpool" or
	// "const maxstacksize" for the others, in a group or not.
	Name string
}

// An Edit says what becomes of a declaration. Its actions are carried out
// together, on the stock text; none sees the result of another.
type Edit struct {
	Decl
	Do []Action
}

// Files maps slash paths below GOROOT/src to contents.
type Files map[string][]byte

// at returns the edit of the declaration name in file.
func at(file, name string, do ...Action) Edit {
	return Edit{Decl{file, name}, do}
}

// watch returns the declarations called names in file.
func watch(file string, names ...string) []Decl {
	var decls []Decl
	for _, name := range names {
		decls = append(decls, Decl{file, name})
	}
	return decls
}

// engine changes whenever the same set would give other files.
const engine = "edit/1"

// ID returns the first 16 hex digits of a hash of the edits and the added
// files. Two sets with the same ID make the same files of the same GOROOT.
func (s Set) ID() string {
	h := sha256.New()
	fmt.Fprintln(h, engine)
	for _, e := range s.Edits {
		fmt.Fprintf(h, "%q %q %v\n", e.File, e.Name, e.Do)
	}
	added, err := s.added()
	if err != nil {
		fmt.Fprintln(h, err)
	}
	for _, path := range added.paths() {
		fmt.Fprintf(h, "%q %d\n%s", path, len(added[path]), added[path])
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Check reports the first edit that is wrong in itself, whatever the GOROOT:
// an unusable name, or inserted code that is not one line of valid Go.
func (s Set) Check() error {
	for _, d := range s.decls("") {
		if err := d.check(); err != nil {
			return err
		}
	}
	for _, e := range s.Edits {
		for _, a := range e.Do {
			if err := a.check(); err != nil {
				return fmt.Errorf("%s: %s: %v: %v", e.File, e.Name, a, err)
			}
		}
	}
	return nil
}

// Decls returns the edited and watched declarations, each once.
func (s Set) Decls() []Decl { return s.decls("") }

// decls returns the edited and watched declarations, each once, that lang (or
// any version, if empty) is to have.
func (s Set) decls(lang string) []Decl {
	var decls []Decl
	seen := map[Decl]bool{}
	add := func(d Decl) {
		if !seen[d] {
			seen[d] = true
			decls = append(decls, d)
		}
	}
	for _, e := range s.Edits {
		if e.concerns(lang) {
			add(e.Decl)
		}
	}
	for _, d := range s.Watched {
		add(d)
	}
	return decls
}
