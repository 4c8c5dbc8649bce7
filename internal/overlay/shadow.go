// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// Shadow returns a directory below the cache directory that is goroot with o's files in it: links to what goroot holds, except for
// the directories that o has files in. It is for the go commands that hand files to a tool which knows nothing of overlays. goroot
// is the one in the Source that o was made from.
func (c *Cache) Shadow(o *Overlay, goroot, version string) (string, error) {
	name := c.path(gorootsDir, fileName(version)+"-"+o.ID)
	if isShadow(name) {
		return name, nil
	}
	files, err := o.Files(goroot)
	if err != nil {
		return "", err
	}
	unlock, err := c.lock()
	if err != nil {
		return "", c.fail(err)
	}
	defer unlock()
	if isShadow(name) {
		return name, nil // another process was faster
	}
	temp, err := c.tempDir()
	if err != nil {
		return "", c.fail(err)
	}
	defer os.RemoveAll(temp)
	fresh := filepath.Join(temp, "goroot")
	if err := linkAround(goroot, fresh, files); err != nil {
		return "", c.fail(err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return "", c.fail(err)
	}
	os.RemoveAll(name) // damaged
	return name, c.fail(os.Rename(fresh, name))
}

func isShadow(name string) bool {
	for _, file := range []string{"VERSION", "src/" + MarkerFile} {
		if _, err := os.Stat(filepath.Join(name, filepath.FromSlash(file))); err != nil {
			return false
		}
	}
	return true
}

// linkAround makes the directory to hold files (slash paths below src -> what to copy) and links to all else in goroot.
func linkAround(goroot, to string, files map[string]string) error {
	own := map[string]bool{".": true} // directories
	for name := range files {
		for dir := path.Dir("src/" + name); dir != "."; dir = path.Dir(dir) {
			own[dir] = true
		}
	}
	for dir := range own {
		at := filepath.Join(to, filepath.FromSlash(dir))
		if err := os.MkdirAll(at, 0o755); err != nil {
			return err
		}
		entries, err := os.ReadDir(filepath.Join(goroot, filepath.FromSlash(dir)))
		if err != nil {
			return err
		}
		for _, e := range entries {
			if inside := path.Join(dir, e.Name()); own[inside] || files[strings.TrimPrefix(inside, "src/")] != "" {
				continue
			}
			if err := symlink(filepath.Join(goroot, filepath.FromSlash(dir), e.Name()), filepath.Join(at, e.Name())); err != nil {
				return err
			}
		}
	}
	for name, from := range files {
		if err := copyWithTime(from, filepath.Join(to, "src", filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return nil
}

// copyWithTime copies a file and its time of modification, see writeStable.
func copyWithTime(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, data, 0o644); err != nil {
		return err
	}
	return os.Chtimes(to, time.Time{}, info.ModTime())
}
