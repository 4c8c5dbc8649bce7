// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/spadego/spade/internal/finding"
)

// TestAssertions: each entry has a bound that rests on an assertion, and is as deep as what the assertion allows, which the program does.
func TestAssertions(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the program measures itself in assembly for amd64")
	}
	binary, report := analysed(t, "assert")
	seen := observed(t, binary)
	if len(seen) != 9 {
		t.Fatalf("%d goroutines were observed", len(seen))
	}
	for name, o := range seen {
		e := entryNamed(t, report, name)
		used := o[0].used
		if e.Status != finding.UpperBound || e.Bound < used || e.Bound > used+used/20 || len(e.Assertions) == 0 {
			t.Errorf("%s: %s of %d, but it used %d; rests on %+v; cycles %+v, unknown %+v\n%+v", name, e.Status, e.Bound, used, e.Assertions, e.Cycles, e.Unknowns, e.Path)
		}
		if !slices.ContainsFunc(e.Path, func(s finding.Step) bool { return strings.Contains(s.Asserted, "assert/main.go:") }) {
			t.Errorf("%s: no step is asserted: %+v", name, e.Path)
		}
	}
	for _, e := range report.Entries {
		if slices.ContainsFunc(e.Unknowns, func(u finding.Unknown) bool { return u.Kind == finding.UnknownEntry }) {
			t.Errorf("what is started at %v is not known", e.GoSites)
		}
	}
	turns := slices.DeleteFunc(entryNamed(t, report, "main.direct").Path, func(s finding.Step) bool { return s.Func != "main.countDown" })
	if len(turns) != 8 || !strings.HasPrefix(turns[0].Asserted, "turn 1 of 8 (") || !strings.HasPrefix(turns[7].Asserted, "turn 8 of 8 (") {
		t.Errorf("turns of main.direct: %+v", turns)
	}
}

// TestObservedBeyondAssertion: the violation names the assertions.
func TestObservedBeyondAssertion(t *testing.T) {
	a := &Analysis{}
	rests := []finding.Assertion{{Text: "//spade:turns 3", At: finding.Site{File: "a.go", Line: 7}}}
	e := finding.Entry{Func: "main.f", Name: "main.f", Status: finding.UpperBound, Bound: 1000, Assertions: rests}
	for bytes, violation := range map[int64]bool{1000: false, 1001: true} {
		found := a.compare(Observation{Func: "main.f", Bytes: bytes}, []finding.Entry{e, e})
		if found.Violation != violation || !slices.Equal(found.Assertions, rests) {
			t.Errorf("%d bytes of 1000: %+v", bytes, found)
		}
	}
}

// TestTooManyTurns: limits that would make the graph too large are dropped, and told.
func TestTooManyTurns(t *testing.T) {
	defer func(n int) { mostTurned = n }(mostTurned)
	mostTurned = 40
	a := analysis(t, "assert")
	c := &collector{}
	if err := a.Emit("", "", c); err != nil {
		t.Fatal(err)
	}
	if e := entryNamed(t, &c.DepthReport, "main.direct"); e.Status != finding.Unbounded || len(e.Assertions) > 0 {
		t.Errorf("%s is %s: %+v", e.Name, e.Status, e)
	}
	if e := entryNamed(t, &c.DepthReport, "main.inAssembly"); e.Status != finding.UpperBound || len(e.Assertions) != 1 {
		t.Errorf("%s is %s: %+v", e.Name, e.Status, e)
	}
	if err := a.Stale(); err == nil || strings.Count(err.Error(), "too high, or too many") != 12 {
		t.Errorf("told: %v", err)
	}
}

// TestStartedBeyondAssertion: a goroutine that is not foreseen, from a go statement with an assertion.
func TestStartedBeyondAssertion(t *testing.T) {
	s := &assertions{lines: map[place]*assertion{{"a.go", 7}: {text: "//spade:calls f", at: finding.Site{File: "a.go", Line: 6}}}}
	for _, test := range []struct {
		line   int64
		status finding.Status
		want   string
	}{
		{7, "", "the go statement started main.g"}, {8, "", ""}, {7, finding.UpperBound, ""},
	} {
		o := finding.Observed{Func: "main.g", Site: finding.Site{File: "a.go", Line: test.line}, Status: test.status, Violation: true}
		s.nameStart(&o)
		if o.Broken != test.want || (len(o.Assertions) == 1) != (test.want != "") {
			t.Errorf("line %d, %q: %+v", test.line, test.status, o)
		}
	}
}

