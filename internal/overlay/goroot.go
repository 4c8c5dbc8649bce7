// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Below reports whether path is dir or lies below it, by their names alone, as the go command does.
func Below(path, dir string) bool {
	path, dir = filepath.Clean(path), filepath.Clean(dir)
	return dir != "." && (path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator)))
}

// Elsewhere returns another name of goroot, below the cache directory: a symbolic link to it or, where links can't be made, a
// copy, for which announce is called first. The go command refuses to overlay files below GOMODCACHE, where it keeps the
// toolchains that it downloads, and goes by the name.
func (c *Cache) Elsewhere(goroot, version string, announce func(copyTo string, why error)) (string, error) {
	sum := sha256.Sum256([]byte(goroot))
	name := c.path(gorootsDir, fmt.Sprintf("%s-%s", fileName(version), hex.EncodeToString(sum[:])[:8]))
	if isOtherName(name, goroot) {
		return name, nil
	}
	unlock, err := c.lock()
	if err != nil {
		return "", c.fail(err)
	}
	defer unlock()
	if isOtherName(name, goroot) {
		return name, nil // another process was faster
	}
	temp, err := c.tempDir()
	if err != nil {
		return "", c.fail(err)
	}
	defer os.RemoveAll(temp)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return "", c.fail(err)
	}
	fresh := filepath.Join(temp, "goroot")
	if err := symlink(goroot, fresh); err != nil {
		announce(name, err)
		if err := os.CopyFS(fresh, os.DirFS(goroot)); err != nil {
			return "", c.fail(err)
		}
	}
	os.Remove(name) // a link to somewhere else
	return name, c.fail(os.Rename(fresh, name))
}

// isOtherName reports whether name is what Elsewhere makes for goroot.
func isOtherName(name, goroot string) bool {
	if target, err := os.Readlink(name); err == nil {
		return target == goroot
	}
	_, err := os.Stat(filepath.Join(name, "VERSION")) // of a copy
	return err == nil
}

// symlink is a variable for the test of what happens where links can't be made.
var symlink = os.Symlink

// fileName makes a version fit for a file name: a toolchain's version may hold spaces.
func fileName(version string) string {
	name, _, _ := strings.Cut(version, " ")
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, name)
}
