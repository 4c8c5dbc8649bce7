// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/budget"
	"github.com/spadego/spade/internal/finding"
)

// Spade is a vettool: "go vet -vettool=$(which spade) ./..." runs it once to learn its identity (-V=full), once for its flags (-flags), and
// once for every package with the name of a file, vet.cfg, that describes the package.
//
// How deep a goroutine gets is not a property of a package but of a program. So all is checked when the package is a main package, and
// what is found is reported with it, at go statements of whatever package. For others nothing is done but this: go vet passes on, from
// package to package, what a tool has written of each, and runs the tool again where that has changed.

// A vetUnit is what go vet says of a package, as far as it matters here.
type vetUnit struct {
	ID, Dir, ImportPath string
	GoFiles, NonGoFiles []string
	PackageVetx         map[string]string // by import path, what this tool has written of the packages that are imported
	VetxOnly            bool              // the package is only imported by those that are asked for
	VetxOutput          string            // where to write what is passed on
	Stdout              string            // what to write to instead of standard output; "" before Go 1.26
}

// vetFlags are the flags that the go command passes on.
type vetFlags struct {
	json                 bool
	file, findings, team string
}

func (f *vetFlags) define(flags *flag.FlagSet) {
	flags.BoolVar(&f.json, "json", false, "write what is found as JSON")
	flags.StringVar(&f.file, "file", "", "the file of budgets, by its absolute path")
	flags.StringVar(&f.findings, "findings", "", "what spade depth -json printed, by its absolute path; without it, spade builds and analyses each program")
	flags.StringVar(&f.team, "team", "", "check only the budgets of this team")
}

// calledByVet reports whether it is the go command that asks, in its protocol for vet tools.
func calledByVet(args []string) bool {
	last := args[len(args)-1]
	return len(args) == 1 && (last == "-V=full" || last == "-flags") ||
		strings.HasSuffix(last, ".cfg") && (len(args) == 1 || strings.HasPrefix(args[0], "-"))
}

func (c *Command) vet() int {
	var err error
	code := exitOK
	switch last := c.Args[len(c.Args)-1]; last {
	case "-V=full":
		err = c.vetIdentity()
	case "-flags":
		err = c.vetDescribeFlags()
	default:
		var f vetFlags
		var rest []string
		if rest, err = parse("vet", f.define, c.Args); err == nil && len(rest) == 1 {
			code, err = c.vetPackage(&f, last)
		}
	}
	if err != nil {
		return c.report(err)
	}
	return code
}

// vetIdentity prints a line that changes with this binary, since the go command reuses what a tool has written by it.
func (c *Command) vetIdentity() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	data, err := os.ReadFile(self)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.Stdout, "spade version devel buildID=%x\n", sha256.Sum256(data))
	return err
}

func (c *Command) vetDescribeFlags() error {
	type described struct {
		Name  string
		Bool  bool
		Usage string
	}
	var list []described
	flags := flag.NewFlagSet("vet", flag.ContinueOnError)
	new(vetFlags).define(flags)
	flags.VisitAll(func(f *flag.Flag) {
		kind, _ := flag.UnquoteUsage(f)
		list = append(list, described{f.Name, kind == "", f.Usage})
	})
	return c.printJSON(list)
}

func (c *Command) vetPackage(f *vetFlags, config string) (int, error) {
	data, err := os.ReadFile(config)
	if err != nil {
		return 0, err
	}
	var unit vetUnit
	if err := json.Unmarshal(data, &unit); err != nil {
		return 0, fmt.Errorf("check: %s: %w", config, err)
	}
	for name, path := range map[string]string{"file": f.file, "findings": f.findings} {
		if path != "" && !filepath.IsAbs(path) {
			return 0, &usageError{"check", fmt.Sprintf("-%s %s: go vet runs a tool in the directory of each package, so name the file by its absolute path", name, path)}
		}
	}
	if unit.VetxOnly || !unit.isMain() {
		return exitOK, unit.passOn()
	}
	// Nothing is passed on here: the go command then runs the tool again each time. It does not know the budgets.
	c.Dir = unit.Dir
	found, err := c.vetMain(f, &unit)
	if err != nil {
		return 0, err
	}
	return c.vetReport(f, &unit, found)
}

// isMain reports whether the package is a program, and not the tests of one in a package of their own.
func (u *vetUnit) isMain() bool {
	for _, name := range u.GoFiles {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly)
		return err == nil && file.Name.Name == "main"
	}
	return false
}

