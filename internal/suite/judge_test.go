// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"os"
	"strings"
	"testing"
)

// script is the outcomes of one test in one lane: those of the first run, then those of the runs alone. The last repeats.
type script map[string][]Outcome

// scripted returns a unit whose lanes play scripts; a lane that a test is not in does not have that test.
func scripted(lanes map[string]script, crash map[string]string) Unit {
	played := map[string]int{}
	return Unit{Name: "u", Run: func(_ context.Context, l *Lane, only []string, _ string) (Results, error) {
		res := newResults()
		if len(only) == 0 {
			res.Crash = crash[l.Name]
		}
		for test, outcomes := range lanes[l.Name] {
			if len(only) > 0 && !strings.Contains(runPattern(only), "("+topLevel(test)+")") {
				continue
			}
			key := l.Name + " " + test
			i := min(played[key], len(outcomes)-1)
			played[key]++
			if outcomes[i] != Missing {
				res.set(test, outcomes[i], "output of "+test+"\n")
			}
		}
		whole := Pass
		if explained(res) {
			whole = Fail
		}
		res.set(WholeUnit, whole, "")
		return res, nil
	}}
}

func TestJudge(t *testing.T) {
	expected["u Known"] = "because"
	defer delete(expected, "u Known")
	pass, fail := []Outcome{Pass}, []Outcome{Fail}
	tests := []struct {
		name       string
		stock, got script
		crash      string
		want       map[string]Kind
	}{
		{"same", script{"A": pass}, script{"A": pass}, "", nil},
		{"difference", script{"A": pass, "B": pass}, script{"A": fail, "B": pass}, "", map[string]Kind{"A": Difference}},
		{"a difference with a known reason", script{"Known": pass}, script{"Known": fail}, "", map[string]Kind{"Known": Expected}},
		{"flake", script{"A": pass}, script{"A": {Fail, Fail, Pass}}, "", map[string]Kind{"A": Flake}},
		{"never passes in three", script{"A": pass}, script{"A": {Fail, Fail, Fail, Fail, Pass}}, "", map[string]Kind{"A": Difference}},
		{"skipped in the lane only", script{"A": pass}, script{"A": {Skip}}, "", map[string]Kind{"A": Difference}},
		{"missing in the lane", script{"A": pass, "B": pass}, script{"B": pass}, "", map[string]Kind{"A": Difference}},
		{"alone it fails in both", script{"A": {Pass, Fail}}, script{"A": fail}, "", map[string]Kind{"A": AloneFails}},
		{"fails under stock", script{"A": fail}, script{"A": fail}, "", map[string]Kind{"A": StockFails}},
		{"fails under stock only", script{"A": fail}, script{"A": pass}, "", map[string]Kind{"A": StockFails}},
		{"flaky under stock, passes in the lane", script{"A": {Fail, Pass}}, script{"A": pass}, "", map[string]Kind{"A": StockFlake}},
		{"flaky under stock, never passes in the lane", script{"A": {Fail, Pass}}, script{"A": fail}, "", map[string]Kind{"A": Difference}},
		{"a crash is no flake", script{"A": pass}, script{"A": {Unfinished, Pass}}, "fatal error: x", map[string]Kind{"A": Flake, WholeUnit: Crash}},
		{"a subtest of a new name fails", script{"A": pass}, script{"A": pass, "A/new": fail}, "", map[string]Kind{"A/new": Difference}},
		{"a subtest fails, and so its parent", script{"A": pass, "A/x": pass}, script{"A": fail, "A/x": fail}, "", map[string]Kind{"A": Difference, "A/x": Difference}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			u := scripted(map[string]script{"stock": tt.stock, "copy": tt.got}, map[string]string{"copy": tt.crash})
			tc := Toolchain{Name: "go1.0"}
			lanes := []*Lane{{Name: "stock", Go: tc}, {Name: "copy", Go: tc, Spade: &SpadeBuild{ID: "1"}}}
			rep := runner{store: store{t.TempDir()}, suite: "s", lanes: lanes}.unit(context.Background(), u)
			if rep.Error != "" {
				t.Fatal(rep.Error)
			}
			found := map[string]Kind{}
			bad := false
			for _, f := range rep.Findings {
				found[f.Test] = f.Kind // findings about the lane come after those about stock
				bad = bad || f.Kind == Difference || f.Kind == Crash
				if f.Kind != Crash {
					if _, err := os.Stat(f.File); err != nil && f.Got != Missing {
						t.Errorf("output of %s was not kept: %v", f.Test, err)
					}
				}
			}
			if len(found) != len(tt.want) {
				t.Errorf("found %v, want %v", found, tt.want)
			}
			for name, kind := range tt.want {
				if found[name] != kind {
					t.Errorf("%s: %q, want %q", name, found[name], kind)
				}
			}
			if rep.bad() != bad {
				t.Errorf("bad() is %t with findings %v", rep.bad(), rep.Findings)
			}
		})
	}
}

