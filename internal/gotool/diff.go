// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/spadego/spade/internal/overlay"
)

// A FileDiff is what spade changes in a file of a GOROOT.
type FileDiff struct {
	Name string // slash path below GOROOT/src
	Text []byte // a unified diff
}

// Diff returns what spade changes in the Go that the user's directory uses: edited files, then added ones.
func (t *Tool) Diff() ([]FileDiff, error) {
	g, err := Resolve(t.Dir, "", t.Env, t.Stderr)
	if err != nil {
		return nil, err
	}
	if err := g.CheckVersion(); err != nil {
		return nil, err
	}
	files, err := t.Edits.Apply(g.GOROOT())
	if err != nil {
		return nil, err
	}
	files = maps.Clone(files)
	if files[overlay.MarkerFile], err = t.marker(g).Source(g.GOROOT()); err != nil {
		return nil, err
	}
	var edited, added []FileDiff
	for _, name := range slices.Sorted(maps.Keys(files)) {
		stock, err := os.ReadFile(filepath.Join(g.GOROOT(), "src", filepath.FromSlash(name)))
		switch {
		case err == nil:
			edited = append(edited, FileDiff{name, diff.Diff("stock/"+name, stock, "spade/"+name, files[name])})
		case os.IsNotExist(err):
			added = append(added, FileDiff{name, diff.Diff("/dev/null", nil, "spade/"+name, files[name])})
		default:
			return nil, err
		}
	}
	return append(edited, added...), nil
}
