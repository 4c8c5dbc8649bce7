// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package spade_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

var wantComment = regexp.MustCompile(`// want "(.*)"`)

// TestEscapeByUse shows that escape analysis goes by what becomes of a value: not by whether it is passed as an interface or as
// a type parameter, nor by whether a goroutine is waited for.
func TestEscapeByUse(t *testing.T) {
	const file = "testdata/escape/escape.go"
	out, err := goCommand(".", "build", "-gcflags=-m", "./"+file)
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for i, line := range strings.Split(string(readFile(t, file)), "\n") {
		m := wantComment.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		decision := regexp.MustCompile(fmt.Sprintf(`(?m)^\S*escape\.go:%d:\d+: %s$`, i+1, regexp.QuoteMeta(m[1])))
		if !decision.MatchString(out) {
			t.Errorf("%s:%d: no decision %q in\n%s", file, i+1, m[1], out)
		}
	}
}

// TestCompilerFlags shows what -l and -live are, and that the compiler has no -s.
func TestCompilerFlags(t *testing.T) {
	out, _ := goCommand(".", "tool", "compile", "-h") // exits with 2 after printing them
	for _, want := range []string{`-l\tdisable inlining`, `-live\n\s+debug liveness analysis`} {
		if !regexp.MustCompile(`(?m)^\s+` + want + `$`).MatchString(out) {
			t.Errorf("the compiler's flags lack %q:\n%s", want, out)
		}
	}
	if regexp.MustCompile(`(?m)^\s+-s\b`).MatchString(out) {
		t.Error("the compiler has a flag -s")
	}
}
