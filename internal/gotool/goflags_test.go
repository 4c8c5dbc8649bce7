// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"slices"
	"strings"
	"testing"
)

func TestIsOn(t *testing.T) {
	for _, test := range []struct {
		line, goflags string
		want          bool
	}{
		{"test -c", "", true},
		{"test -c=true", "", true},
		{"test -c=false", "", false},
		{"test -c -c=0", "", false},
		{"test -c=F", "", false},
		{"test -args -c", "", false},
		{"test", "", false},
		{"test -run -c ./...", "", false}, // -c is what -run matches
		{"test ./... -v -c", "", true},
		{"test ./... name -c ", "", true}, // name is a package
		{"test", "-v -c", true},
		{"test", "-c=false", false},
		{"test -c=false", "-c", false},
		{"test -c", "-c=false", true},
	} {
		p := &plan{inv: parse(strings.Fields(test.line)), goTool: &Go{Env: map[string]string{"GOFLAGS": test.goflags}}}
		if got := p.isOn("c"); got != test.want {
			t.Errorf("go %s with GOFLAGS=%s: -c is %v, want %v", test.line, test.goflags, got, test.want)
		}
	}
}

// What the go command is asked for by spade takes those of the user's flags that decide what is compiled, and no other.
func TestFlagsFor(t *testing.T) {
	for _, test := range []struct{ line, goflags, runtime, packages string }{
		{"build -race -o x -v .", "", "-race", "-race"},
		{"build -tags a .", "-trimpath -json -n", "-trimpath -tags a", "-trimpath -tags a"},
		{"build -mod=vendor -modfile x.mod .", "", "", "-mod=vendor -modfile x.mod"},
		{"build .", "-mod=mod -asan", "-asan", "-mod=mod -asan"},
		{"build -gcflags=-lang=go1.20 -asmflags -S .", "-gcflags=-m", "", ""}, // for the packages named
		{"build -gcflags=all=-N .", "-asmflags=std=-S", "-asmflags=std=-S -gcflags=all=-N", "-asmflags=std=-S -gcflags=all=-N"},
		{"test -race . -args -msan", "", "-race", "-race"},
	} {
		p := &prover{plan: &plan{inv: parse(strings.Fields(test.line)), goTool: &Go{Env: map[string]string{"GOFLAGS": test.goflags}}}}
		for _, of := range []struct {
			names []string
			want  string
		}{{ofRuntime, test.runtime}, {ofPackages, test.packages}} {
			if got := p.flagsFor(of.names); !slices.Equal(got, strings.Fields(of.want)) {
				t.Errorf("go %s with GOFLAGS=%s passes on %q, want %s", test.line, test.goflags, got, of.want)
			}
		}
	}
}
