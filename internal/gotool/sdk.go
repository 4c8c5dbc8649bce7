// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spadego/spade/internal/overlay"
)

// An SDK is a GOROOT of its own with spade's runtime, whose go command needs no spade.
type SDK struct {
	Dir   string // absolute
	Go    string // GOVERSION of the Go that it is a copy of
	Files int
	Size  int64 // bytes, hard links counted in full
}

// An SDKDirError says that an SDK can't be made in a directory.
type SDKDirError struct {
	Dir string
	Why string
}

func (e *SDKDirError) Error() string { return fmt.Sprintf("can't make an SDK in %s: %s", e.Dir, e.Why) }

// ErrInterrupted means that work was stopped by a signal, and that what it had made was removed.
var ErrInterrupted = errors.New("interrupted; what was made so far is removed")

// SDK makes an SDK in dir from the Go that the user's directory uses. The directory appears in one step, complete and proved, or
// not at all; it must not exist, or be empty. With link set, files that spade does not edit become hard links to those of that Go
// where the file system can. progress is called often, with bytes.
func (t *Tool) SDK(ctx context.Context, dir string, link bool, progress func(done, all int64)) (*SDK, error) {
	dir = inDir(t.Dir, dir)
	g, err := Resolve(t.Dir, "", t.Env, t.Stderr)
	if err != nil {
		return nil, err
	}
	if err := g.CheckVersion(); err != nil {
		return nil, err
	}
	if err := checkSDKDir(dir, g.GOROOT()); err != nil {
		return nil, err
	}
	files, err := t.sdkFiles(g)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-")
	if err != nil {
		return nil, &SDKDirError{dir, err.Error()}
	}
	defer os.RemoveAll(temp)
	sdk := &SDK{Dir: dir, Go: g.Version(), Files: len(files)}
	for _, f := range files {
		sdk.Size += f.size
	}
	// The directory that MkdirTemp makes is closed to others; an SDK need not be.
	root := filepath.Join(temp, "go")
	if err := copyFiles(ctx, root, files, link, func(done int64) { progress(done, sdk.Size) }); err != nil {
		return nil, err
	}
	if err := keepLocal(filepath.Join(root, "go.env")); err != nil {
		return nil, err
	}
	if err := t.proveSDK(ctx, root); err != nil {
		return nil, err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) { // empty: a rename does not replace it everywhere
		return nil, &SDKDirError{dir, err.Error()}
	}
	return sdk, os.Rename(root, dir)
}

// checkSDKDir says what keeps an SDK of goroot from being made in dir.
func checkSDKDir(dir, goroot string) error {
	entries, err := os.ReadDir(dir)
	real := resolveLinks(dir)
	switch {
	case err == nil && len(entries) > 0:
		return &SDKDirError{dir, "it is not empty"}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return &SDKDirError{dir, err.Error()}
	case overlay.Below(real, resolveLinks(goroot)):
		return &SDKDirError{dir, "it lies in " + goroot + ", which is to be copied"}
	}
	return nil
}

// resolveLinks follows the links in the part of path that exists.
func resolveLinks(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil || path == filepath.Dir(path) {
		return real
	}
	return filepath.Join(resolveLinks(filepath.Dir(path)), filepath.Base(path))
}

// sdkFiles lists the files of g with spade's in place of, or beside, those in src.
func (t *Tool) sdkFiles(g *Go) ([]file, error) {
	goroot, err := t.usableRoot(g)
	if err != nil {
		return nil, err
	}
	o, err := t.ensure(g, goroot)
	if err != nil {
		return nil, err
	}
	ours, err := o.Files(goroot)
	if err != nil {
		return nil, err
	}
	stock, err := filesBelow(g.GOROOT())
	if err != nil {
		return nil, err
	}
	byName := map[string]file{}
	for _, f := range stock {
		byName[f.name] = f
	}
	for name, from := range ours {
		info, err := os.Stat(from)
		if err != nil {
			return nil, err
		}
		name = filepath.Join("src", filepath.FromSlash(name))
		byName[name] = file{name, from, info.Mode().Perm(), info.Size(), info.ModTime(), true}
	}
	var files []file
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		files = append(files, byName[name])
	}
	return files, nil
}

// keepLocal makes the go.env of a GOROOT say GOTOOLCHAIN=local: a go.mod that asks for a newer Go is to fail rather than to be
// built by the stock Go that the go command would download.
func keepLocal(name string) error {
	const local = "GOTOOLCHAIN=local\n"
	was, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var text strings.Builder
	for line := range strings.Lines(string(was)) {
		if !strings.HasPrefix(line, "GOTOOLCHAIN=") {
			text.WriteString(line)
		}
	}
	text.WriteString(local)
	os.Remove(name) // it may be a hard link
	return os.WriteFile(name, []byte(text.String()), 0o644)
}

// proveSDK has the go command in root compile package runtime and looks for the marker in that. Paths don't count, since root is
// going to be renamed.
func (t *Tool) proveSDK(ctx context.Context, root string) error {
	const wait = 10 * time.Second // for the go command to end after an interrupt
	cmd := exec.CommandContext(ctx, filepath.Join(root, "bin", "go"), "list", "-export", "-trimpath", "-f", "{{.Export}}", "runtime")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = wait
	cmd.Dir = root
	cmd.Env = t.Env
	for _, e := range []struct{ name, value string }{
		{"GOFLAGS", ""}, {"GOENV", "off"}, {"GOWORK", "off"}, {"GOTOOLCHAIN", "local"}, {"GOROOT", ""}, {"GOOS", ""}, {"GOARCH", ""}, {"PWD", root},
	} {
		cmd.Env = setEnv(cmd.Env, e.name, e.value)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	if err != nil {
		return &ProofError{Why: fmt.Sprintf("the copied go command can't compile package runtime: %v\n%s", err, said.Bytes())}
	}
	if _, err := overlay.ReadMarker(strings.TrimSpace(string(out))); err != nil {
		return &ProofError{Why: fmt.Sprintf("the runtime that the copied go command compiles has no marker (%v)", err)}
	}
	return nil
}
