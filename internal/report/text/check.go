// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// A CheckWriter is a finding.Handler that collects findings on budgets and writes them when flushed.
type CheckWriter struct {
	finding.CheckReport
	out io.Writer
	top int
}

// NewCheck returns a CheckWriter to w of at most top changes of a kind; 0 or less means all. Violations are always written, all of them.
func NewCheck(w io.Writer, top int) *CheckWriter { return &CheckWriter{out: w, top: top} }

// Flush writes what was checked, what is over its budget, and what changed.
func (w *CheckWriter) Flush() error {
	out := bufio.NewWriter(w.out)
	w.heading(out)
	w.table(out)
	w.sentences(out)
	w.changes(out)
	return out.Flush()
}

func (w *CheckWriter) heading(out io.Writer) {
	for _, p := range w.Programs {
		fmt.Fprintln(out, fold(fmt.Sprintf("%s, %s", p.Path, strings.TrimSpace(p.Go+" "+p.Machine))))
	}
	c := w.Check
	kept := "all kept"
	if n := w.offenders(); n > 0 {
		kept = fmt.Sprintf("%d not kept", n)
	}
	text := fmt.Sprintf("%s with a budget, %s", entries(c.Budgeted), kept)
	if rest := c.Entries - c.Budgeted; rest > 0 && c.Team == "" {
		text += fmt.Sprintf("; %s without a budget", entries(rest))
	}
	if stale := len(w.Broken(finding.RuleStale)); stale > 0 {
		text += fmt.Sprintf("; budgets that no entry has: %d", stale)
	}
	if c.Team != "" {
		text = "team " + c.Team + ": " + text
	}
	fmt.Fprintln(out, fold(text))
}

func entries(n int64) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// offenders counts the entries that break a rule.
func (w *CheckWriter) offenders() int {
	entries := map[*finding.Entry]bool{}
	for _, v := range w.Violations {
		if v.Entry != nil {
			entries[v.Entry] = true
		}
	}
	return len(entries)
}

// table has a line for each entry that breaks a rule, those furthest over their budget first.
func (w *CheckWriter) table(out io.Writer) {
	var rows []*finding.Violation
	seen := map[*finding.Entry]bool{}
	for _, v := range w.Violations {
		if v.Entry != nil && !seen[v.Entry] {
			seen[v.Entry] = true
			rows = append(rows, v)
		}
	}
	if len(rows) == 0 {
		return
	}
	slices.SortStableFunc(rows, func(a, b *finding.Violation) int {
		return cmp.Or(cmp.Compare(excess(b), excess(a)), cmp.Compare(a.Name, b.Name))
	})
	fmt.Fprintf(out, "\n%9s %9s %7s %5s %-11s  %s\n", "bytes", "budget", "growths", "limit", "status", "entry")
	for _, v := range rows {
		e := v.Entry
		fmt.Fprintf(out, "%9d %9s %7d %5s %-11s  %s\n", e.Bound, amount(v.Budget.Bytes), e.Forecast.Growths, amount(v.Budget.Growths), e.Status, place(v))
	}
}

func excess(v *finding.Violation) int64 {
	if v.Budget.Bytes == nil {
		return 0
	}
	return max(0, v.Entry.Bound-*v.Budget.Bytes)
}

func amount(limit *int64) string {
	if limit == nil {
		return "-"
	}
	return fmt.Sprint(*limit)
}

// place names the entry, and where it is started.
func place(v *finding.Violation) string {
	name := v.Name
	if len(v.Entry.GoSites) > 0 {
		name += "  " + v.Entry.GoSites[0].String()
	}
	return name
}

func (w *CheckWriter) sentences(out io.Writer) {
	for i, v := range w.Violations {
		if i == 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out, fold(v.Text))
	}
}

func (w *CheckWriter) changes(out io.Writer) {
	if w.Check.Baseline == "" {
		return
	}
	name := path.Base(strings.ReplaceAll(w.Check.Baseline, `\`, "/"))
	if len(w.Changes) == 0 {
		fmt.Fprintf(out, "\nNothing changed since %s.\n", name)
		return
	}
	fmt.Fprintf(out, "\nChanged since %s\n", name)
	for _, kind := range []string{finding.ChangeStatus, finding.ChangeWorse, finding.ChangeNew, finding.ChangeBetter, finding.ChangeGone} {
		changes := w.Changed(kind)
		for i, c := range changes {
			if i == w.top && w.top > 0 {
				fmt.Fprintf(out, "%8s and %d more; -top 0 shows all\n", "", len(changes)-i)
				break
			}
			fmt.Fprintf(out, "%8s %s\n", kind, strings.ReplaceAll(fold(w.describe(c)), "\n", "\n         "))
		}
	}
}

func (w *CheckWriter) describe(c *finding.Change) string {
	text := c.Name
	if len(w.Programs) > 1 {
		text += " of " + c.Program
	}
	switch {
	case c.Before == nil:
		return fmt.Sprintf("%s: %s", text, short(c.After))
	case c.After == nil:
		return fmt.Sprintf("%s: was %s", text, short(c.Before))
	}
	text += ": " + short(c.Before) + " → " + short(c.After)
	for i, g := range c.Grown {
		const shown = 3
		if i == shown {
			break
		}
		least := ""
		if g.AtMost {
			least = "at least "
		}
		text += fmt.Sprintf("; %s %s%+d", g.Func, least, g.After-g.Before)
	}
	return text
}

func short(d *finding.Depth) string {
	growths := "growths"
	if d.Growths == 1 {
		growths = "growth"
	}
	return fmt.Sprintf("%d bytes, %s, %d %s", d.Bytes, d.Status, d.Growths, growths)
}
