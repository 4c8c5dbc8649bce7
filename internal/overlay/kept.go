// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// What is kept are results that took long to find and the binaries that they are of: each under a key that stands for all that it depends
// on. Those that were used last are kept.

// mostKept is how many bytes are kept.
var mostKept = int64(2 << 30) // less in a test

// A Keeping is a result that is being written.
type Keeping struct {
	cache *Cache
	key   string
	temp  string // a directory
	file  *os.File
	*gzip.Writer
}

// Keep begins to write the result for a key, a name for a file. Nothing is kept before Commit.
func (c *Cache) Keep(key string) (*Keeping, error) {
	temp, err := c.tempDir()
	if err != nil {
		return nil, c.fail(err)
	}
	file, err := os.Create(filepath.Join(temp, key))
	if err != nil {
		os.RemoveAll(temp)
		return nil, c.fail(err)
	}
	w, _ := gzip.NewWriterLevel(file, gzip.BestSpeed)
	w.Comment = key
	return &Keeping{c, key, temp, file, w}, nil
}

// Commit keeps what was written.
func (k *Keeping) Commit() error {
	defer k.Discard()
	if err := cmp.Or(k.Close(), k.file.Close()); err != nil {
		return k.cache.fail(err)
	}
	return k.cache.keepFile(k.key, k.file.Name())
}

// Discard keeps nothing, unless there was a Commit before.
func (k *Keeping) Discard() {
	k.file.Close()
	os.RemoveAll(k.temp)
}

// Kept hands the result for a key to read, and reports whether there is one: whole, and written for the key.
func (c *Cache) Kept(key string, read func(io.Reader) error) (found bool, err error) {
	file, err := os.Open(c.path(keptDir, key))
	if err != nil {
		return false, nil
	}
	defer file.Close()
	open := func() (*gzip.Reader, error) {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		return gzip.NewReader(bufio.NewReader(file))
	}
	r, err := open()
	if err != nil || r.Comment != key {
		return false, nil
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return false, nil
	}
	if r, err = open(); err != nil {
		return false, nil
	}
	c.use(key)
	return true, read(r)
}

// WithKept makes a directory for a file to be made in, which holds what was kept of it before. If make succeeds, what it left there is
// kept, and the directory is removed.
func (c *Cache) WithKept(key string, make func(path string) (keep bool, err error)) error {
	temp, err := c.tempDir()
	if err != nil {
		return c.fail(err)
	}
	defer os.RemoveAll(temp)
	path := filepath.Join(temp, key)
	os.Link(c.path(keptDir, key), path) // whoever makes the file writes another one, and not into this
	keep, err := make(path)
	if err == nil && keep {
		err = c.keepFile(key, path)
	}
	return err
}

// keepFile puts a file among those that are kept, and removes others that there is no room for.
func (c *Cache) keepFile(key, file string) error {
	to := c.path(keptDir, key)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return c.fail(err)
	}
	if err := os.Rename(file, to); err != nil {
		return c.fail(err)
	}
	c.use(key)
	c.forget(key)
	return nil
}

func (c *Cache) use(key string) {
	now := time.Now()
	os.Chtimes(c.path(keptDir, key), now, now)
}

// forget removes files that were not used for long, as many as it takes, but not the one for a key.
func (c *Cache) forget(key string) {
	entries, _ := os.ReadDir(c.path(keptDir))
	var files []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	kept := int64(0)
	for _, f := range files {
		if kept += f.Size(); kept > mostKept && f.Name() != key {
			os.Remove(c.path(keptDir, f.Name()))
		}
	}
}
