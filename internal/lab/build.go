// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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
	var out, errors bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errors
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, strings.TrimSpace(errors.String()))
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

// build makes the executable path of the workload's program, from spade's sources in source.
func (b builder) build(ctx context.Context, source, path string, w Workload) error {
	if w.standard() {
		return b.buildTest(ctx, path, w.Program)
	}
	_, err := b.output(ctx, source, "build", "-o", path, "./lab/"+w.Program)
	return err
}

// programPath returns where program is in the directory bin, on spade's runtime
// or on the stock one.
func programPath(bin, program string, stock bool) string {
	program = strings.ReplaceAll(program, "/", "-")
	if stock {
		program += "-stock"
	}
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	return filepath.Join(bin, program)
}

// builtBy returns the Go version that a program says it was built with.
func builtBy(path string) string {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	return info.GoVersion
}

// findPrograms checks that bin holds the programs of each of the workloads.
func findPrograms(bin string, workloads []Workload) error {
	for _, w := range workloads {
		for _, stock := range w.builds() {
			path := programPath(bin, w.Program, stock)
			if _, err := os.Stat(path); err != nil {
				return fmt.Errorf("no built program for %s: %w\nbuild it: %s", w.Name, err, w.buildCommand(path, stock))
			}
		}
	}
	return nil
}

// builds returns for each build of the workload's program that its lanes need whether it is one by the stock go command.
func (w Workload) builds() []bool {
	if w.Level {
		return []bool{false, true}
	}
	return []bool{false}
}

// buildCommand returns what a user types to build the workload's program.
func (w Workload) buildCommand(path string, stock bool) string {
	command := "spade go "
	if stock {
		command = "go "
	}
	if w.standard() {
		return command + "test -c -o " + path + " " + w.Program
	}
	return command + "build -o " + path + " ./lab/" + w.Program
}

// programs returns a workload for each program of the workloads.
func programs(workloads []Workload) []Workload {
	var list []Workload
	seen := map[string]bool{}
	for _, w := range workloads {
		if !seen[w.Program] {
			seen[w.Program] = true
			list = append(list, w)
		}
	}
	return list
}
