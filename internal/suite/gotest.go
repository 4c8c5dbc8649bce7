// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"
)

// A Unit is what is run and compared as a whole.
type Unit struct {
	Name string
	Note string // for -list
	Key  string // changes when stored results of the unit are no longer its own: versions of what it runs
	// Run runs the unit in a lane, or, with only set, just the named tests of it.
	// Files go to dir, which belongs to this unit and lane.
	Run func(ctx context.Context, l *Lane, only []string, dir string) (Results, error)
	// Clean, if set, is called when all lanes of the unit are done.
	Clean func()
}

// testRun is how the tests of packages are run.
type testRun struct {
	Short   bool
	Timeout time.Duration // of a package
	Procs   int           // go test -p; 0: go's default
	Match   string        // go test -run; "": all
	Skip    string        // go test -skip
	Flags   []string      // further flags of go test
}

// packageUnit returns the tests of a package as a unit; dir is where go test runs, "" for a temporary directory.
func packageUnit(name, pkg, dir string, tr testRun) Unit {
	return Unit{Name: name, Run: func(ctx context.Context, l *Lane, only []string, files string) (Results, error) {
		return tr.run(ctx, l, pkg, dir, only, files)
	}}
}

// run runs the tests of pkg.
func (tr testRun) run(ctx context.Context, l *Lane, pkg, dir string, only []string, files string) (Results, error) {
	if err := os.MkdirAll(files, 0o777); err != nil {
		return Results{}, err
	}
	if dir == "" {
		dir = files
	}
	logName := filepath.Join(files, l.Name+".log")
	log, err := os.OpenFile(logName, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	if err != nil {
		return Results{}, err
	}
	defer log.Close()
	cmd := command{
		Dir:     dir,
		Env:     l.buildEnv(),
		Args:    l.goCommand(tr.args(l, pkg, only)...),
		Timeout: tr.Timeout + tr.Timeout/4 + 2*time.Minute,
	}
	fmt.Fprintf(log, "# %s\n", strings.Join(cmd.Args, " "))
	pr, pw := io.Pipe()
	done := make(chan error, 1)
	start := time.Now()
	go func() {
		_, err := cmd.run(ctx, pw, pw)
		pw.Close()
		done <- err
	}()
	res, err := readTestJSON(pr, log)
	if err != nil {
		pr.CloseWithError(err)
	}
	if runErr := <-done; runErr != nil {
		res.set(WholeUnit, Unfinished, runErr.Error()+"\n")
	}
	res.Seconds = time.Since(start).Seconds()
	res.Log = logName
	if err == nil {
		err = ctx.Err()
	}
	return res, err
}

// args returns the arguments for the go command. The settings of the lane reach the test binary, and not go test itself,
// by way of -exec: go test runs the binary as `env SETTINGS… pkg.test …`, and env becomes the test.
func (tr testRun) args(l *Lane, pkg string, only []string) []string {
	args := []string{"test", "-json", "-count=1", "-timeout=" + tr.Timeout.String()}
	if tr.Short {
		args = append(args, "-short")
	}
	if tr.Procs > 0 {
		args = append(args, fmt.Sprintf("-p=%d", tr.Procs))
	}
	if set := l.childSettings(); len(set) > 0 {
		args = append(args, "-exec=env "+quoteWords(set))
	}
	args = append(append(args, l.Mode.Flags...), tr.Flags...)
	switch {
	case len(only) > 0:
		args = append(args, "-run="+runPattern(only))
	case tr.Match != "":
		args = append(args, "-run="+tr.Match)
	}
	if tr.Skip != "" {
		args = append(args, "-skip="+tr.Skip)
	}
	return append(args, pkg)
}

// quoteWords joins words the way go splits the values of flags like -exec.
func quoteWords(words []string) string { return strings.Join(quoteEach(words, '\''), " ") }

// quoteEach puts words that have blanks or quotes in them between quotes. The go command has no escapes: the words may not have these quotes.
func quoteEach(words []string, quote byte) []string {
	quoted := make([]string, len(words))
	for i, w := range words {
		if strings.ContainsAny(w, " \t\"'") {
			w = string(quote) + w + string(quote)
		}
		quoted[i] = w
	}
	return quoted
}

// runPattern returns a -run pattern for the test functions that the tests belong to.
func runPattern(tests []string) string {
	set := map[string]bool{}
	for _, t := range tests {
		set[regexp.QuoteMeta(topLevel(t))] = true
	}
	var tops []string
	for t := range set {
		tops = append(tops, t)
	}
	sort.Strings(tops)
	return "^(" + strings.Join(tops, "|") + ")$"
}
