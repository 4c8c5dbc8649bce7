// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// askSpade learns which overlay and which GOROOT spade gives the go command for a toolchain. It asks the go command
// itself: `spade go run` runs a program by way of -exec, and that program prints the command line of its parent.
func askSpade(ctx context.Context, spade, stacks string, tc Toolchain) (*SpadeBuild, error) {
	dir, err := os.MkdirTemp("", "spade-suite-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "empty.go"), []byte("package main\n\nfunc main() {}\n"), 0o666); err != nil {
		return nil, err
	}
	const tell = `-exec=sh -c 'tr "\\0" "\\n" < /proc/$PPID/cmdline'`
	sb := &SpadeBuild{Command: spade, Stacks: stacks}
	out, err := command{Args: append(sb.goCommand(), "run", tell, "empty.go"), Dir: dir, Timeout: 2 * shortCommand,
		Env: cleanEnv(os.Environ(), "GOTOOLCHAIN="+tc.Name)}.output(ctx)
	if err != nil {
		return nil, fmt.Errorf("asking spade for its overlay: %w", err)
	}
	args := strings.Split(out, "\n")
	for _, arg := range args {
		if v, ok := strings.CutPrefix(arg, "-overlay="); ok {
			sb.Overlay = v
		}
		if v, ok := strings.CutPrefix(arg, "-toolexec="); ok {
			sb.Toolexec = v
		}
	}
	data, err := os.ReadFile(sb.Overlay)
	if err != nil {
		return nil, fmt.Errorf("asking spade for its overlay: %w; its go command is %q", err, args)
	}
	sb.GOROOT = filepath.Dir(filepath.Dir(args[0]))
	sb.ID = fmt.Sprintf("%x", sha256.Sum256(append(data, sb.Toolexec...)))[:12]
	if _, err := os.Stat(filepath.Join(sb.GOROOT, "src", "runtime")); err != nil {
		return nil, fmt.Errorf("asking spade for its GOROOT: %w; its go command is %q", err, args)
	}
	return sb, checkChildBuild(ctx, dir, &Lane{Name: cmp.Or(stacks, "inplace"), Go: tc, Spade: sb})
}

// checkChildBuild makes sure that a go command which a test starts builds for spade's runtime: if it did not, the crash
// tests of package runtime would prove nothing.
func checkChildBuild(ctx context.Context, dir string, l *Lane) error {
	exe := filepath.Join(dir, "child.exe")
	if _, err := (command{Args: []string{l.directGo(), "build", "-o", exe, "empty.go"}, Dir: dir, Env: l.childEnv(), Timeout: 2 * shortCommand}).output(ctx); err != nil {
		return fmt.Errorf("building with spade's overlay in GOFLAGS: %w", err)
	}
	out, err := command{Args: []string{l.Spade.Command, "verify", exe}, Dir: dir, Env: l.buildEnv(), Timeout: shortCommand}.output(ctx)
	if err != nil {
		return fmt.Errorf("a program built with spade's overlay in GOFLAGS is not spade's: %w", err)
	}
	if checks := l.strategy() == ""; checks != strings.Contains(out, "fault(") {
		return fmt.Errorf("a program built with spade's GOFLAGS is not one of lane %s: %s", l.Name, out)
	}
	return nil
}
