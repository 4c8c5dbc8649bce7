// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/edit"
)

func TestDiffLines(t *testing.T) {
	tests := []struct{ a, b, want string }{
		{"", "", ""},
		{"a b c", "a b c", " a| b| c"},
		{"a b c", "a x c", " a|-b|+x| c"},
		{"a b", "", "-a|-b"},
		{"", "a b", "+a|+b"},
		{"a b c d", "b d e", "-a| b|-c| d|+e"},
	}
	for _, test := range tests {
		got := strings.Join(diffLines(strings.Fields(test.a), strings.Fields(test.b)), "|")
		if got != test.want {
			t.Errorf("%q to %q: got %q, want %q", test.a, test.b, got, test.want)
		}
	}
}

func TestShowChange(t *testing.T) {
	var b strings.Builder
	d := edit.Decl{File: "p/p.go", Name: "f"}
	showChange(&b, edit.Change{Decl: d, Old: "func f() {\n\tx()\n}\n", New: "func f() {\n\ty()\n\tz()\n}\n"}, true)
	showChange(&b, edit.Change{Decl: d, Old: "func f()\n"}, false)
	showChange(&b, edit.Change{Decl: d, New: "func f()\n"}, false)
	const want = "p/p.go f: +2 -1 lines\n\t-\tx()\n\t+\ty()\n\t+\tz()\np/p.go f: gone\np/p.go f: new\n"
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Learning from the installed Go keeps what the file has; -prune drops it.
func TestLearn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "known.txt")
	const older = "p/p.go gone 0123456789abcdef go1.26.0\n"
	if err := os.WriteFile(file, []byte(older), 0o666); err != nil {
		t.Fatal(err)
	}
	set, err := edit.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, prune := range []bool{false, true} {
		args := []string{"-file", file, "-go", "local"}
		if prune {
			args = append(args, "-prune")
		}
		var out, errs strings.Builder
		if err := run(args, &out, &errs); err != nil {
			t.Fatal(err, errs.String())
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if kept := strings.Contains(string(text), older); kept == prune {
			t.Errorf("prune %v: older line kept: %v", prune, kept)
		}
		if set.Known, err = edit.ParseHashes(string(text)); err != nil {
			t.Fatal(err)
		}
		goroot, err := resolve("local")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range set.Verify(goroot) {
			t.Errorf("learned, and yet: %v", m)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"extra"}, `unexpected argument "extra"`},
		{[]string{"-diff", "go1.26.8"}, "two releases are needed"},
		{[]string{"-file", "no/such/file"}, "run learn from the module's root"},
		{[]string{"-diff", "go1.26.8,nonsense"}, "finding nonsense"},
	} {
		err := run(test.args, &strings.Builder{}, &strings.Builder{})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: error %v, want one with %q", test.args, err, test.want)
		}
	}
	if got := split("a,,b,"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("split: %v", got)
	}
}
