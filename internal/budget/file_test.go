// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

const twoBudgets = `{
	"version": 1,
	"budgets": [
		{"entries": "net/http", "bytes": 65536, "status": ["unbounded", "exact"], "team": "edge"},
		{
			"entries": "main.serve", "program": "example.com/m/...",
			"growths": 0, "team": "shop", "note": "see the runbook"
		}
	]
}
`

func TestRead(t *testing.T) {
	f, err := Read("spade.json", []byte(twoBudgets))
	if err != nil {
		t.Fatal(err)
	}
	zero, large := int64(0), int64(65536)
	want := []finding.Budget{
		{Entries: "net/http", Bytes: &large, Status: []finding.Status{finding.Unbounded, finding.Exact}, Team: "edge", At: finding.Site{File: "spade.json", Line: 4}},
		{Entries: "main.serve", Program: "example.com/m/...", Growths: &zero, Status: properStatus, Team: "shop", Note: "see the runbook", At: finding.Site{File: "spade.json", Line: 5}},
	}
	var got []finding.Budget
	for _, b := range f.Budgets {
		got = append(got, b.Budget)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if teams := f.Teams(); !slices.Equal(teams, []string{"edge", "shop"}) {
		t.Errorf("teams %q", teams)
	}
}

func TestReadErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "f:1:1: the file is empty",
		"\n":                                   "f:1:1: the file is empty",
		"{":                                    "f:1:1: unexpected end of JSON input",
		"{\n\t\"version\": 1,\n}":              "f:3:1: invalid character '}' looking for beginning of object key string",
		"{\n<<<<<<< HEAD":                      "f:2:1: invalid character '<' looking for beginning of object key string",
		"{\"version\": 1} x":                   "f:1:16: invalid character 'x' after top-level value",
		"\"a\xff\"":                            "f:1:3: this is not UTF-8",
		"[]":                                   "f:1:1: this is a list, want an object",
		"{}":                                   `f:1:1: there is no "version": 1`,
		`{"version": 2}`:                       "f:1:13: the format has another version than 1, which this spade reads",
		`{"version": "1"}`:                     "f:1:13: the format has another version than 1, which this spade reads",
		"{\"version\": 1,\n  \"budget\": []}":  `f:2:3: unknown field "budget"; there are budgets, version`,
		`{"version": 1, "version": 1}`:         `f:1:16: "version" is given twice`,
		`{"version": 1, "budgets": {}}`:        "f:1:27: this is an object, want a list",
		`{"version": 1, "budgets": [7]}`:       "f:1:28: this is a number, want an object",
		`{"version": 1, "budgets": [{}]}`:      `f:1:28: a budget needs "entries": the name of one, or a pattern`,
		budgetWith(`"entries": "a"`):           `f:1:28: the budget of "a" limits nothing: give it bytes, growths or status`,
		budgetWith(`"entries": 1`):             "f:1:40: this is a number, want a string",
		budgetWith(`"entries": null`):          "f:1:40: this is null, want a string",
		budgetWith(`"byte": 1`):                `f:1:29: unknown field "byte"; there are bytes, entries, growths, note, program, status, team`,
		budgetWith(`"Bytes": 1`):               `f:1:29: unknown field "Bytes"; there are bytes, entries, growths, note, program, status, team`,
		budgetWith(`"é": 1, "bytes": -1`):      `f:1:29: unknown field "é"; there are bytes, entries, growths, note, program, status, team`,
		budgetWith(`"note": "é", "bytes": -1`): "f:1:51: want a whole number, 0 or more, without a unit",
		budgetWith(`"bytes": 1.5`):             "f:1:38: want a whole number, 0 or more, without a unit",
		budgetWith(`"bytes": "8 KiB"`):         "f:1:38: want a whole number, 0 or more, without a unit",
		budgetWith(`"bytes": 99999999999999999999`):               "f:1:38: want a whole number, 0 or more, without a unit",
		budgetWith(`"growths": true`):                             "f:1:40: want a whole number, 0 or more, without a unit",
		budgetWith(`"entries": "a", "status": []`):                `f:1:55: the budget of "a" allows no status at all`,
		budgetWith(`"entries": "a", "status": "exact"`):           "f:1:55: this is a string, want a list",
		budgetWith(`"entries": "a", "status": ["exakt"]`):         `f:1:56: there is no status "exakt", only exact, upper bound, lower bound, unbounded`,
		budgetWith(`"entries": "a", "status": ["exact","exact"]`): `f:1:64: the status "exact" is given twice`,
		"{\"version\": 1, \"budgets\": [\n{\"entries\": \"a\", \"bytes\": 1},\n {\"entries\": \"a\", \"growths\": 2}]}": `f:3:2: the pattern "a" has a budget already, in line 2`,
		strings.Repeat("[", 21) + strings.Repeat("]", 21):                                                               "f:1:21: values are nested too deep",
	} {
		_, err := Read("f", []byte(text))
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || err.Error() != want {
			t.Errorf("%q: got %v\nwant %s", text, err, want)
		}
	}
	two := `{"version": 1, "budgets": [{"entries": "a", "bytes": 1, "program": "x"}, {"entries": "a", "bytes": 1, "program": "y"}]}`
	if _, err := Read("f", []byte(two)); err != nil {
		t.Errorf("the same pattern for two programs: %v", err)
	}
}

func budgetWith(fields string) string { return `{"version": 1, "budgets": [{` + fields + `}]}` }

func FuzzRead(f *testing.F) {
	f.Add([]byte(twoBudgets))
	f.Add([]byte(budgetWith(`"entries": "a...*b/...", "bytes": 1`)))
	f.Add([]byte(`{"version": 1, "budgets": [`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read("f", data)
		var syntax *SyntaxError
		switch {
		case err != nil && !errors.As(err, &syntax):
			t.Fatalf("error without a place: %v", err)
		case err != nil:
			if lines := strings.Count(string(data), "\n") + 1; syntax.Line < 1 || syntax.Line > lines || syntax.Column < 1 || syntax.Column > len(data)+1 {
				t.Fatalf("%v: there are %d lines and %d bytes", err, lines, len(data))
			}
			return
		}
		for _, b := range file.Budgets {
			if b.Entries == "" || b.At.Line < 1 || len(b.Status) == 0 {
				t.Fatalf("budget %+v", b)
			}
			if !b.entries.matches(b.Entries) {
				t.Fatalf("the pattern %q does not match itself", b.Entries)
			}
		}
	})
}
