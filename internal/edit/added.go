// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

//go:embed all:_runtime all:_pprof all:_metrics all:_httppprof
var addedFiles embed.FS

// addedDirs are the directories in addedFiles, each with the package that its files join.
var addedDirs = map[string]string{
	"_runtime":   "runtime",
	"_pprof":     "runtime/pprof",
	"_metrics":   "runtime/metrics",
	"_httppprof": "net/http/pprof",
}

// joinAll returns the files of all addedDirs in from.
func joinAll(from fs.FS) (tree, error) {
	all := tree{}
	for dir, pkg := range addedDirs {
		joined, err := join(from, dir, pkg)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, joined)
	}
	return all, nil
}

// joinRuntime is join for package runtime.
func joinRuntime(from fs.FS, dir string) (tree, error) { return join(from, dir, "runtime") }

// join returns the files of dir in from under the names that they have in
// package pkg: x_linux.go joins as pkg/spade_x_linux.go. Tests and what
// is not a Go, assembly or header file stay out.
func join(from fs.FS, dir, pkg string) (tree, error) {
	entries, err := fs.ReadDir(from, dir)
	if err != nil {
		return nil, err
	}
	joined := tree{}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !joinsBuild(name) {
			continue
		}
		data, err := fs.ReadFile(from, path.Join(dir, name))
		if err != nil {
			return nil, err
		}
		joined[pkg+"/spade_"+name] = data
	}
	return joined, nil
}

func joinsBuild(name string) bool {
	switch path.Ext(name) {
	case ".go":
		return !strings.HasSuffix(name, "_test.go")
	case ".s", ".h":
		return true
	}
	return false
}

// added returns the contents of s.Added.
func (s Set) added() (Files, error) {
	files := Files{}
	if s.Added == nil {
		return files, nil
	}
	err := fs.WalkDir(s.Added, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(s.Added, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the files to add: %w", err)
	}
	return files, nil
}

// paths returns the paths of f, sorted.
func (f Files) paths() []string { return slices.Sorted(maps.Keys(f)) }
