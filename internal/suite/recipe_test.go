// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"reflect"
	"testing"
	"time"
)

func TestParseRecipe(t *testing.T) {
	tests := []struct {
		src  string
		want recipe
	}{
		{"// run\n\npackage main\n", recipe{Action: "run"}},
		{"//go:build linux\n\n// run\n", recipe{Action: "run"}},
		{"// run a b.go\n", recipe{Action: "run", Args: []string{"a", "b.go"}}},
		{"// run b.go x\n", recipe{Action: "run", Files: []string{"b.go"}, Args: []string{"x"}}},
		{"// run -gcflags='all=-N -l' -race\n", recipe{Action: "run", Flags: []string{"-gcflags=all=-N -l", "-race"}}},
		{"// run -gcflags -l=4\n", recipe{Action: "run", Flags: []string{"-gcflags", "-l=4"}}},
		{"// run -goexperiment fieldtrack -godebug x=1\n", recipe{Action: "run", Env: []string{"GOEXPERIMENT=fieldtrack", "GODEBUG=x=1"}}},
		{"// buildrun -t 10 -v\n", recipe{Action: "buildrun", Flags: []string{"-v"}, Timeout: 10 * time.Second}},
		{"// runindir -gomodversion \"1.23\"\n", recipe{Action: "runindir", GoVersion: "1.23"}},
	}
	for _, tt := range tests {
		got, err := parseRecipe(tt.src)
		if err != nil {
			t.Errorf("%q: %v", tt.src, err)
			continue
		}
		if len(got.Args) == 0 {
			got.Args = nil
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: %+v, want %+v", tt.src, got, tt.want)
		}
	}
	for _, src := range []string{"", "package main\n", "// run -t\n", "// run 'x\n"} {
		if r, err := parseRecipe(src); err == nil {
			t.Errorf("%q: %+v, want an error", src, r)
		}
	}
}

func TestBuildable(t *testing.T) {
	tc := Toolchain{GOOS: "linux", GOARCH: "amd64", CGO: true, Releases: []string{"go1.1", "go1.26"}, ToolTags: []string{"goexperiment.x"}}
	for src, want := range map[string]bool{
		"// run\n\npackage p\n":                                true,
		"//go:build linux && cgo && gc\n\n// run\n":            true,
		"//go:build !linux\n\n// run\n":                        false,
		"//go:build go1.26 && goexperiment.x && test_run\n":    true,
		"//go:build go1.27\n":                                  false,
		"// run\n\npackage p\n\n//go:build ignore\n":           true,
		"// +build windows\n\n// run\n\npackage p\n":           false,
		"//go:build goexperiment.y || arm64\n\npackage main\n": false,
	} {
		if got := buildable(src, tc); got != want {
			t.Errorf("buildable(%q) = %t", src, got)
		}
	}
}
