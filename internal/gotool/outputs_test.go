// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestOutputs(t *testing.T) {
	dir := t.TempDir()
	start := time.Now()
	for name, content := range map[string]string{
		"new":      "\x7fELF and more",
		"new.exe":  "MZ and more",
		"old":      "\x7fELF and more",
		"text":     "#!/bin/sh",
		"empty":    "",
		"sub/deep": "\x7fELF and more",
		"out/tool": "\x7fELF and more",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	anHourAgo := start.Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "old"), anHourAgo, anHourAgo); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"GOBIN": filepath.Join(dir, "out")}
	for _, test := range []struct {
		args []string
		want []string
	}{
		{[]string{"build"}, []string{"new", "new.exe"}},
		{[]string{"build", "-o", "old"}, []string{"old"}}, // named, so looked at even if up to date
		{[]string{"build", "-o=" + filepath.Join(dir, "text")}, []string{"text"}},
		{[]string{"build", "-o", "out"}, []string{"out/tool"}},
		{[]string{"build", "-o", "out/"}, []string{"out/tool"}},
		{[]string{"build", "-o", os.DevNull}, nil},
		{[]string{"build", "-o", "missing"}, nil},
		{[]string{"install"}, []string{"out/tool"}},
		{[]string{"test", "-c", "-o", "sub"}, []string{"sub/deep"}},
	} {
		p := &prover{plan: &plan{inv: parse(test.args), goTool: &Go{Dir: dir, Env: env}}}
		var got []string
		for _, o := range p.outputs(start) {
			name, err := filepath.Rel(dir, o.path)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, filepath.ToSlash(name))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("go %q wrote %q, want %q", test.args, got, test.want)
		}
	}
}

func TestInstallDir(t *testing.T) {
	gopath := filepath.FromSlash("/home/me/go")
	for _, test := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"GOBIN": "/bin", "GOPATH": gopath}, "/bin"},
		{map[string]string{"GOPATH": gopath}, "/home/me/go/bin"},
		{map[string]string{"GOPATH": gopath + string(filepath.ListSeparator) + "/second"}, "/home/me/go/bin"},
		{map[string]string{"GOPATH": gopath, "GOOS": "plan9", "GOARCH": "arm", "GOHOSTOS": "linux", "GOHOSTARCH": "arm"}, "/home/me/go/bin/plan9_arm"},
		{map[string]string{}, ""},
	} {
		p := &prover{plan: &plan{goTool: &Go{Env: test.env}}}
		if got := filepath.ToSlash(p.installDir()); got != test.want {
			t.Errorf("with %v, go install writes to %q, want %q", test.env, got, test.want)
		}
	}
}

func TestInstallsAs(t *testing.T) {
	for _, test := range []struct {
		operand, name string
		want          bool
	}{
		{"example.com/cmd/tool@v1.2.3", "tool", true},
		{"example.com/cmd/tool@latest", "other", false},
		{"example.com/tool/v2@v2.0.1", "tool", true},
		{"example.com/tool/v2@v2.0.1", "v2", false},
		{"example.com/cmd/...@v1.2.3", "other", true},
	} {
		if got := installsAs(test.operand, test.name); got != test.want {
			t.Errorf("go install %s writes %s: %v, want %v", test.operand, test.name, got, test.want)
		}
	}
}
