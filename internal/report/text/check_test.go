// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func checkMessages() []finding.Message {
	bytes, growths := int64(2500), int64(0)
	serve := &finding.Entry{
		Name: "main.serve", Kind: finding.KindGo, GoSites: []finding.Site{{File: "/src/m/main.go", Line: 12}},
		Status: finding.UpperBound, Bound: 3000, Forecast: finding.Forecast{Size: 4096, Growths: 1},
	}
	visit := &finding.Entry{Name: "main.visit", Kind: finding.KindTimer, Status: finding.Unbounded, Bound: 90000, Forecast: finding.Forecast{Growths: 6}}
	return []finding.Message{
		{Check: &finding.Check{Budgets: "/src/m/spade.json", Baseline: "/src/m/spade.baseline.json", Entries: 9, Budgeted: 6}},
		{Program: &finding.Program{Path: "example.com/m", Go: "go1.26.8", Machine: "amd64"}},
		{Violation: &finding.Violation{Rule: finding.RuleStatus, Name: "main.visit", Entry: visit, Text: "main.visit has no bound."}},
		{Violation: &finding.Violation{
			Rule: finding.RuleBudget, Name: "main.serve", Entry: serve, Budget: finding.Budget{Bytes: &bytes, Growths: &growths},
			Text: "main.serve needs 3000 bytes of stack, 500 more than its budget of 2500: since the baseline main.handle grew from 1500 to 2000 bytes.",
		}},
		{Violation: &finding.Violation{Rule: finding.RuleStatus, Name: "main.serve", Entry: serve, Text: "main.serve is not exact."}},
		{Violation: &finding.Violation{Rule: finding.RuleStale, Name: "main.old", Text: "No entry is named main.old."}},
		{Change: &finding.Change{Kind: finding.ChangeGone, Name: "main.old", Before: &finding.Depth{Status: finding.Exact, Bytes: 700}}},
		{Change: &finding.Change{Kind: finding.ChangeNew, Name: "main.small", After: &finding.Depth{Status: finding.Exact, Bytes: 100}}},
		{Change: &finding.Change{Kind: finding.ChangeNew, Name: "main.large", After: &finding.Depth{Status: finding.Exact, Bytes: 9000, Growths: 3}}},
		{Change: &finding.Change{
			Kind: finding.ChangeWorse, Name: "main.serve", Before: &finding.Depth{Status: finding.UpperBound, Bytes: 2400, Growths: 1},
			After: &finding.Depth{Status: finding.UpperBound, Bytes: 3000, Growths: 1},
			Grown: []finding.Grown{{Func: "main.handle", Before: 1500, After: 2000}, {Func: "fmt.Fprintf", After: 100}, {Func: "f", Before: 5, After: 6, AtMost: true}, {Func: "g", After: 1}},
		}},
	}
}

func checkWritten(t *testing.T, top int, list []finding.Message) string {
	t.Helper()
	return writtenBy(t, NewCheck, top, list)
}

func TestCheck(t *testing.T) {
	const want = `example.com/m, go1.26.8 amd64
6 entries with a budget, 2 not kept; 3 entries without a budget; budgets that no entry has: 1

    bytes    budget growths limit status       entry
     3000      2500       1     0 upper bound  main.serve  m/main.go:12
    90000         -       6     - unbounded    main.visit

main.visit has no bound.
main.serve needs 3000 bytes of stack, 500 more than its budget of 2500: since the baseline main.handle grew
  from 1500 to 2000 bytes.
main.serve is not exact.
No entry is named main.old.

Changed since spade.baseline.json
   worse main.serve: 2400 bytes, upper bound, 1 growth → 3000 bytes, upper bound, 1 growth; main.handle +500;
           fmt.Fprintf +100; f at least +1
     new main.large: 9000 bytes, exact, 3 growths
         and 1 more; -top 0 shows all
    gone main.old: was 700 bytes, exact, 0 growths
`
	if got := checkWritten(t, 1, checkMessages()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCheckWithin(t *testing.T) {
	list := checkMessages()[:2]
	const want = `example.com/m, go1.26.8 amd64
6 entries with a budget, all kept; 3 entries without a budget

Nothing changed since spade.baseline.json.
`
	if got := checkWritten(t, 0, list); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	list[0].Check.Baseline, list[0].Check.Team = "", "shop"
	const team = `example.com/m, go1.26.8 amd64
team shop: 6 entries with a budget, all kept
`
	if got := checkWritten(t, 0, list); got != team {
		t.Errorf("got\n%s\nwant\n%s", got, team)
	}
}
