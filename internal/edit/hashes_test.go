// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"slices"
	"strings"
	"testing"
)

const someHashes = `runtime/chan.go (*hchan).raceaddr 0123456789abcdef go1.26.8
runtime/stack.go newstack 0123456789abcdef go1.26.8 go1.26.10 go1.27.0
runtime/stack.go newstack fedcba9876543210 go1.27.4
runtime/stack.go type stack 0123456789abcdef go1.26.8 go1.27.4
`

func TestHashesRoundTrip(t *testing.T) {
	lines := strings.SplitAfter(someHashes, "\n")
	slices.Reverse(lines)
	h, err := ParseHashes("# comment\n\n" + strings.Join(lines, ""))
	if err != nil {
		t.Fatal(err)
	}
	if got := h.Format(); got != someHashes {
		t.Errorf("got\n%s\nwant\n%s", got, someHashes)
	}
	newstack := Decl{"runtime/stack.go", "newstack"}
	if got, want := h.Releases(newstack), []string{"go1.26.8", "go1.26.10", "go1.27.0", "go1.27.4"}; !slices.Equal(got, want) {
		t.Errorf("releases %v, want %v", got, want)
	}
}

func TestHashesRefused(t *testing.T) {
	for line, want := range map[string]string{
		"runtime/stack.go newstack 0123456789abcdef":        "line 1: not a file",
		"\nruntime/stack.go newstack 0123 go1.26.8":         "line 2: not a file",
		"runtime/stack.go newstack 0123456789abcdef 1.26.8": `"1.26.8" is not a release`,
		"runtime/stack.go type 0123456789abcdef go1.26.8":   "line 1: not a file",
		"runtime/stack.go": "line 1: not a file",
	} {
		if _, err := ParseHashes(line); !strings.Contains(errText(err), want) {
			t.Errorf("%q: error %v, want one with %q", line, err, want)
		}
	}
}

func TestHashesMerge(t *testing.T) {
	d := Decl{"p/p.go", "f"}
	a, b := Hashes{}, Hashes{}
	a.Add(d, "0123456789abcdef", "go1.27.0")
	b.Add(d, "0123456789abcdef", "go1.26.8")
	b.Add(d, "0123456789abcdef", "go1.27.0")
	a.Merge(b)
	if got, want := a.Format(), "p/p.go f 0123456789abcdef go1.26.8 go1.27.0\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A release counts as supported only if all declarations are known in it.
func TestSetReleases(t *testing.T) {
	h, err := ParseHashes(someHashes)
	if err != nil {
		t.Fatal(err)
	}
	s := Set{
		Known:   h,
		Edits:   []Edit{at("runtime/chan.go", "(*hchan).raceaddr", Only("go1.26", Prologue("x()")))},
		Watched: watch("runtime/stack.go", "newstack", "type stack"),
	}
	if got, want := s.Releases(), []string{"go1.26.8", "go1.27.4"}; !slices.Equal(got, want) {
		t.Errorf("releases %v, want %v", got, want)
	}
}
