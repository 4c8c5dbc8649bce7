// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestCompareGolden(t *testing.T) {
	var stdout, stderr bytes.Buffer
	c := Command{Args: []string{"compare", "testdata/samples.txt"}, Stdout: &stdout, Stderr: &stderr}
	if status := c.Run(context.Background()); status != exitFailed {
		t.Errorf("exit status %d with crashed lanes, want %d", status, exitFailed)
	}
	if stderr.Len() > 0 {
		t.Errorf("stderr: %s", &stderr)
	}
	const golden = "testdata/table.txt"
	if *update {
		if err := os.WriteFile(golden, stdout.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := stdout.String(); got != string(want) {
		t.Errorf("got\n%s\nwant\n%s\n(go test -update writes it anew)", got, want)
	}
}

// TestRecordRoundTrip writes samples and failures and reads them back: the same
// table must come out.
func TestRecordRoundTrip(t *testing.T) {
	file, err := os.Open("testdata/samples.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var first, second results
	if err := first.read(file, file.Name()); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	record := newRecord(&text)
	for _, sample := range first.samples {
		if err := record.add(sample); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range first.failures {
		if err := record.fail(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := second.read(&text, "record"); err != nil {
		t.Fatal(err)
	}
	var before, after bytes.Buffer
	if err := report(&before, first, false); err != nil {
		t.Fatal(err)
	}
	if err := report(&after, second, false); err != nil {
		t.Fatal(err)
	}
	if before.String() != after.String() {
		t.Errorf("after a round trip\n%s\nbefore\n%s", &after, &before)
	}
}

func TestHelpIsTheManual(t *testing.T) {
	status, stdout, _ := runLab(t, "help")
	if status != exitFine || !strings.HasPrefix(stdout, "Package lab ") || !strings.Contains(stdout, "spade lab compare FILE") {
		t.Errorf("exit status %d, help:\n%s", status, stdout)
	}
	for _, flag := range []string{"-n ", "-quick", "-go ", "-o ", "-counts", "-bin ", "-with ", "-timeout ", "-resume", "-json ", "-html ", "-claims ", "-table"} {
		if !strings.Contains(stdout, "\t"+flag) {
			t.Errorf("the manual lacks the flag %s", flag)
		}
	}
}

func TestNoVerdictOnFewSamples(t *testing.T) {
	var r results
	text := "go: go1.26.8\nlane: copy\nBenchmarkDeep/4KB 1 900 cpu-ns/op\nlane: inplace\nBenchmarkDeep/4KB 1 100 cpu-ns/op\n"
	if err := r.read(strings.NewReader(text), "text"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := report(&out, r, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"9.00", "~ (", "∞", "met?", "provisional"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}

// TestVerdictsBelowTheTables checks that a claim is judged in the text as soon as all of its experiments were begun, and that -table
// leaves all but the comparisons out.
func TestVerdictsBelowTheTables(t *testing.T) {
	raw := filepath.Join(t.TempDir(), "raw.txt")
	text := "go: go1.99\n" + times(6, "copy", "BenchmarkDeep/4KB 1 900 cpu-ns/op") + times(6, "inplace", "BenchmarkDeep/4KB 1 100 cpu-ns/op") +
		times(1, "stock", "BenchmarkFact/newproc 1 1 passed") + times(1, "stock", "BenchmarkFact/closetwice 1 1 passed")
	if err := os.WriteFile(raw, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	_, all, _ := runLab(t, "report", raw)
	for want, n := range map[string]int{"\nC22 does not hold: newproc is inlined": 1, "\nC24 does not hold: ": 1, "\nC32": 0, "Facts, each a test": 1} {
		if got := strings.Count(all, want); got != n {
			t.Errorf("%q is there %d times, want %d:\n%s", want, got, n, all)
		}
	}
	_, only, _ := runLab(t, "report", "-table", raw)
	if !strings.Contains(only, "Deep/4KB") || strings.Contains(only, "C22") || strings.Contains(only, "Facts") {
		t.Errorf("-table prints\n%s", only)
	}
}

func TestChoose(t *testing.T) {
	names := func(pattern string) (list []string) {
		workloads, err := choose(pattern, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range workloads {
			list = append(list, w.Name)
		}
		return list
	}
	for pattern, want := range map[string][]string{
		"^Deep/4KB$": {"Deep/4KB"},
		"C22":        {"Fact/newproc"},
		"C3[45]":     {"Caches/channel", "Caches/spawn", "Fact/ringcode", "Fact/ring", "Fact/ringsize"},
		"Pauses|C05": {"Reserve/one", "Reserve/many", "Pauses", "Memory/shallow/100000"},
	} {
		if got := names(pattern); !slices.Equal(got, want) {
			t.Errorf("%s chooses %q, want %q", pattern, got, want)
		}
	}
	chosen := names("fault")
	for _, c := range claims {
		for _, name := range c.by {
			if slices.Contains(topics["fault"], c.id) && !slices.Contains(chosen, name) {
				t.Errorf("fault leaves out %s of %s", name, c.id)
			}
		}
	}
}
