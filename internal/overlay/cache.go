// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package overlay keeps what spade hands to the go command on disk: the edited files of a GOROOT and the overlay JSON that
// names them, and what spade has found out about them, so that a second build need not find it out again.
//
// Everything lies below one directory (see [Open]) and can be deleted at any time. An overlay is a directory named by a hash
// of all that went into it, and is written in full under another name first: whoever sees it sees all of it.
package overlay

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// A Cache is spade's cache directory.
type Cache struct {
	dir string
}

// What spade writes into its cache directory.
const (
	overlaysDir = "overlay" // one directory per overlay
	mergedDir   = "merged"  // overlay JSON that holds the user's own replacements too
	stampsDir   = "stamp"   // which overlay belongs to a GOROOT whose files have not changed since
	proofsDir   = "proof"   // configurations in which the go command was seen to use the overlay
	builtDir    = "built"   // compilers and assemblers with edits: see Once
	keptDir     = "kept"    // results of analyses, and binaries: see Keep
	gorootsDir  = "goroot"  // other names, or copies, of GOROOTs that can't be overlaid in their place
	tempsDir    = "tmp"     // being written
	lockFile    = "lock"
)

// An Error says that spade's cache directory can't be used.
type Error struct {
	Dir string // the cache directory; "" if none is to be found
	Err error
}

func (e *Error) Error() string {
	if e.Dir == "" {
		return fmt.Sprintf("there is no place for spade's cache directory: %v", e.Err)
	}
	return fmt.Sprintf("can't write to spade's cache directory %s: %v", e.Dir, e.Err)
}
func (e *Error) Unwrap() error { return e.Err }

// Open returns the cache in dir or, if dir is empty, in the user's cache directory. It creates nothing.
func Open(dir string) (*Cache, error) {
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil, &Error{Err: err}
		}
		dir = filepath.Join(user, "spade")
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, &Error{Dir: dir, Err: err}
	}
	return &Cache{dir: abs}, nil
}

// Dir returns the cache directory's absolute path; it need not exist.
func (c *Cache) Dir() string { return c.dir }

func (c *Cache) path(elem ...string) string {
	return filepath.Join(append([]string{c.dir}, elem...)...)
}

func (c *Cache) fail(err error) error {
	if err == nil {
		return nil
	}
	return &Error{Dir: c.dir, Err: err}
}

// lock excludes other spade processes that write. File systems without locks are used without: renames stay atomic.
func (c *Cache) lock() (unlock func(), err error) {
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return nil, err
	}
	unlock, err = lockedfile.MutexAt(c.path(lockFile)).Lock()
	if errors.Is(err, errors.ErrUnsupported) {
		return func() {}, nil
	}
	return unlock, err
}

// tempDir makes a directory for something that is going to be renamed into place. The caller removes what is left of it.
func (c *Cache) tempDir() (string, error) {
	parent := c.path(tempsDir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", err
	}
	c.sweep(parent)
	return os.MkdirTemp(parent, "")
}

// sweep removes what killed processes left in the directory of things being written.
func (c *Cache) sweep(parent string) {
	entries, _ := os.ReadDir(parent)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			os.RemoveAll(filepath.Join(parent, e.Name()))
		}
	}
}

// writeFile makes the file name, below the cache directory, hold data: all of it or nothing.
func (c *Cache) writeFile(name string, data []byte) error {
	temp, err := c.tempDir()
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	file := filepath.Join(temp, filepath.Base(name))
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.Rename(file, name)
}

// Clean removes what spade wrote and, if nothing else is in it, the cache directory. It returns the paths removed.
func (c *Cache) Clean() ([]string, error) {
	if _, err := os.Stat(c.dir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	unlock, err := c.lock()
	if err != nil {
		return nil, c.fail(err)
	}
	defer unlock()
	var removed []string
	for _, name := range []string{stampsDir, proofsDir, mergedDir, overlaysDir, builtDir, keptDir, gorootsDir, tempsDir, lockFile} {
		path := c.path(name)
		if _, err := os.Lstat(path); err != nil {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return removed, c.fail(err)
		}
		removed = append(removed, path)
	}
	os.Remove(c.dir) // fails if somebody else's files are in it
	return removed, nil
}
