// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package gotool runs the user's go command on spade's runtime: it finds out which go it is, checks that spade supports it,
// hands it an overlay of edited runtime files, and proves that what comes out has them.
package gotool

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/overlay"
)

// A Go is the go command that a user's "go build" in some directory ends up running, after go.mod, go.work and GOTOOLCHAIN have
// had their say on the version.
type Go struct {
	Path    string            // the go command in PATH
	Command string            // the go command to run: GOROOT/bin/go
	Dir     string            // absolute; the directory that it works in
	Env     map[string]string // what "go env" says there, for the names in asked
}

// GOROOT returns the directory as the go command names it.
func (g *Go) GOROOT() string { return g.Env["GOROOT"] }

// Version returns the GOVERSION, such as "go1.26.8" or "go1.27.4 X:nodwarf5".
func (g *Go) Version() string { return g.Env["GOVERSION"] }

// InModcache reports whether g is a toolchain that the go command has downloaded, which it keeps where it overlays nothing.
func (g *Go) InModcache() bool { return overlay.Below(g.GOROOT(), g.Env["GOMODCACHE"]) }

// variant are the settings that decide which files and instructions a package is built from.
var variant = []string{
	"GOOS", "GOARCH", "GOEXPERIMENT", "GOFIPS140", "CGO_ENABLED",
	"GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM",
}

var asked = slices.Concat([]string{"GOROOT", "GOVERSION", "GOMOD", "GOWORK", "GOMODCACHE", "GOBIN", "GOPATH", "GOHOSTOS", "GOHOSTARCH"}, variant, carried)

// ErrNoGo means that there is no go command in PATH.
var ErrNoGo = errors.New("there is no go command in PATH")

// A CommandError says that the go command itself failed, and has said why.
type CommandError struct {
	Args []string
	Err  error
}

func (e *CommandError) Error() string {
	return fmt.Sprintf("go %s: %v", strings.Join(e.Args, " "), e.Err)
}
func (e *CommandError) Unwrap() error { return e.Err }

// Find returns the path of the go command in PATH.
func Find() (string, error) {
	path, err := exec.LookPath("go")
	if errors.Is(err, exec.ErrNotFound) {
		return "", ErrNoGo
	}
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// Resolve asks the go command in PATH who it is when it runs in the directory chdir, which may be empty or relative to dir, the
// directory that this process runs in. What go says meanwhile (that it downloads a toolchain, say) goes to stderr.
func Resolve(dir, chdir string, env []string, stderr io.Writer) (*Go, error) {
	path, err := Find()
	if err != nil {
		return nil, err
	}
	args := append([]string{"env", "-json"}, asked...)
	if chdir != "" {
		args = append([]string{"env", "-C", chdir, "-json"}, asked...)
	}
	cmd := exec.Command(path, args...)
	if cmd.Env, err = deeper(env, path); err != nil {
		return nil, err
	}
	cmd.Stderr = stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, &CommandError{args[:len(args)-len(asked)], err}
	}
	g := &Go{Path: path, Dir: inDir(dir, chdir)}
	if err := json.Unmarshal(out, &g.Env); err != nil {
		return nil, fmt.Errorf("%s env -json printed something else than JSON: %w", path, err)
	}
	if g.GOROOT() == "" || g.Version() == "" {
		return nil, fmt.Errorf("%s env says nothing of GOROOT or GOVERSION: is it a go command?", path)
	}
	g.Command = filepath.Join(g.GOROOT(), "bin", filepath.Base(path))
	return g, nil
}

func inDir(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}
