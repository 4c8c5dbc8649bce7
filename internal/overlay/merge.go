// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A ConflictError says that the user's own overlay replaces a file that spade edits or relies on.
type ConflictError struct {
	User string // the user's overlay file
	Path string // the file that both replace
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("your overlay %s replaces %s, which spade's runtime edits or relies on", e.User, e.Path)
}

// Merge returns the path of an overlay file that holds o's replacements and those of the user's overlay file. Relative paths in
// the latter are relative to dir, as they are for the go command. The files named in reserved (absolute paths) must not be
// replaced by the user, nor must those that o replaces. What "spade env" has put into the user's overlay is left out, whether it is
// still there or not: o takes its place.
func (c *Cache) Merge(o *Overlay, user, dir string, reserved []string) (string, error) {
	ours, err := readOverlay(o.JSON)
	if err != nil {
		return "", c.fail(err)
	}
	if !filepath.IsAbs(user) {
		user = filepath.Join(dir, user)
	}
	theirs, err := readOverlay(user)
	if errors.Is(err, fs.ErrNotExist) && filepath.Dir(filepath.Dir(user)) == c.path(overlaysDir) {
		return o.JSON, nil // removed by Clean
	}
	if err != nil {
		return "", err
	}
	users, old := 0, theirs.spades()
	for from, to := range theirs.Replace {
		if old != "" && Below(to, old) {
			continue
		}
		from = absolute(dir, from)
		if _, clash := ours.Replace[from]; clash || slices.Contains(reserved, from) {
			return "", &ConflictError{User: user, Path: from}
		}
		if to != "" { // an empty path deletes the file
			to = absolute(dir, to)
		}
		ours.Replace[from] = to
		users++
	}
	if users == 0 {
		return o.JSON, nil
	}
	text, err := json.MarshalIndent(ours, "", "\t")
	if err != nil {
		return "", err
	}
	text = append(text, '\n')
	sum := sha256.Sum256(text)
	merged := c.path(mergedDir, hex.EncodeToString(sum[:])[:20]+".json")
	if holds(map[string][]byte{merged: text}) {
		return merged, nil
	}
	return merged, c.fail(c.writeFile(merged, text))
}

// Replaced returns what an overlay file replaces: an absolute path -> the file to read in its place, "" for none.
func Replaced(file, dir string) (map[string]string, error) {
	o, err := readOverlay(file)
	if err != nil {
		return nil, err
	}
	replaced := map[string]string{}
	for from, to := range o.Replace {
		if to != "" {
			to = absolute(dir, to)
		}
		replaced[absolute(dir, from)] = to
	}
	return replaced, nil
}

// spades returns the directory of the spade overlay whose replacements are part of o, or "".
func (o overlayJSON) spades() string {
	for from, to := range o.Replace {
		dir, found := strings.CutSuffix(to, filepath.FromSlash("src/"+MarkerFile))
		if found && strings.HasSuffix(filepath.ToSlash(from), "/src/"+MarkerFile) {
			return dir
		}
	}
	return ""
}

func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

func readOverlay(name string) (overlayJSON, error) {
	var o overlayJSON
	data, err := os.ReadFile(name)
	if err != nil {
		return o, fmt.Errorf("can't read the overlay file: %w", err)
	}
	if err := json.Unmarshal(data, &o); err != nil {
		return o, fmt.Errorf("the overlay file %s is not the go command's JSON: %w", name, err)
	}
	if o.Replace == nil {
		o.Replace = map[string]string{}
	}
	return o, nil
}
