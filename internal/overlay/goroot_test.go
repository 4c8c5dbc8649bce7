// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestBelow(t *testing.T) {
	for _, test := range []struct {
		path, dir string
		want      bool
	}{
		{"/m/toolchain", "/m", true},
		{"/m", "/m", true},
		{"/m/", "/m", true},
		{"/m/a/../b", "/m/", true},
		{"/module", "/m", false},
		{"/", "/m", false},
		{"/m/..", "/m", false},
		{"/go", "/", true},
		{"/go", "", false},
	} {
		if got := Below(filepath.FromSlash(test.path), filepath.FromSlash(test.dir)); got != test.want {
			t.Errorf("Below(%q, %q) = %v", test.path, test.dir, got)
		}
	}
}

// aGoroot is a directory that looks a bit like a GOROOT.
func aGoroot(t *testing.T) string {
	t.Helper()
	goroot := t.TempDir()
	write(t, filepath.Join(goroot, "VERSION"), "go1.27.4\n")
	write(t, filepath.Join(goroot, "bin", "go"), "#!/bin/sh\n")
	if err := os.Chmod(filepath.Join(goroot, "bin", "go"), 0o755); err != nil {
		t.Fatal(err)
	}
	return goroot
}

func TestElsewhere(t *testing.T) {
	c := newCache(t)
	goroot := aGoroot(t)
	announce := func(copyTo string, why error) { t.Errorf("copies to %s: %v", copyTo, why) }
	name, err := c.Elsewhere(goroot, "go1.27.4 X:some", announce)
	if err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if !Below(name, c.Dir()) || filepath.Base(name)[:9] != "go1.27.4-" {
		t.Errorf("the other name is %s", name)
	}
	if target, err := os.Readlink(name); err != nil || target != goroot {
		t.Errorf("%s leads to %q, %v, want %s", name, target, err, goroot)
	}
	if again, err := c.Elsewhere(goroot, "go1.27.4 X:some", announce); err != nil || again != name {
		t.Errorf("the second time: %s, %v, want %s", again, err, name)
	}
	if other, err := c.Elsewhere(aGoroot(t), "go1.27.4 X:some", announce); err != nil || other == name {
		t.Errorf("another GOROOT has the name %s, %v, too", other, err)
	}

	// Whatever else the name leads to is put right.
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(t.TempDir(), name); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Elsewhere(goroot, "go1.27.4 X:some", announce); err != nil {
		t.Error(err)
	}
	if target, err := os.Readlink(name); err != nil || target != goroot {
		t.Errorf("%s still leads to %q, %v, want %s", name, target, err, goroot)
	}
}

func TestElsewhereCopies(t *testing.T) {
	defer func(f func(string, string) error) { symlink = f }(symlink)
	symlink = func(string, string) error { return errors.New("links are not for you") }

	c := newCache(t)
	goroot := aGoroot(t)
	announced := 0
	for range 2 {
		name, err := c.Elsewhere(goroot, "go1.27.4", func(string, error) { announced++ })
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Lstat(filepath.Join(name, "bin", "go"))
		if err != nil || info.Mode().Perm()&0o111 == 0 {
			t.Errorf("the copied go command is %v, %v", info, err)
		}
		if info, err := os.Lstat(name); err != nil || !info.IsDir() {
			t.Errorf("%s is no directory: %v, %v", name, info, err)
		}
	}
	if announced != 1 {
		t.Errorf("announced %d copies, want 1", announced)
	}
}
