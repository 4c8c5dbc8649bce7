// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package overlay

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

var sample = Marker{Spade: "v1.2.3", Edits: "0123abcd", Go: "go1.26.8 X:some <\"quoted\">", Default: "inplace", Kind: "copy+inplace"}

// markerText returns what a binary holds, taken from the file that declares it.
func markerText(t *testing.T, m Marker) string {
	t.Helper()
	src, err := m.Source("/go")
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), MarkerFile, src, 0)
	if err != nil {
		t.Fatal(err)
	}
	if file.Name.Name != "runtime" || file.Scope.Lookup("spadeMarker") == nil {
		t.Fatalf("%s declares no runtime.spadeMarker:\n%s", MarkerFile, src)
	}
	text := ""
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok {
			text, err = strconv.Unquote(lit.Value)
		}
		return true
	})
	if err != nil || text == "" {
		t.Fatalf("%s holds no text: %v\n%s", MarkerFile, err, src)
	}
	return text
}

func TestFindMarker(t *testing.T) {
	text := markerText(t, sample)
	head, tail := markerEnds()
	if !strings.HasPrefix(text, string(head)) || !strings.HasSuffix(text, string(tail)) {
		t.Fatalf("the marker is %q", text)
	}
	const window = 1 << 20
	for name, data := range map[string]string{
		"alone":             text,
		"inside":            "\x00before" + text + "after\x00",
		"at a read's end":   strings.Repeat("x", window+maxMarker-len(text)/2) + text,
		"far":               strings.Repeat("x", 5*window+17) + text + strings.Repeat("y", window),
		"after a half one":  string(head) + `{"edits":"` + strings.Repeat("z", 100) + text,
		"after an end":      string(tail) + text,
		"after no JSON":     string(head) + "no JSON" + string(tail) + text,
		"after empty edits": string(head) + "{}" + string(tail) + text,
	} {
		got, err := FindMarker(strings.NewReader(data))
		if err != nil || got != sample {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if len(data) < 10000 {
			if got, err := FindMarker(iotest.OneByteReader(strings.NewReader(data))); err != nil || got != sample {
				t.Errorf("%s, byte by byte: %+v, %v", name, got, err)
			}
		}
	}
}

func TestFindNoMarker(t *testing.T) {
	text := markerText(t, sample)
	head, tail := markerEnds()
	for name, data := range map[string]string{
		"empty":     "",
		"other":     strings.Repeat("some bytes ", 500000),
		"cut off":   text[:len(text)-1],
		"beheaded":  text[1:],
		"no JSON":   string(head) + "no JSON" + string(tail),
		"too long":  string(head) + `{"edits":"` + strings.Repeat("z", 2*maxMarker) + `"}` + string(tail),
		"no edits":  string(head) + `{"spade":"v1"}` + string(tail),
		"two parts": text[:20] + "\x00" + text[20:],
	} {
		if got, err := FindMarker(strings.NewReader(data)); !errors.Is(err, ErrNoMarker) {
			t.Errorf("%s: %+v, %v, want ErrNoMarker", name, got, err)
		}
	}
	broken := errors.New("broken disk")
	if _, err := FindMarker(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a read error came back as %v", err)
	}
}

func TestMarkerTooLong(t *testing.T) {
	m := sample
	m.Go = string(bytes.Repeat([]byte("x"), maxMarker))
	if src, err := m.Source("/go"); err == nil {
		t.Errorf("a marker that is never found again was written: %d bytes", len(src))
	}
}
