// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

// withC is the environment of a build with C; it skips the test where there is no compiler.
func withC(t *testing.T) []string {
	t.Helper()
	if runtime.GOARCH != "amd64" || runtime.GOOS != "linux" {
		t.Skip("the programs measure themselves in assembly for amd64, and a plugin is opened")
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("there is no gcc")
	}
	return append(os.Environ(), "GOFLAGS=", "CGO_ENABLED=1")
}

// TestC: what C may call back is unknown, unless no function is exported to it.
func TestC(t *testing.T) {
	for _, name := range []string{"cgo", "cgoplain"} {
		binary, report := analysedIn(t, withC(t), name)
		seen := observed(t, binary)
		for entry, want := range wants(t, name) {
			compare(t, entryNamed(t, report, entry), want, seen[entry])
		}
		called := slices.ContainsFunc(report.Entries, func(e *finding.Entry) bool { return e.Kind == finding.KindC })
		if called != (name == "cgo") {
			t.Errorf("%s has an entry for calls from C: %v", name, called)
		}
	}
}

// TestPlugin: what a plugin may bring is unknown.
func TestPlugin(t *testing.T) {
	binary, report := analysedIn(t, withC(t), "plugin")
	plugged := filepath.Join(t.TempDir(), "plugged.so")
	cmd := exec.Command("go", "build", "-buildmode=plugin", "-o", plugged, "./testdata/plugin/plugged")
	cmd.Env = withC(t)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	seen := observed(t, binary, plugged)
	e, used := entryNamed(t, report, "main.callsPlugin"), seen["main.callsPlugin"][0].used
	known := slices.ContainsFunc(e.Unknowns, func(u finding.Unknown) bool { return u.Kind != finding.UnknownCall })
	if e.Status != finding.LowerBound || known || e.Bound >= used {
		t.Errorf("%s of %d bytes, but it used %d; unknown are %+v, cycles %+v", e.Status, e.Bound, used, e.Unknowns, e.Cycles)
	}
}

// TestProfileGuided: a build by a profile inlines other functions, and the bound is that of its own frames.
func TestProfileGuided(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the corpus measures itself in assembly for amd64")
	}
	if testing.Short() {
		t.Skip("builds and runs a program")
	}
	path := filepath.Join(t.TempDir(), "cpu.pprof")
	writeProfile(t, path, "main.profiled", "main.hot")
	var bounds []int64
	for _, flag := range []string{"-pgo=off", "-pgo=" + path} {
		binary, report := analysed(t, "corpus", flag)
		e := entryNamed(t, report, "main.profiled")
		compare(t, e, wants(t, "corpus")["main.profiled"], observed(t, binary)["main.profiled"])
		inlined := !slices.ContainsFunc(e.Path, func(s finding.Step) bool { return s.Func == "main.hot" })
		if inlined != (flag != "-pgo=off") {
			t.Errorf("%s: main.hot is inlined: %v", flag, inlined)
		}
		bounds = append(bounds, e.Bound)
	}
	if bounds[0] == bounds[1] {
		t.Errorf("%d bytes with the profile and without it", bounds[0])
	}
}

// writeProfile writes a CPU profile in which all time goes to one call, of hot by caller in calls.go of the corpus.
func writeProfile(t *testing.T, path, caller, hot string) {
	t.Helper()
	source, err := os.ReadFile("testdata/corpus/calls.go")
	if err != nil {
		t.Fatal(err)
	}
	line := func(text string, from int) int64 {
		for i, l := range strings.Split(string(source), "\n") {
			if i >= from && strings.Contains(l, text) {
				return int64(i + 1)
			}
		}
		t.Fatalf("no %s in calls.go", text)
		return 0
	}
	_, callerName, _ := strings.Cut(caller, ".")
	_, hotName, _ := strings.Cut(hot, ".")
	start := line("func "+callerName+"(", 0)
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 1,
		Function: []*profile.Function{
			{ID: 1, Name: hot, SystemName: hot, StartLine: line("func "+hotName+"(", 0)},
			{ID: 2, Name: caller, SystemName: caller, StartLine: start},
		},
	}
	p.Location = []*profile.Location{
		{ID: 1, Line: []profile.Line{{Function: p.Function[0], Line: p.Function[0].StartLine + 2}}},
		{ID: 2, Line: []profile.Line{{Function: p.Function[1], Line: line(hotName+"(", int(start))}}},
	}
	p.Sample = []*profile.Sample{{Location: p.Location, Value: []int64{1000, 1e10}}}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := p.Write(f); err != nil {
		t.Fatal(err)
	}
}
