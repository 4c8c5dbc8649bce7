// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/budget"
	"github.com/spadego/spade/internal/finding"
	jsonreport "github.com/spadego/spade/internal/report/json"
	"github.com/spadego/spade/internal/report/sarif"
	"github.com/spadego/spade/internal/report/text"
)

// exitBudget is spade check's exit code if a budget is not kept, or no entry has it.
const exitBudget = 3

// budgetsName is what a file of budgets is called.
const budgetsName = "spade.json"

// checkFlags are the flags of "spade check".
type checkFlags struct {
	json, init, update, force bool
	dir, tags                 string
	file, sarif, team         string
	findings                  []string
	top                       int
	packages                  []string
}

func (f *checkFlags) define(flags *flag.FlagSet) {
	flags.BoolVar(&f.json, "json", false, "")
	flags.BoolVar(&f.init, "init", false, "")
	flags.BoolVar(&f.update, "update", false, "")
	flags.BoolVar(&f.force, "force", false, "")
	flags.StringVar(&f.dir, "C", "", "")
	flags.StringVar(&f.tags, "tags", "", "")
	flags.StringVar(&f.file, "file", "", "")
	flags.StringVar(&f.sarif, "sarif", "", "")
	flags.StringVar(&f.team, "team", "", "")
	flags.Func("findings", "", func(name string) error {
		f.findings = append(f.findings, name)
		return nil
	})
	flags.IntVar(&f.top, "top", 20, "")
}

// check is "spade check [flags] [PACKAGE...]".
func (c *Command) check(args []string) (int, error) {
	var f checkFlags
	var err error
	if f.packages, err = parse("check", f.define, args); err != nil {
		return 0, err
	}
	if err := f.validate(); err != nil {
		return 0, err
	}
	name, err := c.budgetsFile(&f)
	if err != nil {
		return 0, err
	}
	var file *budget.File
	if !f.init {
		if file, err = c.readBudgets(name, f.team); err != nil { // before the analysis, which takes time
			return 0, err
		}
	}
	baseline, err := readBaseline(budget.BaselineName(name))
	if err != nil && !(f.init && f.force) {
		return 0, err
	}
	programs, code, err := c.findDepth(&f)
	if code != exitOK || err != nil {
		return code, err
	}
	switch {
	case f.init:
		return exitOK, c.initBudgets(&f, name, programs)
	case f.update:
		return exitOK, c.updateBaseline(budget.BaselineName(name), baseline, programs)
	}
	return c.compare(&f, file, baseline, programs)
}

func (f *checkFlags) validate() error {
	problem := ""
	switch {
	case slices.ContainsFunc(f.packages, func(name string) bool { return strings.HasPrefix(name, "-") }):
		problem = "flags come before the packages"
	case len(f.findings) > 0 && len(f.packages) > 0:
		problem = "the findings that are given are those of their programs: name no packages"
	case f.init && f.update:
		problem = "-init writes a baseline too: leave -update out"
	case f.force && !f.init:
		problem = "-force is for -init alone"
	case (f.init || f.update) && (f.json || f.sarif != ""):
		problem = "-init and -update compare nothing: there is nothing to report with -json or -sarif"
	case f.update && f.team != "":
		problem = "the baseline is one for all teams: leave -team out"
	}
	if problem != "" {
		return &usageError{"check", problem}
	}
	if len(f.packages) == 0 {
		f.packages = []string{"."}
	}
	return nil
}

// below returns the path of a file that the user named: after -C, as the go command has it.
func (c *Command) below(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.inDir(dir), name)
}

// budgetsFile returns the path of the file of budgets: the one that is named, or else the nearest one from the directory upwards; for
// -init, the one in the directory.
func (c *Command) budgetsFile(f *checkFlags) (string, error) {
	dir := c.inDir(f.dir)
	switch {
	case f.file != "":
		return c.below(f.dir, f.file), nil
	case f.init:
		return filepath.Join(dir, budgetsName), nil
	}
	if name := upwards(dir, budgetsName); name != "" {
		return name, nil
	}
	return "", &budgetsError{errNoBudgets}
}

// upwards returns the path of the nearest file or directory of a name, in dir or above it, or "".
func upwards(dir, name string) string {
	for {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		above := filepath.Dir(dir)
		if above == dir {
			return ""
		}
		dir = above
	}
}

var errNoBudgets = errors.New("there is no " + budgetsName + " in this directory or above; spade check -init writes a first one from today's state")

// A budgetsError is a problem with a file of budgets or a baseline.
type budgetsError struct{ err error }

func (e *budgetsError) Error() string {
	var exists *budget.ExistsError
	if errors.As(e.err, &exists) {
		return fmt.Sprintf("check: %v; with -force it is replaced, and what it says is lost", exists)
	}
	return "check: " + e.err.Error()
}

func (e *budgetsError) Unwrap() error { return e.err }

func (c *Command) readBudgets(name, team string) (*budget.File, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, &budgetsError{err}
	}
	file, err := budget.Read(name, data)
	if err != nil {
		return nil, &budgetsError{err}
	}
	if teams := file.Teams(); team != "" && !slices.Contains(teams, team) {
		return nil, &budgetsError{fmt.Errorf("%s has no budget of team %s; those with budgets are: %s", name, team, cmp.Or(strings.Join(teams, ", "), "none"))}
	}
	return file, nil
}

