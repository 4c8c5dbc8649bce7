// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// modulePath is the module that the workloads are part of.
const modulePath = "github.com/spadego/spade"

// A builder makes the programs of workloads with one Go version.
type builder struct {
	gocmd   []string // the go command and its first arguments
	dir     string   // where the command was started
	environ []string
	version string // a Go version to ask for, such as go1.26.8; "" takes what go chooses
}

// of returns the builder for a lane: it may want another runtime than the others.
func (b builder) of(lane Lane) builder {
	if lane.Build != "" {
		b.gocmd = slices.Insert(slices.Clone(b.gocmd), 1, "-stacks="+lane.Build)
	}
	return b
}

func (b builder) environment() []string {
	env := append([]string{}, b.environ...)
	if b.version != "" {
		env = append(env, "GOTOOLCHAIN="+b.version)
	}
	return env
}

// output runs the go command with args and returns what it printed, without
// the last newline.
func (b builder) output(ctx context.Context, dir string, args ...string) (string, error) {
	args = append(append([]string{}, b.gocmd[1:]...), args...)
	cmd := exec.CommandContext(ctx, b.gocmd[0], args...)
	cmd.Dir = dir
	cmd.Env = b.environment()
	var out, diagnostics bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diagnostics
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, strings.TrimSpace(diagnostics.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

// source returns the directory of spade's sources.
func (b builder) source(ctx context.Context) (string, error) {
	dir, err := b.output(ctx, b.dir, "list", "-m", "-f", "{{.Dir}}", modulePath)
	if err != nil {
		return "", fmt.Errorf("the workloads are built from spade's sources: run this inside a checkout of %s, or give built programs with -bin\n%w", modulePath, err)
	}
	return dir, nil
}

// goVersion returns the version that programs are built with, such as go1.26.8.
func (b builder) goVersion(ctx context.Context) (string, error) {
	return b.output(ctx, b.dir, "env", "GOVERSION")
}

// build makes the program of w that lane runs at path, from spade's sources in source.
func (b builder) build(ctx context.Context, source, path string, w Workload, lane Lane) error {
	var err error
	switch {
	case lane.Foreign != nil:
		return lane.Foreign.build(ctx, filepath.Join(source, "lab", w.Program), path)
	case w.standard():
		_, err = b.output(ctx, b.dir, "test", "-c", "-o", path, w.Program)
	case w.Test != "":
		_, err = b.output(ctx, source, "test", "-c", "-o", path, "./"+w.Program)
	default:
		_, err = b.output(ctx, filepath.Join(source, "lab", w.Program), slices.Concat([]string{"build", "-o", path}, w.Flags, []string{"."})...)
	}
	return err
}

// firstRefusal returns what spade says where it can't make the runtime that a lane wants.
func firstRefusal(err error) string {
	for line := range strings.Lines(err.Error()) {
		if said, found := strings.CutPrefix(line, "spade: "); found {
			return strings.TrimSpace(said)
		}
	}
	return firstLine(err.Error())
}

// missing are what the go command says where a module can't be had.
var missing = []string{"no required module provides", "cannot find module", "module lookup disabled", "dial tcp", "no such host", "Get \"http"}

// missesModules reports whether a build failed because modules could not be had.
func missesModules(err error) bool {
	return slices.ContainsFunc(missing, func(sign string) bool { return strings.Contains(err.Error(), sign) })
}

// firstMissing returns the line of such an error that says which module, and why.
func firstMissing(err error) string {
	for line := range strings.Lines(err.Error()) {
		if missesModules(errors.New(line)) {
			return strings.TrimSpace(line)
		}
	}
	return err.Error()
}

// skipAll records that no lane can be run that needs the program.
func (r *run) skipAll(version string, p program, reason string) error {
	for _, w := range r.workloads {
		for _, lane := range r.lanes(w) {
			if w.programPath("", lane) != p.Workload.programPath("", p.Lane) || r.record.taken[place{version, w.Name, lane.Name}] >= enough {
				continue
			}
			if err := r.record.fail(failure{version, w.Name, lane.Name, reason, true}); err != nil {
				return err
			}
		}
	}
	return nil
}

// programPath returns where the program of w that lane runs is in the directory bin.
func (w Workload) programPath(bin string, lane Lane) string {
	name := strings.ReplaceAll(w.Program, "/", "-")
	switch {
	case w.Test != "" && w.Program == ".":
		name = "root-test"
	case w.Test != "":
		name += "-test"
	}
	for _, flag := range w.Flags {
		name += "-" + strings.Trim(flagName.ReplaceAllString(flag, "-"), "-")
	}
	switch {
	case lane.Foreign != nil:
		name += "-" + strings.TrimPrefix(filepath.Ext(lane.Foreign.Source), ".")
	case lane.Stock:
		name += "-stock"
	case lane.Build != "":
		name += "-" + lane.Build
	}
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(bin, name)
}

// flagName is what a flag has that a file's name should not.
var flagName = regexp.MustCompile(`[^a-zA-Z0-9]+`)

// builtBy returns the Go version that a program says it was built with.
func builtBy(path string) string {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	return info.GoVersion
}

// A program is one executable that a run needs, with a workload and a lane that run it.
type program struct {
	path string
	Workload
	Lane
}

// programs returns the executables in bin that the lanes of workloads need, each once.
func (r *run) programs(bin string) []program {
	var list []program
	seen := map[string]bool{}
	for _, w := range r.workloads {
		for _, lane := range r.lanes(w) {
			path := w.programPath(bin, lane)
			if !seen[path] {
				seen[path] = true
				list = append(list, program{path, w, lane})
			}
		}
	}
	return list
}

// findPrograms checks that bin holds the programs of each of the workloads.
func (r *run) findPrograms(bin string) error {
	for _, p := range r.programs(bin) {
		if p.Foreign != nil || p.Build != "" {
			continue // its lane is skipped without it
		}
		if _, err := os.Stat(p.path); err != nil {
			return fmt.Errorf("no built program for %s: %w\nbuild it: %s", p.Workload.Name, err, p.buildCommand())
		}
	}
	return nil
}

// buildCommand returns what a user types to build the program.
func (p program) buildCommand() string {
	command := "spade go "
	switch {
	case p.Stock:
		command = "go "
	case p.Build != "":
		command = "spade -stacks=" + p.Build + " go "
	}
	switch {
	case p.standard():
		return command + "test -c -o " + p.path + " " + p.Program
	case p.Test != "":
		return command + "test -c -o " + p.path + " ./" + p.Program
	}
	flags := ""
	for _, flag := range p.Flags {
		flags += fmt.Sprintf("%q ", flag)
	}
	return command + "build " + flags + "-o " + p.path + " ./lab/" + p.Program
}
