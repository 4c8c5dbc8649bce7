// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A Check is what the entries of programs were compared with.
type Check struct {
	Budgets  string `json:"budgets"`            // the file of budgets
	Baseline string `json:"baseline,omitempty"` // the file of the baseline; "" if there is none for any of the programs
	Team     string `json:"team,omitempty"`     // whose budgets alone count; "" for all
	Entries  int64  `json:"entries"`            // those of all programs, without the runtime's own
	Budgeted int64  `json:"budgeted"`           // those of them that have a budget
}

// A Budget is a limit on entries, as a file of budgets has it.
type Budget struct {
	Entries string   `json:"entries"`           // a pattern of entries
	Program string   `json:"program,omitempty"` // a pattern of programs; "" for all
	Bytes   *int64   `json:"bytes,omitempty"`   // of stack, at most; nil for no limit
	Growths *int64   `json:"growths,omitempty"` // at most; nil for no limit
	Status  []Status `json:"status"`            // those allowed
	Team    string   `json:"team,omitempty"`
	Note    string   `json:"note,omitempty"`
	At      Site     `json:"at"`
}

// Place is the budget's file and line, and whose it is.
func (b *Budget) Place() string {
	place := fmt.Sprintf("%s:%d", path.Base(strings.ReplaceAll(b.At.File, `\`, "/")), b.At.Line)
	if b.Team != "" {
		place += ", team " + b.Team
	}
	return place
}

// Rules that entries and budgets can break.
const (
	RuleBudget = "stack-budget" // an entry needs more bytes, or more growths, than it may
	RuleStatus = "stack-status" // what is known of an entry's depth is less than must be
	RuleStale  = "stale-budget" // a budget that no entry has
)

// A Violation is an entry that breaks a rule, or a budget that does.
type Violation struct {
	Rule    string  `json:"rule"`
	Program string  `json:"program,omitempty"` // import path of the main package; "" for RuleStale
	Entry   *Entry  `json:"entry,omitempty"`   // nil for RuleStale
	Name    string  `json:"name"`              // the entry's, also where its function is not known; the pattern for RuleStale
	Copy    int64   `json:"copy,omitempty"`    // counts entries of the same name and kind, from 0
	Budget  Budget  `json:"budget"`
	Grown   []Grown `json:"grown,omitempty"` // since the baseline, most first, and not all if they are many
	Text    string  `json:"text"`            // a sentence for whoever has to act
}

// A Grown is a function that takes more of a witness path than it took in the baseline.
type Grown struct {
	Func   string `json:"func"`
	Before int64  `json:"before"` // bytes; 0 if it was not on the path
	After  int64  `json:"after"`
	AtMost bool   `json:"at_most,omitempty"` // Before is a limit: the baseline has not all of the path
}

// Kinds of changes.
const (
	ChangeNew    = "new"
	ChangeGone   = "gone"
	ChangeStatus = "status"
	ChangeWorse  = "worse"
	ChangeBetter = "better"
)

// A Change is a difference between an entry and the baseline.
type Change struct {
	Kind      string  `json:"change"`
	Program   string  `json:"program"`
	Name      string  `json:"name"`
	EntryKind string  `json:"kind"`
	Before    *Depth  `json:"before,omitempty"` // nil if the entry is new
	After     *Depth  `json:"after,omitempty"`  // nil if it is gone
	Grown     []Grown `json:"grown,omitempty"`
}

// A Depth is an entry's depth in short.
type Depth struct {
	Status  Status `json:"status"`
	Bytes   int64  `json:"bytes"`
	Growths int64  `json:"growths"`
}

// A CheckReport is a stream of findings on budgets. Its Handle collects; writers embed it.
type CheckReport struct {
	Config     Config
	Check      Check
	Programs   []Program
	Violations []*Violation
	Changes    []*Change
}

// Handle collects m.
func (r *CheckReport) Handle(m Message) error {
	switch {
	case m.Config != nil:
		r.Config = *m.Config
	case m.Check != nil:
		r.Check = *m.Check
	case m.Program != nil:
		r.Programs = append(r.Programs, *m.Program)
	case m.Violation != nil:
		r.Violations = append(r.Violations, m.Violation)
	case m.Change != nil:
		r.Changes = append(r.Changes, m.Change)
	}
	return nil
}

// Broken returns the violations of a rule.
func (r *CheckReport) Broken(rule string) []*Violation {
	return slices.DeleteFunc(slices.Clone(r.Violations), func(v *Violation) bool { return v.Rule != rule })
}

// Changed returns the changes of a kind, those of most bytes first.
func (r *CheckReport) Changed(kind string) []*Change {
	changes := slices.DeleteFunc(slices.Clone(r.Changes), func(c *Change) bool { return c.Kind != kind })
	slices.SortStableFunc(changes, func(a, b *Change) int { return cmp.Compare(b.moved(), a.moved()) })
	return changes
}

// moved is by how many bytes the entry changed.
func (c *Change) moved() int64 {
	var before, after int64
	if c.Before != nil {
		before = c.Before.Bytes
	}
	if c.After != nil {
		after = c.After.Bytes
	}
	return max(after-before, before-after)
}

// Below returns the path of the file relative to the first of the directories that it is below, with slashes; or "".
func (s Site) Below(roots []string) string {
	for _, root := range roots {
		rel, err := filepath.Rel(root, s.File)
		if err == nil && s.File != "" && filepath.IsLocal(rel) && rel != "." {
			return filepath.ToSlash(rel)
		}
	}
	return ""
}
