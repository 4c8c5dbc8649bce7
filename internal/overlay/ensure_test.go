// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// aSource is an edit of one stock file that adds another one; edits counts the calls of Edit.
func aSource(t *testing.T) (s Source, edits *int) {
	t.Helper()
	goroot := filepath.Join(t.TempDir(), "my go")
	stock := filepath.Join(goroot, "src", "runtime", "stack.go")
	write(t, stock, "package runtime\n")
	edits = new(int)
	return Source{
		GOROOT: goroot, GOVERSION: "go1.26.8", Marker: sample, Stock: []string{"runtime/stack.go"},
		Edit: func() (map[string][]byte, error) {
			*edits++
			text, err := os.ReadFile(stock)
			return map[string][]byte{"runtime/stack.go": append([]byte("// edited\n"), text...), "runtime/spade_x.go": []byte("package runtime\n")}, err
		},
	}, edits
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

func newCache(t *testing.T) *Cache {
	t.Helper()
	c, err := Open(filepath.Join(t.TempDir(), "not", "there yet"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ensure(t *testing.T, c *Cache, s Source) *Overlay {
	t.Helper()
	o, err := c.Ensure(s)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// replacements reads an overlay as the go command does.
func replacements(t *testing.T, o *Overlay) map[string]string {
	t.Helper()
	data, err := os.ReadFile(o.JSON)
	if err != nil {
		t.Fatal(err)
	}
	var text struct{ Replace map[string]string }
	if err := json.Unmarshal(data, &text); err != nil {
		t.Fatal(err)
	}
	return text.Replace
}

func TestEnsure(t *testing.T) {
	s, edits := aSource(t)
	c := newCache(t)
	o := ensure(t, c, s)
	replace := replacements(t, o)
	var keys []string
	for _, name := range []string{"spade_marker.go", "spade_x.go", "stack.go"} {
		keys = append(keys, filepath.Join(s.GOROOT, "src", "runtime", name))
	}
	if got := slices.Sorted(maps.Keys(replace)); !slices.Equal(got, keys) {
		t.Errorf("the overlay replaces %q, want %q", got, keys)
	}
	if text, err := os.ReadFile(replace[keys[2]]); err != nil || string(text) != "// edited\npackage runtime\n" {
		t.Errorf("stack.go is %q, %v", text, err)
	}
	for i := range 3 {
		if again := ensure(t, c, s); again.ID != o.ID || again.JSON != o.JSON {
			t.Errorf("time %d: overlay %s, before %s", i+2, again.JSON, o.JSON)
		}
	}
	if *edits != 1 {
		t.Errorf("the stock files were edited %d times, want once", *edits)
	}
	if left, _ := os.ReadDir(c.path(tempsDir)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestEnsureAnew changes one thing after the other: each must show in the overlay.
func TestEnsureAnew(t *testing.T) {
	s, _ := aSource(t)
	c := newCache(t)
	first := ensure(t, c, s)
	for name, change := range map[string]func(*Source){
		"marker":  func(s *Source) { s.Marker.Edits = "other" },
		"version": func(s *Source) { s.GOVERSION = "go1.26.9" },
		"GOROOT":  func(s *Source) { s.GOROOT += "2" },
	} {
		changed := s
		change(&changed)
		if o := ensure(t, c, changed); o.ID == first.ID {
			t.Errorf("with another %s, the overlay is the same", name)
		}
	}
	stock := filepath.Join(s.GOROOT, "src", "runtime", "stack.go")
	write(t, stock, "package runtime // patched\n")
	o := ensure(t, c, s)
	if text, err := os.ReadFile(replacements(t, o)[stock]); err != nil || !strings.Contains(string(text), "patched") {
		t.Errorf("the stock file changed, but the overlay has %q, %v", text, err)
	}
	if again := ensure(t, newCache(t), s); again.ID != o.ID {
		t.Errorf("overlay %s in one cache, %s in another", o.ID, again.ID)
	}
}

func TestEnsureRepairs(t *testing.T) {
	s, _ := aSource(t)
	c := newCache(t)
	o := ensure(t, c, s)
	want := dirStates(t, filepath.Dir(o.JSON))
	file := replacements(t, o)[filepath.Join(s.GOROOT, "src", "runtime", "spade_x.go")]
	marker, err := s.Marker.Source(s.GOROOT)
	if err != nil {
		t.Fatal(err)
	}
	stamp := c.stampPath(s, marker)
	for name, damage := range map[string]func() error{
		"removed file":      func() error { return os.Remove(file) },
		"changed file":      func() error { return os.WriteFile(file, []byte("package other!!\n"), 0o666) },
		"cut-off JSON":      func() error { return os.Truncate(o.JSON, 10) },
		"removed directory": func() error { return os.RemoveAll(filepath.Dir(o.JSON)) },
		"nonsense stamp":    func() error { return os.WriteFile(stamp, []byte("nonsense"), 0o666) },
		"empty stamp":       func() error { return os.WriteFile(stamp, []byte("{}"), 0o666) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		ensure(t, c, s)
		if got := dirStates(t, filepath.Dir(o.JSON)); !slices.Equal(got, want) {
			t.Errorf("after a %s:\n%v, want\n%v", name, got, want)
		}
	}
}

func dirStates(t *testing.T, dir string) []fileState {
	t.Helper()
	var paths []string
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return statAll(paths)
}

func TestTimesFollowContent(t *testing.T) {
	dir := t.TempDir()
	times := map[string]time.Time{}
	for _, name := range []string{"a", "b", "a again"} {
		path := filepath.Join(dir, name)
		if err := writeStable(path, []byte(name[:1])); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		times[name] = info.ModTime()
		if time.Since(info.ModTime()) < time.Hour {
			t.Errorf("%s is as young as %v: the go command would not index its directory", name, info.ModTime())
		}
	}
	if times["a"].Equal(times["b"]) || !times["a"].Equal(times["a again"]) {
		t.Errorf("times: %v", times)
	}
}

func TestEnsureAtOnce(t *testing.T) {
	s, _ := aSource(t)
	edit := s.Edit
	var mu sync.Mutex
	s.Edit = func() (map[string][]byte, error) {
		mu.Lock() // for the count of calls
		defer mu.Unlock()
		return edit()
	}
	dir := filepath.Join(t.TempDir(), "cache")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c, err := Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			o, err := c.Ensure(s)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := os.Stat(o.JSON); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if made, _ := os.ReadDir(filepath.Join(dir, overlaysDir)); len(made) != 1 {
		t.Errorf("%d overlays, want 1", len(made))
	}
}

func TestEnsureFails(t *testing.T) {
	s, _ := aSource(t)
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	c, err := Open(filepath.Join(file, "cache"))
	if err != nil {
		t.Fatal(err)
	}
	var unusable *Error
	if _, err := c.Ensure(s); !errors.As(err, &unusable) || !strings.Contains(err.Error(), c.Dir()) {
		t.Errorf("a cache that can't be written to gives %v, want an *Error with its directory", err)
	}

	c = newCache(t)
	mismatch := errors.New("newstack is not known")
	s.Edit = func() (map[string][]byte, error) { return nil, mismatch }
	if _, err := c.Ensure(s); !errors.Is(err, mismatch) || errors.As(err, &unusable) {
		t.Errorf("an edit that fails gives %v", err)
	}
	if _, err := os.Stat(c.Dir()); err == nil {
		t.Errorf("an edit that failed left a cache directory")
	}
}

func TestClean(t *testing.T) {
	s, _ := aSource(t)
	c := newCache(t)
	if removed, err := c.Clean(); err != nil || len(removed) > 0 {
		t.Errorf("cleaning nothing: %q, %v", removed, err)
	}
	ensure(t, c, s)
	c.MarkProven(Configuration{"x"})
	if _, err := c.Clean(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.Dir()); err == nil {
		t.Errorf("the cache directory is still there")
	}
	ensure(t, c, s)
	foreign := filepath.Join(c.Dir(), "notes.txt")
	write(t, foreign, "mine")
	if _, err := c.Clean(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Errorf("somebody else's file: %v", err)
	}
}

func TestProof(t *testing.T) {
	c := newCache(t)
	conf := Configuration{"overlay", "-race"}
	if c.Proven(conf) {
		t.Errorf("proven before it was proved")
	}
	c.MarkProven(conf)
	if !c.Proven(conf) {
		t.Errorf("not proven any more")
	}
	for _, other := range []Configuration{{"overlay"}, {"overlay -race"}, {"-race", "overlay"}, {"overlay", "-race", ""}} {
		if c.Proven(other) {
			t.Errorf("%q passes for %q", other, conf)
		}
	}
}
