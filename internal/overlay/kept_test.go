// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// kept returns what is kept under a key, or "".
func kept(t *testing.T, c *Cache, key string) (text string) {
	t.Helper()
	found, err := c.Kept(key, func(r io.Reader) error {
		data, err := io.ReadAll(r)
		text = string(data)
		return err
	})
	if err != nil || !found && text != "" {
		t.Fatalf("%s: %v", key, err)
	}
	return text
}

func keep(t *testing.T, c *Cache, key, text string) {
	t.Helper()
	k, err := c.Keep(key)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Discard()
	if _, err := io.WriteString(k, text); err != nil {
		t.Fatal(err)
	}
	if err := k.Commit(); err != nil {
		t.Fatal(err)
	}
}

// TestKept: what is kept is found under its key alone, and only whole.
func TestKept(t *testing.T) {
	c, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if got := kept(t, c, "a"); got != "" {
		t.Errorf("%q before anything was kept", got)
	}
	keep(t, c, "a", "what was found")
	if got := kept(t, c, "a"); got != "what was found" {
		t.Errorf("%q", got)
	}
	k, err := c.Keep("b")
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(k, "half")
	k.Discard()
	if got := kept(t, c, "b"); got != "" {
		t.Errorf("%q was not committed", got)
	}
	path := c.path(keptDir, "a")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := append([]byte(nil), data...)
	damaged[len(data)-9] ^= 1
	for what, content := range map[string][]byte{"damaged": damaged, "cut": data[:len(data)-3], "foreign": []byte("no gzip"), "empty": nil} {
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
		if got := kept(t, c, "a"); got != "" {
			t.Errorf("%s: %q", what, got)
		}
	}
	if err := os.WriteFile(c.path(keptDir, "c"), data, 0o666); err != nil {
		t.Fatal(err)
	}
	if got := kept(t, c, "c"); got != "" {
		t.Errorf("%q was written for another key", got)
	}
	if left, _ := filepath.Glob(c.path(tempsDir, "*")); len(left) > 0 {
		t.Errorf("left are %q", left)
	}
}

// TestKeptBound: what was used last is kept.
func TestKeptBound(t *testing.T) {
	c, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	old := mostKept
	defer func() { mostKept = old }()
	keep(t, c, "a", "1")
	info, err := os.Stat(c.path(keptDir, "a"))
	if err != nil {
		t.Fatal(err)
	}
	mostKept = 2*info.Size() + 1
	keep(t, c, "b", "2")
	for i, key := range []string{"b", "a"} {
		at := time.Now().Add(-time.Hour * time.Duration(i+1))
		if err := os.Chtimes(c.path(keptDir, key), at, at); err != nil {
			t.Fatal(err)
		}
	}
	kept(t, c, "a") // is a use
	keep(t, c, "c", "3")
	if a, b, c := kept(t, c, "a"), kept(t, c, "b"), kept(t, c, "c"); a != "1" || b != "" || c != "3" {
		t.Errorf("kept are %q, %q and %q", a, b, c)
	}
}

// TestWithKept: a file is there when it is made again, and stays as it was if that fails.
func TestWithKept(t *testing.T) {
	c, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for i, test := range []struct {
		before, text string
		keep         bool
		err          error
	}{
		{"", "first", true, nil}, {"first", "failed", true, errors.New("failed")}, {"first", "dropped", false, nil},
		{"first", "second", true, nil}, {"second", "", true, nil},
	} {
		err := c.WithKept("binary", func(path string) (bool, error) {
			if data, _ := os.ReadFile(path); string(data) != test.before {
				t.Errorf("%d: there is %q, want %q", i, data, test.before)
			}
			if test.text != "" {
				os.Remove(path)
				if err := os.WriteFile(path, []byte(test.text), 0o777); err != nil {
					t.Fatal(err)
				}
			}
			return test.keep, test.err
		})
		if !errors.Is(err, test.err) {
			t.Errorf("%d: %v", i, err)
		}
	}
}
