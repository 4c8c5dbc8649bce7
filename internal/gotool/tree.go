// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// A file is one of a GOROOT that is to be copied.
type file struct {
	name  string // below the root
	from  string // path of what it is copied from
	mode  fs.FileMode
	size  int64
	mtime time.Time
	ours  bool // spade's
}

// leftOut are directories that a GOROOT may hold and that are no part of a distribution.
var leftOut = []string{".git", filepath.Join("pkg", "bootstrap"), filepath.Join("pkg", "obj")}

// filesBelow lists the regular files below root. Links are followed, since a distribution may keep the parts of a GOROOT in
// several places; a link that leads back to where the walk came from is passed over.
func filesBelow(root string) ([]file, error) {
	var files []file
	var walk func(name string, above []fs.FileInfo) error
	walk = func(name string, above []fs.FileInfo) error {
		dir := filepath.Join(root, name)
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			name := filepath.Join(name, e.Name())
			info, err := os.Stat(filepath.Join(root, name))
			switch {
			case err != nil && e.Type()&fs.ModeSymlink != 0:
				continue // a link to nowhere: the go command makes nothing of it either
			case err != nil:
				return err
			case info.IsDir():
				if slices.Contains(leftOut, name) || slices.ContainsFunc(above, func(a fs.FileInfo) bool { return os.SameFile(a, info) }) {
					continue
				}
				if err := walk(name, append(slices.Clone(above), info)); err != nil {
					return err
				}
			case info.Mode().IsRegular():
				files = append(files, file{name, filepath.Join(root, name), info.Mode().Perm(), info.Size(), info.ModTime(), false})
			}
		}
		return nil
	}
	info, err := os.Stat(root)
	if err != nil {
		return nil, err
	}
	return files, walk("", []fs.FileInfo{info})
}

// copyFiles makes the files below dir, with their times: the go command knows a directory by them. With link set, stock files
// become hard links where the file system can. It calls progress with the bytes done, and stops when ctx does.
func copyFiles(ctx context.Context, dir string, files []file, link bool, progress func(done int64)) error {
	var done int64
	made := map[string]bool{}
	for _, f := range files {
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		to := filepath.Join(dir, f.name)
		if parent := filepath.Dir(to); !made[parent] {
			if err := os.MkdirAll(parent, 0o755); err != nil {
				return err
			}
			made[parent] = true
		}
		if !link || f.ours || os.Link(f.from, to) != nil {
			if err := f.copyTo(to); err != nil {
				return err
			}
		}
		done += f.size
		progress(done)
	}
	return nil
}

func (f file) copyTo(to string) error {
	in, err := os.Open(f.from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, f.mode|0o200)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in) // shares the blocks where the file system can
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Chtimes(to, f.mtime, f.mtime)
}
