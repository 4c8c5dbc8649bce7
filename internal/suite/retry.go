// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	triesAlone = 3  // how often a suspect is run alone in each lane
	maxAlone   = 30 // test functions of one unit and lane that are tried alone; more is no flake
)

// tally is what became of tests that were tried alone in one lane.
type tally struct {
	Runs   int
	Passes map[string]int
	Crash  string
}

// alone runs single test functions of a unit again and keeps what they print.
type alone struct {
	unit Unit
	dir  string            // of the unit
	done map[string]*tally // lane and function
}

// try runs the function that tests belong to until each of them has passed, at most triesAlone times.
func (a *alone) try(ctx context.Context, l *Lane, top string, tests []string) (*tally, error) {
	key := l.Name + " " + top
	t := a.done[key]
	if t == nil {
		t = &tally{Passes: map[string]int{}}
		a.done[key] = t
	}
	for t.Runs < triesAlone && !t.all(tests) {
		only := []string{top}
		if top == WholeUnit {
			only = nil
		}
		res, err := a.unit.Run(ctx, l, only, filepath.Join(a.dir, "alone"))
		if err != nil {
			return t, err
		}
		t.Runs++
		for name, o := range res.Tests {
			if o == Pass {
				t.Passes[name]++
			}
		}
		if t.Crash == "" {
			t.Crash = res.Crash
		}
		if err := a.keep(l.Name, top, fmt.Sprintf("alone, run %d of %d", t.Runs, triesAlone), res, tests); err != nil {
			return t, err
		}
	}
	return t, nil
}

// all reports whether each test has passed at least once.
func (t *tally) all(tests []string) bool {
	for _, name := range tests {
		if t.Passes[name] == 0 {
			return false
		}
	}
	return true
}

// file returns where the output of a test function's failures is kept.
func (a *alone) file(top string) string {
	return filepath.Join(a.dir, "failed", fileName(top)+".txt")
}

// keep appends what the tests printed to the file of their function, and the unit's own output where a test never ended.
func (a *alone) keep(lane, top, when string, res Results, tests []string) error {
	var b strings.Builder
	for _, name := range append([]string{WholeUnit}, tests...) {
		o := res.outcome(name)
		if o == Pass || name == WholeUnit && top != WholeUnit && res.Output[top] != "" && res.Crash == "" {
			continue
		}
		fmt.Fprintf(&b, "=== %s, %s: %s %s\n%s\n", lane, when, name, o, res.Output[name])
	}
	if b.Len() == 0 {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(a.dir, "failed"), 0o777); err != nil {
		return err
	}
	f, err := os.OpenFile(a.file(top), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteString(b.String())
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// byFunction groups tests by the function they belong to, in the order of the tests.
func byFunction(tests []string) (tops []string, groups map[string][]string) {
	groups = map[string][]string{}
	for _, name := range tests {
		top := topLevel(name)
		if groups[top] == nil {
			tops = append(tops, top)
		}
		groups[top] = append(groups[top], name)
	}
	return tops, groups
}
