// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sarif

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

var update = flag.Bool("update", false, "write the golden file")

// root is the directory of the repository in these tests.
var root = filepath.FromSlash("/src/m")

func site(name string, line int64) finding.Site {
	return finding.Site{File: filepath.Join(root, filepath.FromSlash(name)), Line: line}
}

func limit(n int64) *int64 { return &n }

// messages have a violation of each rule: with a path that leaves the repository, with a go statement outside of it, and without an entry.
func messages() []finding.Message {
	at := site("deploy/spade.json", 5)
	return []finding.Message{
		{Config: &finding.Config{Protocol: finding.Protocol, Analysis: "check", Spade: "v1.2.3"}},
		{Check: &finding.Check{Entries: 3, Budgeted: 3}},
		{Program: &finding.Program{Path: "example.com/m/cmd/server", Go: "go1.26.8", Machine: "amd64"}},
		{Violation: &finding.Violation{
			Rule: finding.RuleBudget, Program: "example.com/m/cmd/server", Name: "main.serve", Text: "main.serve needs more.",
			Budget: finding.Budget{Entries: "main.*", Bytes: limit(2000), At: at},
			Entry: &finding.Entry{
				Name: "main.serve", Kind: finding.KindGo, Status: finding.UpperBound, Bound: 3000, Start: site("main.go", 20),
				GoSites: []finding.Site{site("cmd/a b.go", 12), {File: "/goroot/src/net/http/server.go", Line: 9}, site("main.go", 14)},
				Path: []finding.Step{
					{Func: "main.serve", Bytes: 160},
					{Func: "main.handle", Call: site("main.go", 30), Bytes: 2000, Maybe: true},
					{Func: "fmt.Fprintf", Call: site("handle.go", 41), Bytes: 140},
					{Func: "fmt.(*pp).doPrintf", Call: finding.Site{File: "/goroot/src/fmt/print.go", Line: 224}, Bytes: 560},
					{Func: "main.serve.func1", Call: finding.Site{}, Bytes: 100, Deferred: true},
				},
			},
		}},
		{Violation: &finding.Violation{
			Rule: finding.RuleStatus, Program: "example.com/m/cmd/server", Name: "net/http.(*conn).serve", Text: "net/http.(*conn).serve has no bound.",
			Budget: finding.Budget{Entries: "net/http", At: at},
			Entry:  &finding.Entry{Name: "net/http.(*conn).serve", Kind: finding.KindGo, Status: finding.Unbounded, GoSites: []finding.Site{{File: "/goroot/src/net/http/server.go", Line: 9}}},
		}},
		{Violation: &finding.Violation{
			Rule: finding.RuleStale, Name: "main.old", Text: "No entry is named main.old.",
			Budget: finding.Budget{Entries: "main.old", At: finding.Site{File: "/elsewhere/spade.json", Line: 0}},
		}},
	}
}