// passOn writes something that changes with the package's files and with all that it imports.
func (u *vetUnit) passOn() error {
	if u.VetxOutput == "" {
		return nil
	}
	sum := sha256.New()
	add := func(kind, name, file string) error {
		data, err := os.ReadFile(file)
		fmt.Fprintf(sum, "%s %q %x\n", kind, name, sha256.Sum256(data))
		return err
	}
	for _, name := range slices.Concat(u.GoFiles, u.NonGoFiles) {
		if err := add("file", filepath.Base(name), name); err != nil {
			return err
		}
	}
	var imports []string
	for path := range u.PackageVetx {
		imports = append(imports, path)
	}
	slices.Sort(imports)
	for _, path := range imports {
		if err := add("import", path, u.PackageVetx[path]); err != nil {
			return err
		}
	}
	return os.WriteFile(u.VetxOutput, sum.Sum(nil), 0o666)
}

// vetMain returns what breaks the budgets of a program. Without a file of budgets there are none.
func (c *Command) vetMain(f *vetFlags, unit *vetUnit) (*finding.CheckReport, error) {
	report := &finding.CheckReport{}
	options := checkFlags{file: f.file, packages: []string{"."}}
	name, err := c.budgetsFile(&options)
	if errors.Is(err, errNoBudgets) {
		return report, nil
	}
	if err != nil {
		return nil, err
	}
	file, err := c.readBudgets(name, f.team)
	if err != nil {
		return nil, err
	}
	baselineName := budget.BaselineName(name)
	baseline, err := readBaseline(baselineName)
	if err != nil {
		return nil, err
	}
	var programs []budget.Program
	if f.findings != "" {
		if programs, err = readFindings(f.findings); err != nil {
			return nil, fmt.Errorf("check: %s: %w", f.findings, err)
		}
	} else {
		var code int
		if programs, code, err = c.findDepthOf(&options, "."); err == nil && code != exitOK {
			err = fmt.Errorf("check: %s has no depth that can be told", unit.ImportPath)
		}
		if err != nil {
			return nil, err
		}
	}
	path, _, _ := strings.Cut(unit.ImportPath, " ") // the name of a package with its tests goes on: m [m.test]
	programs = slices.DeleteFunc(programs, func(p budget.Program) bool { return p.Path != path })
	if len(programs) == 0 {
		return report, nil
	}
	_, err = budget.Compare(file, programs, budget.Options{Team: f.team, Baseline: baseline, BaselineName: baselineName}, ownVersion(), collector{report})
	return report, err
}

// A collector is a finding.Handler that only collects.
type collector struct{ *finding.CheckReport }

func (collector) Flush() error { return nil }

// vetReport writes as vet tools do: a line for each violation, or JSON by package and analysis.
func (c *Command) vetReport(f *vetFlags, unit *vetUnit, found *finding.CheckReport) (int, error) {
	type diagnostic struct {
		Category string `json:"category"`
		Position string `json:"posn"`
		Message  string `json:"message"`
	}
	var list []diagnostic
	for _, v := range found.Violations {
		if v.Rule == finding.RuleStale {
			continue // another program may have the entry: go vet shows one at a time
		}
		list = append(list, diagnostic{v.Rule, vetPosition(v), v.Text})
	}
	if !f.json {
		for _, d := range list {
			fmt.Fprintf(c.Stderr, "%s: %s\n", d.Position, d.Message)
		}
		if len(list) > 0 {
			return 1, nil
		}
		return exitOK, nil
	}
	tree := map[string]map[string][]diagnostic{}
	if len(list) > 0 {
		tree[unit.ID] = map[string][]diagnostic{"spade": list}
	}
	if unit.Stdout == "" {
		return exitOK, c.printJSON(tree)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", "\t")
	if err := enc.Encode(tree); err != nil {
		return 0, err
	}
	return exitOK, os.WriteFile(unit.Stdout, out.Bytes(), 0o666)
}

// vetPosition is a go statement's place, or that of the entry, or the budget's.
func vetPosition(v *finding.Violation) string {
	site := v.Budget.At
	if v.Entry != nil {
		if v.Entry.Start.File != "" {
			site = v.Entry.Start
		}
		if len(v.Entry.GoSites) > 0 {
			site = v.Entry.GoSites[0]
		}
	}
	return fmt.Sprintf("%s:%d:1", site.File, max(1, site.Line))
}
