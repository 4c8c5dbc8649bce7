// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/depth"
	"github.com/spadego/spade/internal/finding"
	"github.com/spadego/spade/internal/gotool"
	jsonreport "github.com/spadego/spade/internal/report/json"
	"github.com/spadego/spade/internal/report/text"
)

// exitAboveBound is for goroutines that got deeper than spade says they can.
const exitAboveBound = 4

// runObserved runs a program that go test or go run has built. It keeps the program, and has the runtime report how deep its
// goroutines got.
const runObserved = `#!/bin/sh
kept="%s/$(basename "$1").$$"
cp "$1" "$kept" || exit
GOSPADE="${GOSPADE:+$GOSPADE,}highwater=1,report=json:$kept.json" exec "$@"
`

// observe is "spade depth -observe -- go test ...".
func (c *Command) observe(f *depthFlags, args []string) (int, error) {
	if len(args) < 2 || args[0] != "go" || args[1] != "test" && args[1] != "run" {
		return 0, &usageError{"depth", "-observe takes a command: spade depth -observe -- go test ./..., or go run"}
	}
	if slices.ContainsFunc(args, isExec) {
		return 0, &usageError{"depth", "-observe runs the programs itself: leave out -exec"}
	}
	t, err := c.tool()
	if err != nil {
		return 0, err
	}
	temp, err := os.MkdirTemp("", "spade-observe-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(temp)
	run := filepath.Join(temp, "run.sh")
	if err := os.WriteFile(run, fmt.Appendf(nil, runObserved, temp), 0o777); err != nil {
		return 0, err
	}
	t.Stdout = c.Stderr // what go prints is no finding
	command := []string{args[1], "-exec=" + run}
	if f.dir != "" {
		command = slices.Insert(command, 1, "-C", f.dir)
	}
	code, err := t.Run(append(command, args[2:]...))
	reports, _ := filepath.Glob(filepath.Join(temp, "*.json"))
	switch {
	case err != nil || code != 0 && len(reports) == 0:
		return code, err
	case len(reports) == 0:
		return 0, errors.New("depth: no program has run to its end, so that nothing was observed")
	}
	above, err := c.compareObserved(t, f, reports)
	switch {
	case err != nil:
		return 0, err
	case above:
		return exitAboveBound, nil
	}
	return code, nil
}

// isExec reports whether an argument is the flag -exec of go test and go run.
func isExec(arg string) bool {
	name, _, _ := strings.Cut(arg, "=")
	return name == "-exec" || name == "--exec"
}

// compareObserved analyses each program that has left a report. It reports whether a goroutine got deeper than its bound.
func (c *Command) compareObserved(t *gotool.Tool, f *depthFlags, reports []string) (above bool, err error) {
	settings, err := t.Environment(f.dir)
	if err != nil {
		return false, err
	}
	w := text.NewObserved(c.Stdout, f.top)
	handlers := finding.Tee{w}
	if f.json {
		handlers = append(handlers, jsonreport.New(c.Stdout))
	}
	defer c.collectLess()()
	for i, report := range reports {
		of := fmt.Sprintf("%d of %d", i+1, len(reports))
		if err := c.compareProgram(f, settings, strings.TrimSuffix(report, ".json"), of, handlers); err != nil {
			return false, err
		}
	}
	_, violations := w.Bounded()
	if f.json {
		return violations > 0, nil
	}
	return violations > 0, w.Write()
}

// compareProgram compares the report of one program with its bounds; which of them it is, of says.
func (c *Command) compareProgram(f *depthFlags, settings []gotool.Setting, path, of string, h finding.Handler) error {
	report, err := os.Open(path + ".json")
	if err != nil {
		return err
	}
	defer report.Close()
	seen, err := depth.ReadObservations(report)
	if err != nil {
		return err
	}
	if _, err := report.Seek(0, io.SeekStart); err != nil {
		return err
	}
	stacks, err := depth.ReadStacks(report)
	if err != nil {
		return err
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return err
	}
	from := depth.Source{Dir: c.inDir(f.dir), Env: c.Env}
	if err := onSpade(&from, settings); err != nil {
		return err
	}
	if from, err = builtFrom(from, info, f.tags); err != nil {
		return err
	}
	name, _, _ := strings.Cut(filepath.Base(path), ".test.") // as runObserved has named it
	from.Main, from.Test = strings.TrimSuffix(info.Path, ".test"), name != filepath.Base(path)
	binary, err := os.Open(path)
	if err != nil {
		return err
	}
	defer binary.Close()
	progress := newProgressLine(c.Stderr)
	defer progress.clear()
	from.Progress = func(doing string) { progress.say("%s (%s): %s", info.Path, of, doing) }
	analysis, err := depth.Analyse(binary, from)
	if err != nil {
		return fmt.Errorf("depth: %s: %w", info.Path, err)
	}
	analysis.Grown(stacks)
	return analysis.EmitObserved(ownVersion(), info.GoVersion, seen, h)
}
