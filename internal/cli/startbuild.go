// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/spadego/spade/internal/gotool"
	"github.com/spadego/spade/internal/startup"
)

// A buildError says that the go command could not build a program.
type buildError struct{ err error }

func (e *buildError) Error() string { return e.err.Error() }
func (e *buildError) Unwrap() error { return e.err }

// subject returns the program that the user named: a binary as it is, or a package that is built into the file binary.
func (c *Command) subject(ctx context.Context, f *startFlags, name, binary string) (*startup.Subject, error) {
	s := &startup.Subject{Name: name, Binary: binary, Args: f.args, Env: c.Env, Dir: c.inDir(f.dir)}
	path := c.below(f.dir, name)
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Mode().IsRegular() && filepath.Ext(path) != ".go":
		s.Binary = path
	case err == nil && info.IsDir():
		err = c.build(ctx, f, s, path, ".") // the directory may be in another module
	default:
		err = c.build(ctx, f, s, s.Dir, name)
	}
	if err != nil {
		return nil, err
	}
	if built, err := buildinfo.ReadFile(s.Binary); err == nil {
		s.Go = built.GoVersion
		s.Modules = []startup.Module{{Path: built.Main.Path, Version: built.Main.Version, Main: true}}
		for _, m := range built.Deps {
			s.Modules = append(s.Modules, startup.Module{Path: m.Path, Version: m.Version})
		}
	}
	return s, nil
}

// build builds a package with the user's own go command, as go build does, and asks what is in the program.
func (c *Command) build(ctx context.Context, f *startFlags, s *startup.Subject, dir, pkg string) error {
	run := func(out io.Writer, args ...string) error {
		return c.goOutput(ctx, dir, out, append(append(args, f.buildFlags()...), pkg))
	}
	var list bytes.Buffer
	if err := run(&list, slices.Clone(startup.ListFlags)...); err != nil {
		return err
	}
	var err error
	if s.Packages, err = startup.ReadPackages(&list); err != nil {
		return err
	}
	for _, p := range s.Packages {
		if !p.DepOnly && p.Name != "main" {
			return fmt.Errorf("%s is no main package", pkg)
		}
	}
	return run(io.Discard, "build", "-o", s.Binary)
}

// buildFlags are the flags that the go command gets.
func (f *startFlags) buildFlags() []string {
	if f.tags == "" {
		return nil
	}
	return []string{"-tags=" + f.tags}
}

// goOutput runs the user's go command. What it has to say goes to the user.
func (c *Command) goOutput(ctx context.Context, dir string, out io.Writer, args []string) error {
	path, err := gotool.Find()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir, cmd.Env = dir, c.Env
	cmd.Stdout, cmd.Stderr = out, c.Stderr
	if err := cmd.Run(); err != nil {
		return &buildError{err}
	}
	return nil
}
