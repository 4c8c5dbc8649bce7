// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package budget compares the depth of goroutines with what a team has decided: it reads budgets and a baseline, and says which entries
// need more stack than they may, and what changed.
package budget

import (
	"fmt"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// version is that of the format of both files.
const version = 1

// A File is a file of budgets.
type File struct {
	Name    string // as given to Read
	Budgets []Budget
}

// A Budget is a limit, and the entries that it holds for.
type Budget struct {
	finding.Budget
	entries, programs pattern
}

// properStatus is what a budget allows if it says nothing: a number that an entry can't get beyond.
var properStatus = []finding.Status{finding.Exact, finding.UpperBound}

var statuses = []finding.Status{finding.Exact, finding.UpperBound, finding.LowerBound, finding.Unbounded}

// Read reads a file of budgets. All errors are of type *SyntaxError.
func Read(name string, data []byte) (*File, error) {
	s := &source{name, data}
	top, err := s.parse()
	if err != nil {
		return nil, err
	}
	f := &File{Name: name}
	err = s.fields(top, map[string]func(*value) error{
		"version": s.versionField,
		"budgets": func(v *value) error {
			return s.each(v, func(one *value) error {
				b, err := s.budget(one)
				f.Budgets = append(f.Budgets, b)
				return err
			})
		},
	})
	if err != nil {
		return nil, err
	}
	if top.member("version") == nil {
		return nil, s.fault(top.offset, `there is no "version": %d`, version)
	}
	return f, s.duplicates(f, top.member("budgets"))
}

func (s *source) versionField(v *value) error {
	if v.text != fmt.Sprint(version) || v.is != "a number" {
		return s.fault(v.offset, "the format has another version than %d, which this spade reads", version)
	}
	return nil
}

func (s *source) budget(v *value) (Budget, error) {
	var b Budget
	err := s.fields(v, map[string]func(*value) error{
		"entries": s.text(&b.Entries), "program": s.text(&b.Program),
		"team": s.text(&b.Team), "note": s.text(&b.Note),
		"bytes": s.limit(&b.Bytes), "growths": s.limit(&b.Growths),
		"status": func(v *value) error {
			return s.each(v, func(one *value) (err error) {
				b.Status, err = s.status(b.Status, one)
				return err
			})
		},
	})
	if err != nil {
		return b, err
	}
	line, _ := s.place(v.offset)
	b.At = finding.Site{File: s.name, Line: int64(line)}
	b.entries, b.programs = compile(b.Entries), compile(b.Program)
	status := v.member("status")
	switch {
	case b.Entries == "":
		return b, s.fault(v.offset, `a budget needs "entries": the name of one, or a pattern`)
	case b.Bytes == nil && b.Growths == nil && status == nil:
		return b, s.fault(v.offset, "the budget of %q limits nothing: give it bytes, growths or status", b.Entries)
	case status != nil && len(b.Status) == 0:
		return b, s.fault(status.offset, "the budget of %q allows no status at all", b.Entries)
	case status == nil:
		b.Status = properStatus
	}
	return b, nil
}

func (s *source) status(list []finding.Status, v *value) ([]finding.Status, error) {
	var text string
	if err := s.text(&text)(v); err != nil {
		return nil, err
	}
	for _, known := range list {
		if string(known) == text {
			return nil, s.fault(v.offset, "the status %q is given twice", text)
		}
	}
	var names []string
	for _, known := range statuses {
		if string(known) == text {
			return append(list, known), nil
		}
		names = append(names, string(known))
	}
	return nil, s.fault(v.offset, "there is no status %q, only %s", text, strings.Join(names, ", "))
}

func (s *source) duplicates(f *File, list *value) error {
	type key struct{ entries, program string }
	lines := map[key]int64{}
	for i, b := range f.Budgets {
		k := key{b.Entries, b.Program}
		if line, found := lines[k]; found {
			return s.fault(list.items[i].offset, "the pattern %q has a budget already, in line %d", b.Entries, line)
		}
		lines[k] = b.At.Line
	}
	return nil
}

// Teams returns the teams that have budgets, in the order of the file.
func (f *File) Teams() []string {
	var teams []string
	seen := map[string]bool{"": true}
	for _, b := range f.Budgets {
		if !seen[b.Team] {
			seen[b.Team] = true
			teams = append(teams, b.Team)
		}
	}
	return teams
}

// concerns reports whether the budget is for entries of the program at all.
func (b *Budget) concerns(program string) bool { return b.Program == "" || b.programs.matches(program) }

// budgetOf returns the budget that an entry has: the last one in the file that matches, or nil. The second result is which of all
// budgets match.
func (f *File) budgetOf(names []string, program string) (last *Budget, matching []int) {
	for i := range f.Budgets {
		if b := &f.Budgets[i]; b.concerns(program) && b.entries.matches(names...) {
			last = b
			matching = append(matching, i)
		}
	}
	return last, matching
}