func TestWithoutReference(t *testing.T) {
	for _, tt := range []struct {
		name           string
		stock, inplace []Outcome
		bad, broken    bool
	}{
		{"passes", nil, []Outcome{Pass}, false, false},
		{"passes in the end", nil, []Outcome{Fail, Pass}, false, false},
		{"fails under spade only", []Outcome{Pass}, []Outcome{Fail}, true, false},
		{"fails everywhere", []Outcome{Fail}, []Outcome{Fail}, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lanes := map[string]script{"inplace": {"work": tt.inplace}}
			if tt.stock != nil {
				lanes["stock"] = script{"work": tt.stock}
			}
			l := &Lane{Name: "inplace", Go: Toolchain{Name: "go1.0"}, Spade: &SpadeBuild{ID: "1"}}
			rep := runner{store: store{t.TempDir()}, suite: "s", lanes: []*Lane{l}}.unit(context.Background(), scripted(lanes, nil))
			if rep.bad() != tt.bad || (rep.Error != "") != tt.broken {
				t.Errorf("bad %t, error %q; findings %v", rep.bad(), rep.Error, rep.Findings)
			}
		})
	}
}

func TestStoredResultsAreUsedUntilSpadeChanges(t *testing.T) {
	runs := 0
	u := Unit{Name: "u", Run: func(_ context.Context, l *Lane, _ []string, _ string) (Results, error) {
		runs++
		res := newResults()
		res.set(WholeUnit, Pass, "")
		return res, nil
	}}
	dir := t.TempDir()
	for _, tt := range []struct {
		spade string
		want  int // runs in all
	}{{"1", 2}, {"1", 2}, {"2", 3}} {
		tc := Toolchain{Name: "go1.0"}
		lanes := []*Lane{{Name: "stock", Go: tc}, {Name: "inplace", Go: tc, Spade: &SpadeBuild{ID: tt.spade}}}
		runner{store: store{dir}, suite: "s", lanes: lanes}.unit(context.Background(), u)
		if runs != tt.want {
			t.Errorf("spade %s: %d runs so far, want %d", tt.spade, runs, tt.want)
		}
	}
}

func TestCrashIsResumedBehind(t *testing.T) {
	u := Unit{Name: "u", Run: func(_ context.Context, l *Lane, only []string, _ string) (Results, error) {
		res := newResults()
		switch {
		case l.Spade == nil || len(only) > 0:
			for _, name := range []string{"A", "B", "C"} {
				if len(only) == 0 || strings.Contains(strings.Join(only, " "), name) {
					res.set(name, Pass, "")
				}
			}
			res.set(WholeUnit, Pass, "")
		default: // dies in B
			res.set("A", Pass, "")
			res.set("B", Unfinished, "")
			res.set(WholeUnit, Fail, "")
			res.Crash = "fatal error: x"
		}
		return res, nil
	}}
	tc := Toolchain{Name: "go1.0"}
	lanes := []*Lane{{Name: "stock", Go: tc}, {Name: "inplace", Go: tc, Spade: &SpadeBuild{ID: "1"}}}
	rep := runner{store: store{t.TempDir()}, suite: "s", lanes: lanes}.unit(context.Background(), u)
	got := rep.Lanes[1]
	if got.Pass != 2 || got.Fail != 1 {
		t.Errorf("%d tests pass and %d fail, want 2 and 1: C was not run after the crash in B", got.Pass, got.Fail)
	}
	if !rep.bad() {
		t.Error("a crash did not make the unit bad")
	}
}