// TestStaleAssertions: the program says itself which are stale.
func TestStaleAssertions(t *testing.T) {
	file, err := filepath.Abs("testdata/assertstale/main.go")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var stale *AssertionError
	if err := analysis(t, "assertstale").Stale(); !errors.As(err, &stale) || !stale.Stale {
		t.Fatalf("stale: %v", err)
	}
	wanted, before := 0, ""
	for i, line := range strings.Split(string(text), "\n") {
		if _, why, found := strings.Cut(line, "// stale: "); found {
			wanted++
			want := fmt.Sprintf("%s:%d: %s: %s", file, i, before[strings.Index(before, assertionPrefix):], why)
			if !slices.Contains(stale.Problems, want) {
				t.Errorf("not told: %s", want)
			}
		}
		before = line
	}
	if len(stale.Problems) != wanted {
		t.Errorf("%d are stale, want %d:\n%v", len(stale.Problems), wanted, stale)
	}
}

// TestMalformedAssertions: each is told with file and line.
func TestMalformedAssertions(t *testing.T) {
	comments := []struct{ text, want string }{
		{"turns 0 in main.f", `//spade:turns takes a number from 1 to 1000, not "0"`},
		{"turns many in main.f", `//spade:turns takes a number from 1 to 1000, not "many"`},
		{"turns 1001 in main.f", `//spade:turns takes a number from 1 to 1000, not "1001"`},
		{"turns 3", `//spade:turns stands above no function: name one, as in //spade:turns 3 in pkg.F`},
		{"turns 3 in ", `//spade:turns: after in comes the name of one function`},
		{"turns 3 in main.f main.g", `//spade:turns: after in comes the name of one function`},
		{"calls", `//spade:calls takes names of functions with commas between them, not ""`},
		{"calls main.f,", `//spade:calls takes names of functions with commas between them, not "main.f,"`},
		{"calls main.f main.g", `//spade:calls takes names of functions with commas between them, not "main.f main.g"`},
		{"turn 3", `there is no comment //spade:turn; there are stack, turns and calls`},
		{"stack what is not depth's to read", ""},
		{"calls f, main.f in elsewhere", ""},
	}
	dir, err := filepath.Abs("testdata/assert")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "main.go")
	text := "package main\n\nfunc main() {}\n"
	var want []string
	for i, c := range comments {
		text += "\n//spade:" + c.text
		if c.want != "" {
			want = append(want, fmt.Sprintf("%s:%d: %s", name, i+5, c.want))
		}
	}
	initial, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir, Env: environment(), Overlay: map[string][]byte{name: []byte(text)},
	}, ".")
	if err != nil {
		t.Fatal(err)
	}
	program, _ := ssautil.Packages(initial, 0)
	r := newAssertionReader(program, newPlacer(program.Fset, initial, false), map[string][]byte{name: []byte(text)})
	for _, p := range initial {
		r.readPackage(p)
	}
	_, err = r.found()
	var wrong *AssertionError
	if !errors.As(err, &wrong) || wrong.Stale || !slices.Equal(wrong.Problems, want) {
		t.Errorf("error\n%v\nwant\n%s", err, strings.Join(want, "\n"))
	}
}

// analysis builds and analyses the program in a directory of testdata.
func analysis(t *testing.T, name string) *Analysis {
	t.Helper()
	_, a := binaryAndAnalysis(t, name)
	return a
}

func binaryAndAnalysis(t *testing.T, name string) (string, *Analysis) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a program")
	}
	dir, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	binary := built(t, dir, environment())
	a, err := analyseBinary(t, binary, Source{Dir: dir, Env: environment(), Main: "."}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return binary, a
}
