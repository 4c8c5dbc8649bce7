// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDigest: whatever an analysis depends on is in the digest.
func TestDigest(t *testing.T) {
	dir, err := filepath.Abs("testdata/reflection")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "main.go")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	digest := func(s *Source, binary string) string {
		t.Helper()
		d, err := s.Digest(strings.NewReader(binary))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	source := func() *Source { return &Source{Dir: dir, Env: environment(), Main: "."} }
	first := digest(source(), "a")
	same := source()
	same.Overlay = map[string][]byte{name: text}
	if digest(same, "a") != first {
		t.Error("the same source has two digests")
	}
	same.Overlay[name] = append(text, "//\n"...)
	if digest(same, "a") == first {
		t.Error("a file has changed since its package was listed, but not the digest")
	}
	trimmed := source()
	trimmed.Trimmed = true
	if digest(trimmed, "a") == first {
		t.Error("names of files are others, but the digest is the same")
	}
	if digest(source(), "b") == first {
		t.Error("another binary has the same digest")
	}
	broken := source()
	broken.Overlay = map[string][]byte{name: []byte("package main; import \"no/such/package\"; func main() {}")}
	if _, err := broken.Digest(strings.NewReader("a")); err == nil {
		t.Error("there is a digest of what can't be loaded")
	}
}
