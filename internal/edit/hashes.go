// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"cmp"
	_ "embed"
	"fmt"
	"go/version"
	"maps"
	"slices"
	"strings"
)

//go:embed known.txt
var knownText string

// Hashes has the known hashes of declarations, and for each the releases in
// which it was seen, such as "go1.26.8".
type Hashes map[Decl]map[string][]string

// ParseHashes reads what Format writes. Blank lines and lines that begin with
// # are skipped.
func ParseHashes(text string) (Hashes, error) {
	h := Hashes{}
	for i, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0][0] == '#' {
			continue
		}
		name := 1 // fields of the declaration's name
		if len(fields) > 1 && slices.Contains([]string{"type", "var", "const"}, fields[1]) {
			name = 2
		}
		if len(fields) < name+3 || len(fields[name+1]) != 16 {
			return nil, fmt.Errorf("known hashes, line %d: not a file, a declaration, a hash and releases", i+1)
		}
		d := Decl{fields[0], strings.Join(fields[1:name+1], " ")}
		for _, release := range fields[name+2:] {
			if !version.IsValid(release) {
				return nil, fmt.Errorf("known hashes, line %d: %q is not a release such as go1.26.8", i+1, release)
			}
			h.Add(d, fields[name+1], release)
		}
	}
	return h, nil
}

// Add records that d had the hash in release.
func (h Hashes) Add(d Decl, hash, release string) {
	if h[d] == nil {
		h[d] = map[string][]string{}
	}
	if !slices.Contains(h[d][hash], release) {
		h[d][hash] = append(h[d][hash], release)
		slices.SortFunc(h[d][hash], version.Compare)
	}
}

// Merge adds all of other to h.
func (h Hashes) Merge(other Hashes) {
	for d, known := range other {
		for hash, releases := range known {
			for _, release := range releases {
				h.Add(d, hash, release)
			}
		}
	}
}

// Releases returns the releases in which d is known, oldest first.
func (h Hashes) Releases(d Decl) []string {
	seen := map[string]bool{}
	for _, releases := range h[d] {
		for _, release := range releases {
			seen[release] = true
		}
	}
	return slices.SortedFunc(maps.Keys(seen), version.Compare)
}

// AllReleases returns every release of h, oldest first.
func (h Hashes) AllReleases() []string {
	seen := map[string]bool{}
	for d := range h {
		for _, release := range h.Releases(d) {
			seen[release] = true
		}
	}
	return slices.SortedFunc(maps.Keys(seen), version.Compare)
}

// Format returns h as sorted lines of a file, a declaration, a hash and the
// releases that have it.
func (h Hashes) Format() string {
	decls := slices.SortedFunc(maps.Keys(h), compareDecls)
	var b strings.Builder
	for _, d := range decls {
		hashes := slices.SortedFunc(maps.Keys(h[d]), func(a, b string) int {
			return cmp.Or(version.Compare(h[d][a][0], h[d][b][0]), strings.Compare(a, b))
		})
		for _, hash := range hashes {
			fmt.Fprintf(&b, "%s %s %s %s\n", d.File, d.Name, hash, strings.Join(h[d][hash], " "))
		}
	}
	return b.String()
}

func compareDecls(a, b Decl) int {
	return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Name, b.Name))
}

// Releases returns the releases that the whole set is known to fit, oldest
// first.
func (s Set) Releases() []string {
	fit := s.Known.AllReleases()
	return slices.DeleteFunc(fit, func(release string) bool {
		return slices.ContainsFunc(s.decls(version.Lang(release)), func(d Decl) bool {
			return !slices.Contains(s.Known.Releases(d), release)
		})
	})
}
