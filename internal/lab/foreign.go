// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// Foreign is a program in another language that does a workload's work and prints a line of the benchmark format likewise.
type Foreign struct {
	Tool   string   // the compiler or interpreter, which must be in PATH
	Source string   // its file in the workload's directory
	Build  []string // arguments of the compiler before -o; nil: tool interprets the file
	Run    []string // arguments of the interpreter before the file
	Says   string   // the argument with which tool says its version; "" is --version
}

// tools returns what the tools of a run say that they are, each on its first line.
func (r *run) tools(ctx context.Context) string {
	var list []string
	for _, w := range r.workloads {
		for _, lane := range r.lanes(w) {
			if lane.Foreign == nil {
				continue
			}
			out, err := exec.CommandContext(ctx, lane.Foreign.Tool, cmp.Or(lane.Foreign.Says, "--version")).Output()
			if said := firstLine(string(out)); err == nil && !slices.Contains(list, said) {
				list = append(list, said)
			}
		}
	}
	return strings.Join(list, "; ")
}

// exitSkipped is how a foreign program ends that can't do the work here; its first line on standard error says why.
const exitSkipped = 77

// build makes the program path from the source in dir: by the compiler or, for an interpreter, by copying. Without the tool
// it does nothing, and the lane is skipped.
func (f *Foreign) build(ctx context.Context, dir, path string) error {
	tool, err := exec.LookPath(f.Tool)
	if err != nil {
		return nil
	}
	source := filepath.Join(dir, f.Source)
	if f.Build == nil {
		text, err := os.ReadFile(source)
		if err != nil {
			return err
		}
		return os.WriteFile(path, text, 0o666)
	}
	cmd := exec.CommandContext(ctx, tool, slices.Concat(f.Build, []string{"-o", path, source})...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return nil
}

// sample starts the program that s names and returns the result that it printed.
func (f *Foreign) sample(ctx context.Context, s start) (*benchfmt.Result, error) {
	tool, err := exec.LookPath(f.Tool)
	if err != nil {
		return nil, skip{"no " + f.Tool + " in PATH"}
	}
	if !exists(s.argv[0]) {
		return nil, skip{"not built"}
	}
	if f.Build == nil {
		s.argv = slices.Concat([]string{tool}, f.Run, s.argv)
	}
	result, err := s.sample(ctx)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == exitSkipped {
		_, reason, _ := strings.Cut(err.Error(), ": ")
		return nil, skip{reason}
	}
	return result, err
}
