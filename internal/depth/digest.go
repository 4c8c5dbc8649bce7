// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"
)

// Digest returns a hash of all that an analysis of a binary by this code depends on: of the binary, of the source as it is now, and of how the
// source is asked for. The packages are listed once, for the analysis too, so that a later call tells whether files have changed that it read.
func (s *Source) Digest(binary io.Reader) (string, error) {
	if err := s.List(); err != nil {
		return "", err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, binary); err != nil {
		return "", err
	}
	digests := make([]packageDigest, len(s.visited()))
	if err := s.eachPackage(func(i int, p *packages.Package, l *loader) (err error) {
		digests[i], err = l.digest(p)
		return err
	}); err != nil {
		return "", err
	}
	out := json.NewEncoder(sum)
	for _, part := range []any{s.Dir, s.Flags, s.Main, s.Trimmed, s.Test, isAsked(s.Env), digests} {
		if err := out.Encode(part); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// List lists the packages, once: the rest asks for it where it is needed.
func (s *Source) List() error {
	if s.listed != nil {
		return nil
	}
	initial, err := listPackages(*s)
	if err == nil {
		s.listed = initial
	}
	return err
}

// visited returns all packages that were listed, in the order of their IDs.
func (s *Source) visited() []*packages.Package {
	var all []*packages.Package
	packages.Visit(s.listed, nil, func(p *packages.Package) { all = append(all, p) })
	slices.SortFunc(all, func(a, b *packages.Package) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// eachPackage calls do for all packages that were listed, with their numbers, on all processors. It returns an error of one.
func (s *Source) eachPackage(do func(i int, p *packages.Package, l *loader) error) error {
	all := s.visited()
	numbers := map[*packages.Package]int{}
	for i, p := range all {
		numbers[p] = i
	}
	var failed error
	var mu sync.Mutex
	l := &loader{overlay: s.Overlay}
	inParallel(all, func(p *packages.Package) {
		if err := do(numbers[p], p, l); err != nil {
			mu.Lock()
			defer mu.Unlock()
			failed = err
		}
	})
	return failed
}

// A packageDigest is what an analysis sees of a package.
type packageDigest struct {
	ID, Name, Path string
	Module         *packages.Module
	Imports        []string // import paths, each with the ID that it leads to
	GoFiles        []string
	Files          []fileDigest
}

type fileDigest struct {
	Name string
	Sum  [sha256.Size]byte
}

func (l *loader) digest(p *packages.Package) (packageDigest, error) {
	d := packageDigest{ID: p.ID, Name: p.Name, Path: p.PkgPath, GoFiles: p.GoFiles}
	if m := p.Module; m != nil {
		d.Module = &packages.Module{Path: m.Path, Version: m.Version, Main: m.Main, GoVersion: m.GoVersion}
	}
	for _, path := range slices.Sorted(maps.Keys(p.Imports)) {
		d.Imports = append(d.Imports, path, p.Imports[path].ID)
	}
	for _, name := range p.CompiledGoFiles {
		text, err := l.read(name)
		if err != nil {
			return d, err
		}
		d.Files = append(d.Files, fileDigest{name, sha256.Sum256(text)})
	}
	return d, nil
}
