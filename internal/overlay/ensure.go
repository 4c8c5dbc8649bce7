// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// A Source says what an overlay is made from.
type Source struct {
	GOROOT    string // as the go command that is going to read the overlay names it
	GOVERSION string
	Marker    Marker
	Stock     []string                          // slash paths below GOROOT/src: when one of these files changes, Edit is called again
	Edit      func() (map[string][]byte, error) // slash path below GOROOT/src -> content
}

// An Overlay is a directory of files that take the place of, or join, files of a GOROOT.
type Overlay struct {
	ID   string // a hash of all that is in it
	JSON string // path of the file for the go command's -overlay flag
	keys []string
}

// overlayJSON is the go command's format: an absolute path -> the path of the file to read in its place.
type overlayJSON struct {
	Replace map[string]string
}

// Ensure returns the overlay for s, written now or earlier. Its error is an *Error unless s.Edit returned it.
func (c *Cache) Ensure(s Source) (*Overlay, error) {
	marker, err := s.Marker.Source(s.GOROOT)
	if err != nil {
		return nil, err
	}
	stampPath := c.stampPath(s, marker)
	if o := c.stamped(stampPath); o != nil {
		return o, nil
	}
	before := statAll(s.stockPaths()) // before reading, so that a change while we read shows later
	files, err := s.Edit()
	if err != nil {
		return nil, err
	}
	files = maps.Clone(files)
	files[MarkerFile] = marker
	o, contents := c.layOut(s, files)
	if !holds(contents) {
		if err := c.write(o, contents); err != nil {
			return nil, c.fail(err)
		}
	}
	c.stamp(stampPath, o, before, statAll(slices.Sorted(maps.Keys(contents)))) // only saves time: no error if it can't be written
	return o, nil
}

// layOut decides on the overlay's ID, and on the path and content of each of its files.
func (c *Cache) layOut(s Source, files map[string][]byte) (*Overlay, map[string][]byte) {
	h := sha256.New()
	fmt.Fprintf(h, "spade overlay 1\n%q %q %q\n", s.GOROOT, s.GOVERSION, s.Marker.Edits)
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		fmt.Fprintf(h, "%q %x\n", name, sha256.Sum256(files[name]))
	}
	o := &Overlay{ID: hex.EncodeToString(h.Sum(nil))[:20]}
	dir := c.path(overlaysDir, o.ID)
	o.JSON = filepath.Join(dir, "overlay.json")

	contents := map[string][]byte{}
	replace := map[string]string{}
	for _, name := range names {
		key := s.stockPath(name)
		to := filepath.Join(dir, "src", filepath.FromSlash(name))
		replace[key] = to
		contents[to] = files[name]
		o.keys = append(o.keys, key)
	}
	text, err := json.MarshalIndent(overlayJSON{replace}, "", "\t")
	if err != nil {
		panic(err) // a map of strings has no such error
	}
	contents[o.JSON] = append(text, '\n')
	return o, contents
}

func (s Source) stockPath(name string) string {
	return filepath.Join(s.GOROOT, "src", filepath.FromSlash(name))
}

func (s Source) stockPaths() []string {
	var paths []string
	for _, name := range s.Stock {
		paths = append(paths, s.stockPath(name))
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// holds reports whether every file is there with its content.
func holds(contents map[string][]byte) bool {
	for path, want := range contents {
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			return false
		}
	}
	return true
}

// write puts the overlay's directory in place in one step.
func (c *Cache) write(o *Overlay, contents map[string][]byte) error {
	unlock, err := c.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if holds(contents) {
		return nil // another process was faster
	}
	temp, err := c.tempDir()
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)

	final := filepath.Dir(o.JSON)
	fresh := filepath.Join(temp, "fresh")
	for path, content := range contents {
		name, err := filepath.Rel(final, path)
		if err != nil {
			return err
		}
		if err := writeStable(filepath.Join(fresh, name), content); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return err
	}
	// A directory of that name can only be here if somebody damaged it.
	if err := os.Rename(final, filepath.Join(temp, "damaged")); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.Rename(fresh, final)
}

// writeStable writes a file whose time of modification follows from its content. The go command takes a directory's file names,
// sizes and times for its content when it looks into its package index, and does not index files written a moment ago: so the
// time must differ where the content does, be the same wherever the content is, and lie in the past.
func writeStable(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	const tenYears = 10 * 365 * 24 * 3600
	at := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(binary.BigEndian.Uint32(sum[:])%tenYears) * time.Second)
	return os.Chtimes(path, at, at)
}
