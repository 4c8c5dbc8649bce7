// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// A fileState is what a file looks like from outside. Equal states are taken for equal contents.
type fileState struct {
	Path  string
	Size  int64
	Mtime int64 // nanoseconds since 1970
}

// stampText is the content of a stamp: while every file looks as it did, the overlay is the right one.
type stampText struct {
	ID    string
	JSON  string
	Keys  []string
	Stock []fileState // of the GOROOT
	Files []fileState // of the overlay
}

// stampPath depends on what can be known about s without reading files.
func (c *Cache) stampPath(s Source, marker []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "spade stamp 1\n%q %q %q\n", s.GOVERSION, marker, s.stockPaths())
	return c.path(stampsDir, hex.EncodeToString(h.Sum(nil))[:20])
}

// stamped returns the overlay of which an earlier process left a stamp, if no file has changed since.
func (c *Cache) stamped(stampPath string) *Overlay {
	data, err := os.ReadFile(stampPath)
	if err != nil {
		return nil
	}
	var t stampText
	if json.Unmarshal(data, &t) != nil || t.ID == "" || t.JSON != filepath.Join(c.path(overlaysDir, t.ID), "overlay.json") {
		return nil
	}
	if !unchanged(t.Stock) || !unchanged(t.Files) {
		return nil
	}
	return &Overlay{ID: t.ID, JSON: t.JSON, keys: t.Keys}
}

func (c *Cache) stamp(stampPath string, o *Overlay, stock, files []fileState) {
	if stock == nil || files == nil {
		return
	}
	data, err := json.Marshal(stampText{ID: o.ID, JSON: o.JSON, Keys: o.keys, Stock: stock, Files: files})
	if err == nil {
		c.writeFile(stampPath, data)
	}
}

func unchanged(states []fileState) bool {
	var paths []string
	for _, f := range states {
		paths = append(paths, f.Path)
	}
	return slices.Equal(states, statAll(paths))
}

// statAll returns nil if one of the files is not there.
func statAll(paths []string) []fileState {
	states := make([]fileState, 0, len(paths))
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil
		}
		states = append(states, fileState{path, info.Size(), info.ModTime().UnixNano()})
	}
	return states
}
