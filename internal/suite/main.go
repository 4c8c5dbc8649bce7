// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Exit codes of Main.
const (
	exitSame   = 0
	exitDiffer = 1 // a difference or a crash, or a unit that could not be run
	exitUsage  = 2
)

// Main runs the suites that args name and returns the exit code: 0 only if every lane has the pass set of stock.
func Main(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s := &session{stdout: stdout, stderr: stderr, toolchains: map[string]Toolchain{}, spades: map[string]*SpadeBuild{}}
	names, out, err := s.parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return exitSame
	}
	if err != nil {
		fmt.Fprintln(stderr, "suite:", err)
		return exitUsage
	}
	reports, err := s.runAll(ctx, names)
	if !s.list || len(reports) > 0 {
		printSummary(stdout, reports)
	}
	if out != "" {
		if werr := writeReports(out, reports); err == nil {
			err = werr
		}
	}
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "suite:", err)
		return exitUsage
	case slices.ContainsFunc(reports, Report.bad):
		return exitDiffer
	}
	return exitSame
}

// parse reads the command line and returns the suites and the file for the results.
func (s *session) parse(args []string) (names []string, out string, err error) {
	fs := flag.NewFlagSet("suite", flag.ContinueOnError)
	fs.SetOutput(s.stderr)
	goNames := fs.String("go", "", "comma-separated `releases` of Go (default: the one that go in PATH selects)")
	fs.StringVar(&s.lanes, "lanes", "", "comma-separated `lanes` of stock, copy, inplace, fault and fault-deep; the first is the reference if it is stock (default "+allLanes+")")
	fs.Func("env", "a mode: `settings` for the programs under test, e.g. 'GOGC=1 GOMAXPROCS=2', or a build flag, e.g. -race; repeat for more modes, \"plain\" is the one without settings", func(v string) error {
		m, err := parseMode(v)
		s.modes = append(s.modes, m)
		return err
	})
	fs.BoolVar(&s.short, "short", false, "run tests with -short")
	fs.DurationVar(&s.timeout, "timeout", 20*time.Minute, "bound on the tests of one package or one real program")
	fs.IntVar(&s.procs, "p", 0, "go test -p, and how many programs of GOROOT/test run at a time (default: go's, and 2)")
	fs.StringVar(&s.match, "run", "", "run only tests whose name matches `regexp` (programs of GOROOT/test: their file name)")
	unit := fs.String("unit", "", "run only units whose name matches `regexp`")
	fs.StringVar(&out, "o", "", "write the reports as JSON to `file`")
	fs.BoolVar(&s.list, "list", false, "print the names of the units instead of running them")
	dir := fs.String("dir", "", "`directory` for results, logs and work files; a second run goes on where the first stopped (default: spade-suite in the user's cache directory)")
	fs.BoolVar(&s.fresh, "fresh", false, "don't use stored results")
	fs.StringVar(&s.spade, "spade", "", "`path` of the spade command (default: built from this module)")
	fs.StringVar(&s.test, "testdir", "", "GOROOT/test `directory` for toolchains that lack one (default: that of go in PATH)")
	fs.Usage = func() {
		fmt.Fprintf(s.stderr, "usage: go run ./internal/suite/run [flags] SUITE...\n\nSuites:\n")
		for _, def := range suites() {
			fmt.Fprintf(s.stderr, "  %-10s %s\n", def.name, def.about)
		}
		fmt.Fprintf(s.stderr, "\nFlags:\n")
		fs.PrintDefaults()
	}
	if err := fs.Parse(args); err != nil {
		return nil, "", err
	}
	if fs.NArg() == 0 {
		return nil, "", errors.New("no suite named; -h lists them")
	}
	for _, name := range fs.Args() {
		if !slices.ContainsFunc(suites(), func(d suiteDef) bool { return d.name == name }) {
			return nil, "", fmt.Errorf("unknown suite %q; -h lists them", name)
		}
	}
	if *unit != "" {
		if s.pkgs, err = regexp.Compile(*unit); err != nil {
			return nil, "", fmt.Errorf("-unit: %w", err)
		}
	}
	if _, err := regexp.Compile(s.match); err != nil {
		return nil, "", fmt.Errorf("-run: %w", err)
	}
	if s.store.dir, err = resultDir(*dir); err != nil {
		return nil, "", err
	}
	if s.spade != "" {
		if s.spade, err = filepath.Abs(s.spade); err != nil {
			return nil, "", err
		}
	}
	if *goNames != "" {
		s.goNames = strings.Split(*goNames, ",")
	}
	return fs.Args(), out, nil
}