func written(t *testing.T, list []finding.Message) []byte {
	t.Helper()
	var b bytes.Buffer
	w := New(&b, []string{filepath.FromSlash("/no/such/root"), root})
	for _, m := range list {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	const name = "testdata/check.sarif"
	got := written(t, messages())
	if *update {
		if err := os.WriteFile(name, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("not as in %s; if it should be, run the test with -update. Got\n%s", name, got)
	}
}

// TestUploadable looks for what makes a code scanning service refuse a file, or show an alert nowhere.
func TestUploadable(t *testing.T) {
	var l log
	data := written(t, messages())
	if err := json.Unmarshal(data, &l); err != nil {
		t.Fatal(err)
	}
	if l.Version != "2.1.0" || l.Schema == "" || len(l.Runs) != 1 {
		t.Fatalf("version %q, schema %q, %d runs", l.Version, l.Schema, len(l.Runs))
	}
	r := l.Runs[0]
	if len(r.Results) != 3 || r.Automation == nil || r.Automation.ID != "spade-check/example.com/m/cmd/server/" {
		t.Errorf("%d results, automation %v", len(r.Results), r.Automation)
	}
	for _, rule := range r.Tool.Driver.Rules {
		if rule.ID == "" || rule.Name == "" || rule.Short.Text == "" || rule.Full.Text == "" || rule.Help.Text == "" || rule.Config.Level != "error" {
			t.Errorf("rule %+v", rule)
		}
	}
	for _, result := range r.Results {
		if r.Tool.Driver.Rules[result.RuleIndex].ID != result.RuleID {
			t.Errorf("rule %d is not %s", result.RuleIndex, result.RuleID)
		}
		if len(result.Locations) != 1 || result.Message.Text == "" || result.Level != "error" {
			t.Errorf("result %+v", result)
		}
		if !strings.HasSuffix(result.Fingerprints["primaryLocationLineHash"], ":1") {
			t.Errorf("fingerprints %v", result.Fingerprints)
		}
	}
	var all any
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	if n := checkLocations(t, all); n < 9 {
		t.Errorf("only %d locations", n)
	}
}

// checkLocations wants every location to be a line of a file of the repository, and counts them.
func checkLocations(t *testing.T, v any) (n int) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			n += checkLocations(t, item)
		}
	case map[string]any:
		for name, member := range v {
			n += checkLocations(t, member)
			if name != "location" && name != "locations" && name != "relatedLocations" {
				continue
			}
			list, many := member.([]any)
			if !many {
				list = []any{member}
			}
			for _, item := range list {
				location := item.(map[string]any)
				if location["location"] != nil {
					continue // a step of a path, whose location is looked at by itself
				}
				n++
				place, _ := location["physicalLocation"].(map[string]any)
				file, _ := place["artifactLocation"].(map[string]any)
				region, _ := place["region"].(map[string]any)
				uri, _ := file["uri"].(string)
				if line, _ := region["startLine"].(float64); line < 1 || uri == "" || strings.ContainsAny(uri, `: \`) || uri[0] == '/' || strings.Contains(uri, "..") {
					t.Errorf("location %v", location)
				}
			}
		}
	}
	return n
}

func TestFingerprints(t *testing.T) {
	of := func(change func(*finding.Violation)) string {
		v := *messages()[3].Violation
		e := *v.Entry
		v.Entry = &e
		change(&v)
		return fingerprints(&v)["primaryLocationLineHash"]
	}
	same := of(func(*finding.Violation) {})
	for name, change := range map[string]func(*finding.Violation){
		"line":   func(v *finding.Violation) { v.Entry.GoSites = nil; v.Budget.At.Line = 77 },
		"bytes":  func(v *finding.Violation) { v.Entry.Bound, v.Text = 4000, "main.serve needs 4000." },
		"budget": func(v *finding.Violation) { v.Budget.Bytes = limit(1) },
	} {
		if of(change) != same {
			t.Errorf("another %s is another alert", name)
		}
	}
	for name, change := range map[string]func(*finding.Violation){
		"entry":   func(v *finding.Violation) { v.Name = "main.other" },
		"kind":    func(v *finding.Violation) { v.Entry.Kind = finding.KindTimer },
		"rule":    func(v *finding.Violation) { v.Rule = finding.RuleStatus },
		"program": func(v *finding.Violation) { v.Program = "example.com/other" },
		"copy":    func(v *finding.Violation) { v.Copy = 1 },
	} {
		if of(change) == same {
			t.Errorf("another %s is the same alert", name)
		}
	}
}

func TestNothingFound(t *testing.T) {
	if got := written(t, messages()[:3]); !bytes.Contains(got, []byte(`"results": []`)) {
		t.Errorf("want an empty list of results, so that alerts are closed:\n%s", got)
	}
}

// TestLongPath wants the steps of a long path that take most, in the path's order.
func TestLongPath(t *testing.T) {
	list := messages()
	e := list[3].Violation.Entry
	e.Path = nil
	for i := range 5000 {
		bytes := int64(4 + 4*(i%2))
		if i%100 == 50 {
			bytes = int64(1000 + i)
		}
		e.Path = append(e.Path, finding.Step{Func: fmt.Sprintf("main.f%d", i), Call: site("main.go", int64(i+1)), Bytes: bytes})
	}
	var l log
	if err := json.Unmarshal(written(t, list), &l); err != nil {
		t.Fatal(err)
	}
	flow := l.Runs[0].Results[0].CodeFlows[0]
	steps := flow.ThreadFlows[0].Locations
	if want := "the path to 3000 bytes of stack, without the 4900 calls on it that take least"; len(steps) != maxSteps || flow.Message.Text != want {
		t.Fatalf("%d steps of %s", len(steps), flow.Message.Text)
	}
	large, line := 0, int64(0)
	for i, s := range steps {
		at := s.Location.Physical.Region.StartLine
		if at <= line || s.ExecutionOrder != int64(i+1) {
			t.Errorf("step %d is in line %d after %d", s.ExecutionOrder, at, line)
		}
		line = at
		if at%100 == 51 {
			large++
		}
	}
	if large != 50 {
		t.Errorf("%d of the 50 large steps", large)
	}
}
