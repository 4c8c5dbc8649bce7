// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bytes"
	"context"
	"flag"
	"os"
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
	if err := report(&before, first); err != nil {
		t.Fatal(err)
	}
	if err := report(&after, second); err != nil {
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
	for _, flag := range []string{"-n ", "-quick", "-go ", "-o ", "-counts", "-bin ", "-with ", "-timeout ", "-resume", "-json ", "-html ", "-claims "} {
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
	if err := report(&out, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"9.00", "~ (", "∞", "met?", "provisional"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}
