// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package variant builds a compiler and an assembler from a GOROOT with edits, and stands in for those of the GOROOT when the go
// command runs them through its -toolexec flag.
//
// The go command names what it caches by what a tool answers to -V=full, not by the tool's content. So the stand-in answers
// differently for every set of edits and every choice of checks, and compiled packages of one never serve the other.
package variant

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/overlay"
)

// A Source says what the tools are built from.
type Source struct {
	Go        string // the go command
	GOROOT    string // as the go command names it
	GOVERSION string
	ID        string                            // of the edits
	Stock     []string                          // the files that are edited or relied on: slash paths below GOROOT/src
	Edit      func() (map[string][]byte, error) // slash path below GOROOT/src -> content
	Env       []string                          // the user's
}

// names are the tools that are built.
var names = []string{"compile", "asm"}

// A BuildError says that the go command could not build the tools.
type BuildError struct {
	GOROOT string
	Output string
	Err    error
}

func (e *BuildError) Error() string {
	return fmt.Sprintf("building the compiler and the assembler of %s with edits: %v\n%s", e.GOROOT, e.Err, strings.TrimSpace(e.Output))
}
func (e *BuildError) Unwrap() error { return e.Err }

// Ensure returns the directory of the tools for s, built now or earlier. Before they are built, which takes a minute or two, it
// calls announce.
func Ensure(cache *overlay.Cache, s Source, announce func()) (dir string, err error) {
	key, err := s.key()
	if err != nil {
		return "", err
	}
	return cache.Once(key, func(dir string) error {
		files, err := s.Edit()
		if err != nil {
			return err
		}
		announce()
		return s.build(dir, files)
	})
}

// key names all that the tools are made from. What is not edited is taken for the same as long as the stock tools are.
func (s Source) key() (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "spade variant 1\n%q %q %q\n", s.GOROOT, s.GOVERSION, s.ID)
	var files []string
	for _, name := range s.Stock {
		files = append(files, filepath.Join(s.GOROOT, "src", filepath.FromSlash(name)))
	}
	slices.Sort(files)
	for _, pattern := range []string{"compile*", "asm*"} {
		tools, err := filepath.Glob(filepath.Join(s.GOROOT, "pkg", "tool", "*", pattern))
		if err != nil {
			return "", err
		}
		files = append(files, tools...)
	}
	for _, path := range slices.Compact(files) {
		info, err := os.Stat(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%q %d %d\n", path, info.Size(), info.ModTime().UnixNano())
	}
	version, _, _ := strings.Cut(s.GOVERSION, " ")
	return version + "-" + hex.EncodeToString(h.Sum(nil))[:16], nil
}

// build puts the tools into dir.
func (s Source) build(dir string, files map[string][]byte) error {
	json, err := writeOverlay(filepath.Join(dir, "src"), s.GOROOT, files)
	if err != nil {
		return err
	}
	args := []string{"build", "-pgo=off", "-ldflags=-s -w", "-overlay=" + json, "-o", dir + string(filepath.Separator)}
	for _, name := range names {
		args = append(args, "cmd/"+name)
	}
	cmd := exec.Command(s.Go, args...)
	cmd.Dir = dir
	cmd.Env = s.env()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return &BuildError{s.GOROOT, said.String(), err}
	}
	return nil
}

// writeOverlay writes files below dir and returns the path of the overlay file that names them.
func writeOverlay(dir, goroot string, files map[string][]byte) (string, error) {
	replace := map[string]string{}
	for name, content := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(to, content, 0o644); err != nil {
			return "", err
		}
		replace[filepath.Join(goroot, "src", filepath.FromSlash(name))] = to
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, text, 0o644)
}

// blank are the settings of the user's that are about what they build, not about the tools that build it.
var blank = []string{
	"GOFLAGS", "GOEXPERIMENT", "GOOS", "GOARCH", "GOAMD64", "GOARM64", "GOFIPS140", "GODEBUG", "CC", "CXX", "PKG_CONFIG", "GOWORK", "GO111MODULE",
}

// env returns the environment for building the tools.
func (s Source) env() []string {
	env := slices.DeleteFunc(slices.Clone(s.Env), func(e string) bool {
		name, _, _ := strings.Cut(e, "=")
		return slices.Contains(blank, name)
	})
	return append(env, "GOENV=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0", "GO111MODULE=off", "GOROOT="+s.GOROOT)
}
