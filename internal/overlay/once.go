// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Once returns the directory called name among those that are made once and then kept. If it is not there, build fills it. Who else
// asks for it meanwhile waits; other uses of the cache don't. An error of build's is returned as it is.
func (c *Cache) Once(name string, build func(dir string) error) (dir string, err error) {
	dir = c.path(builtDir, name)
	if isDir(dir) {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", c.fail(err)
	}
	unlock, err := lockedfile.MutexAt(dir + ".lock").Lock()
	switch {
	case err == nil:
		defer unlock()
	case !errors.Is(err, errors.ErrUnsupported):
		return "", c.fail(err)
	}
	if isDir(dir) {
		return dir, nil // another process was faster
	}
	temp, err := c.tempDir()
	if err != nil {
		return "", c.fail(err)
	}
	defer os.RemoveAll(temp)
	fresh := filepath.Join(temp, "built")
	if err := os.Mkdir(fresh, 0o755); err != nil {
		return "", c.fail(err)
	}
	if err := build(fresh); err != nil {
		return "", err
	}
	if err := os.Rename(fresh, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", c.fail(err)
	}
	return dir, nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
