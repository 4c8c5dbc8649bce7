// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"os"
	"path/filepath"
	"strings"
)

// A Setting is an environment variable for whoever runs the go command without spade.
type Setting struct {
	Name  string
	Value string
	Set   bool // must be set for it; otherwise this is what the variable means as it is
}

// Environment returns the settings under which the go command in the user's directory, or in chdir if that is not empty, builds
// what "spade go build" builds. It proves that the go command does, so a *ProofError is possible.
func (t *Tool) Environment(chdir string) ([]Setting, error) {
	p, err := t.plan(invocation{name: "build", chdir: chdir})
	if err != nil {
		return nil, err
	}
	goflags, err := p.standingFlags()
	if err != nil {
		return nil, err
	}
	p.unwrapFor(goflags)
	if err := newProver(t, p).configuration(); err != nil {
		return nil, err
	}
	goroot, isSet := lookupEnv(p.env, "GOROOT")
	if !isSet {
		goroot = p.goTool.GOROOT()
	}
	was, _ := lookupEnv(t.Env, "GOROOT")
	path, otherGo := p.searchPath()
	return []Setting{
		{"GOFLAGS", goflags, true},
		{"GOROOT", goroot, isSet && goroot != was},
		{"GOTOOLCHAIN", "local", true},
		{"PATH", path, otherGo},
	}, nil
}

// standingFlags returns the GOFLAGS that the user has, whether from the environment or from "go env -w", with p's overlay in place
// of theirs, which is merged into it.
func (p *plan) standingFlags() (string, error) {
	flags, err := splitFlags(p.goTool.Env["GOFLAGS"])
	if err != nil {
		return "", err
	}
	var kept []string
	for _, f := range flags {
		if name, _, _ := splitFlag(f); name != "overlay" {
			kept = append(kept, f)
		}
	}
	return joinFlags(append(kept, "-overlay="+p.json))
}

// searchPath returns a PATH in which p's go command is the first, and whether that is another PATH than the user's. GOTOOLCHAIN=local
// keeps a go command from starting the one that go.mod asks for, so that one must be found at once.
func (p *plan) searchPath() (path string, changed bool) {
	path, _ = lookupEnv(p.env, "PATH")
	if sameFile(p.goTool.Path, p.goTool.Command) {
		return path, false
	}
	dir := filepath.Dir(p.goTool.Command)
	return strings.TrimSuffix(dir+string(filepath.ListSeparator)+path, string(filepath.ListSeparator)), true
}

// sameFile follows links, but tells a wrapper script from what it wraps.
func sameFile(a, b string) bool {
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(x, y)
}
