// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The go command in PATH need not be the one in GOROOT: it may be a script, or the like, that sets something and then starts that one.
// What it sets is part of the user's build, so it is run, if it leads to the Go that the plan is for.

// A command is the go command that a plan runs.
type command struct {
	direct  string // GOROOT/bin/go
	wrapped bool   // the one in PATH is run instead, and starts that one
}

// chooseCommand sets the go command to run for p when its GOROOT is named goroot.
func (p *plan) chooseCommand(goroot string) {
	p.command = command{direct: filepath.Join(goroot, "bin", filepath.Base(p.goTool.Path))}
	p.goTool.Command = p.direct
	if sameFile(p.goTool.Path, p.direct) {
		return
	}
	if !p.goTool.InModcache() { // where no script leads to, but the go command when it has downloaded another
		found, err := p.askPath(p.env, "GOROOT", "GOVERSION")
		if err == nil && found == goroot+"\n"+p.goTool.Version() {
			p.goTool.Command, p.wrapped = p.goTool.Path, true
			return
		}
	}
	// The Go is another than that in PATH, by go.mod or GOTOOLCHAIN.
	p.env = setEnv(p.env, "GOROOT", goroot)
	if !isObject(p.goTool.Path) {
		for _, name := range slices.Concat(variant, carried) {
			p.env = setEnv(p.env, name, p.goTool.Env[name])
		}
	}
}

// carried are settings that a script may make, beside those in variant, that are kept where it can't be run.
var carried = []string{
	"GOFLAGS", "GOPROXY", "GOPRIVATE", "GONOPROXY", "GOSUMDB", "GONOSUMDB", "GOINSECURE", "GOAUTH", "CC", "CXX", "AR", "PKG_CONFIG",
	"CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS",
}

// unwrapFor makes p run the go command in GOROOT if the one in PATH would not use p's overlay when GOFLAGS is goflags: it may have a
// GOFLAGS of its own.
func (p *plan) unwrapFor(goflags string) {
	if !p.wrapped {
		return
	}
	said, err := p.askPath(setEnv(p.env, "GOFLAGS", goflags), "GOFLAGS")
	under := &Go{Env: map[string]string{"GOFLAGS": said}}
	if used, _, bad := under.standing("overlay"); err != nil || bad != nil || used != p.json {
		p.goTool.Command, p.wrapped = p.direct, false
	}
}

// askPath returns what the go command in PATH says of settings under env, a line each.
func (p *plan) askPath(env []string, names ...string) (string, error) {
	cmd := exec.Command(p.goTool.Path, append([]string{"env"}, names...)...)
	cmd.Dir = p.goTool.Dir
	cmd.Env = setEnv(env, "PWD", cmd.Dir)
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// A LoopError says that the go command in PATH is one that runs spade.
type LoopError struct{ Path string }

func (e *LoopError) Error() string {
	return fmt.Sprintf("%s, the go command in PATH, starts spade again; put the directory of a real one in front of it", e.Path)
}

// deeper returns the environment for a go command that may turn out to start spade. It counts how often one has within the other, as
// it also does, a few times, where a program that spade runs makes use of spade.
func deeper(env []string, path string) ([]string, error) {
	const name, most = "SPADE_DEPTH", 12
	value, _ := lookupEnv(env, name)
	depth, _ := strconv.Atoi(value) // 0 in the first
	if depth == most {
		return nil, &LoopError{path}
	}
	return setEnv(env, name, strconv.Itoa(depth+1)), nil
}
