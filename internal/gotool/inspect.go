// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"debug/buildinfo"
	"errors"
	"io"
	"os"

	"github.com/spadego/spade/internal/overlay"
)

// What the command line needs of the cache.
type (
	Cache         = overlay.Cache
	CacheError    = overlay.Error
	ConflictError = overlay.ConflictError
	Marker        = overlay.Marker
)

// OpenCache returns the cache in dir or, if dir is empty, in the user's cache directory.
func OpenCache(dir string) (*Cache, error) { return overlay.Open(dir) }

// A Binary is what a file says of its origin.
type Binary struct {
	Path      string  `json:"path"`
	Marker    *Marker `json:"marker"`              // nil: not built on spade's runtime
	GoVersion string  `json:"goVersion,omitempty"` // from the build information; "" if there is none to be read
	Main      string  `json:"main,omitempty"`      // import path of the main package, likewise
}

// Inspect reads a binary of any system, stripped or not. Its error is about reading the file.
func Inspect(path string) (Binary, error) {
	b := Binary{Path: path}
	f, err := os.Open(path)
	if err != nil {
		return b, err
	}
	defer f.Close()
	m, err := overlay.FindMarker(f)
	if err == nil {
		b.Marker = &m
	} else if !errors.Is(err, overlay.ErrNoMarker) {
		return b, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return b, nil
	}
	if info, err := buildinfo.Read(f); err == nil {
		b.GoVersion, b.Main = info.GoVersion, info.Path
	}
	return b, nil
}