// readBaseline returns nil if there is none.
func readBaseline(name string) (*budget.Baseline, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &budgetsError{err}
	}
	b, err := budget.ReadBaseline(name, data)
	if err != nil {
		return nil, &budgetsError{fmt.Errorf("%w; remove it, and spade check -update writes it anew", err)}
	}
	return b, nil
}

// findDepth reads the findings that are given, or runs "spade depth" on each package.
func (c *Command) findDepth(f *checkFlags) (programs []budget.Program, code int, err error) {
	for _, name := range f.findings {
		found, err := readFindings(c.below(f.dir, name))
		if err != nil {
			return nil, 0, fmt.Errorf("check: %s: %w", name, err)
		}
		programs = append(programs, found...)
	}
	if len(f.findings) == 0 {
		for _, name := range f.packages {
			found, code, err := c.findDepthOf(f, name)
			if code != exitOK || err != nil {
				return nil, code, err
			}
			programs = append(programs, found...)
		}
	}
	type key struct{ path, machine string }
	seen := map[key]bool{}
	for _, p := range programs {
		k := key{p.Path, p.Machine}
		if seen[k] {
			return nil, 0, &usageError{"check", fmt.Sprintf("%s on %s is given twice", p.Path, p.Machine)}
		}
		seen[k] = true
	}
	return programs, exitOK, nil
}

func readFindings(name string) ([]budget.Program, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var found budget.Collect
	if err := finding.Replay(file, found.Handle); err != nil {
		return nil, err
	}
	if len(found.Programs) == 0 || len(found.Programs[0].Entries) == 0 {
		return nil, errors.New("no entries are in it: save what spade depth -json prints")
	}
	return found.Programs, nil
}

// findDepthOf runs "spade depth -json" in this process.
func (c *Command) findDepthOf(f *checkFlags, pkg string) ([]budget.Program, int, error) {
	var out bytes.Buffer
	depth := *c
	depth.Stdout = &out
	args := []string{"-json"}
	if f.dir != "" {
		args = append(args, "-C", f.dir)
	}
	if f.tags != "" {
		args = append(args, "-tags", f.tags)
	}
	if code, err := depth.depth(append(args, pkg)); code != exitOK || err != nil {
		return nil, code, err
	}
	var found budget.Collect
	if err := finding.Replay(&out, found.Handle); err != nil {
		return nil, 0, err
	}
	return found.Programs, exitOK, nil
}

// compare says what breaks a budget and what changed.
func (c *Command) compare(f *checkFlags, file *budget.File, baseline *budget.Baseline, programs []budget.Program) (int, error) {
	var handlers finding.Tee
	if f.json {
		handlers = append(handlers, jsonreport.New(c.Stdout))
	} else {
		handlers = append(handlers, text.NewCheck(c.Stdout, f.top))
	}
	var log bytes.Buffer
	if f.sarif != "" {
		handlers = append(handlers, sarif.New(&log, c.roots(file.Name)))
	}
	options := budget.Options{Team: f.team, Baseline: baseline, BaselineName: budget.BaselineName(file.Name)}
	violations, err := budget.Compare(file, programs, options, ownVersion(), handlers)
	if err != nil {
		return 0, err
	}
	if f.sarif != "" {
		if err := budget.Place(c.below(f.dir, f.sarif), log.Bytes(), true); err != nil {
			return 0, err
		}
	}
	if violations > 0 {
		return exitBudget, nil
	}
	return exitOK, nil
}

// roots returns the names of the directory of the repository that a file of budgets is in: the nearest one with a .git, or else the
// file's own. There are two if a link leads there.
func (c *Command) roots(budgets string) []string {
	dir := filepath.Dir(budgets)
	if git := upwards(dir, ".git"); git != "" {
		dir = filepath.Dir(git)
	}
	roots := []string{dir}
	if real, err := filepath.EvalSymlinks(dir); err == nil && real != dir {
		roots = append(roots, real)
	}
	return roots
}

// initBudgets writes a first file of budgets, and the baseline.
func (c *Command) initBudgets(f *checkFlags, name string, programs []budget.Program) error {
	baselineName := budget.BaselineName(name)
	var before *budget.Baseline
	budgets := budget.First(programs, c.roots(name), f.team)
	baseline, err := before.With(programs).Text()
	if err != nil {
		return err
	}
	if !f.force {
		for _, file := range []string{name, baselineName} {
			if _, err := os.Lstat(file); err == nil {
				return &budgetsError{&budget.ExistsError{File: file}}
			}
		}
	}
	// Budgets come last: a baseline without budgets does nothing.
	if err := budget.Place(baselineName, baseline, f.force); err != nil {
		return &budgetsError{err}
	}
	if err := budget.Place(name, budgets, f.force); err != nil {
		return &budgetsError{err}
	}
	fmt.Fprintf(c.Stdout, "wrote %s and %s\n", name, baselineName)
	return nil
}

func (c *Command) updateBaseline(name string, old *budget.Baseline, programs []budget.Program) error {
	data, err := old.With(programs).Text()
	if err != nil {
		return err
	}
	if err := budget.Place(name, data, true); err != nil {
		return &budgetsError{err}
	}
	fmt.Fprintf(c.Stdout, "wrote %s\n", name)
	return nil
}