// resultDir returns the directory for results as an absolute path, made.
func resultDir(dir string) (string, error) {
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no directory for results: %w; give -dir", err)
		}
		dir = filepath.Join(cache, "spade-suite")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o777)
}

// releases returns the releases to run a suite on: those of -go, all for a suite that wants every one, or else the one that
// the go command in PATH selects here.
func (s *session) releases(ctx context.Context, def suiteDef) ([]string, error) {
	switch {
	case len(s.goNames) > 0:
		return s.goNames, nil
	case def.every:
		return allReleases(ctx)
	}
	out, err := command{Args: []string{"go", "env", "GOVERSION"}, Env: os.Environ(), Timeout: time.Minute}.output(ctx)
	if err != nil {
		return nil, err
	}
	name, _, _ := strings.Cut(strings.TrimSpace(out), " ")
	return []string{name}, nil
}

// runAll runs suites one after another, each on every toolchain and in every mode.
func (s *session) runAll(ctx context.Context, names []string) ([]Report, error) {
	var reports []Report
	for _, name := range names {
		def := suites()[slices.IndexFunc(suites(), func(d suiteDef) bool { return d.name == name })]
		modes, err := s.modesOf(def)
		if err != nil {
			return reports, err
		}
		releases, err := s.releases(ctx, def)
		if err != nil {
			return reports, err
		}
		for _, goName := range releases {
			for _, mode := range modes {
				got, err := s.runSuite(ctx, def, goName, mode)
				reports = append(reports, got...)
				if ctx.Err() != nil {
					return reports, errors.New("interrupted; the same command goes on from here")
				}
				if err != nil {
					rep := Report{Suite: name, Go: goName, Mode: mode.Name, Unit: "(all)", Error: err.Error()}
					reports = append(reports, rep)
					printReport(s.stdout, rep)
				}
			}
		}
	}
	return reports, nil
}

// modesOf returns the modes of -env, or those of the suite.
func (s *session) modesOf(def suiteDef) ([]Mode, error) {
	if len(s.modes) > 0 {
		return s.modes, nil
	}
	if len(def.modes) == 0 {
		return []Mode{{Name: "plain"}}, nil
	}
	var modes []Mode
	for _, text := range def.modes {
		m, err := parseMode(text)
		if err != nil {
			return nil, err
		}
		modes = append(modes, m)
	}
	return modes, nil
}

// runSuite runs the units of a suite on one toolchain in one mode and prints a line for each.
func (s *session) runSuite(ctx context.Context, def suiteDef, goName string, mode Mode) ([]Report, error) {
	tc, err := s.toolchain(ctx, goName)
	if err != nil {
		return nil, err
	}
	list := s.lanes
	if list == "" {
		list = def.lanes
	}
	if list == "" {
		list = allLanes
	}
	units, err := def.units(ctx, s, tc)
	if err != nil {
		return nil, err
	}
	if s.list {
		for _, u := range units {
			fmt.Fprintf(s.stdout, "%s %s %s: %s%s\n", def.name, goName, mode.Name, u.Name, u.Note)
		}
		return nil, nil
	}
	lanes, err := parseLanes(list, tc, mode, func(stacks string) (*SpadeBuild, error) { return s.spadeBuild(ctx, tc, stacks) })
	if err != nil {
		return nil, err
	}
	r := runner{store: s.store, suite: def.name, lanes: lanes, flags: s.flags(), fresh: s.fresh}
	var reports []Report
	for _, u := range units {
		rep := r.unit(ctx, u)
		if ctx.Err() != nil {
			return reports, ctx.Err()
		}
		reports = append(reports, rep)
		printReport(s.stdout, rep)
	}
	return reports, nil
}

// writeReports writes reports as JSON.
func writeReports(name string, reports []Report) error {
	data, err := json.MarshalIndent(reports, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(data, '\n'), 0o666)
}
