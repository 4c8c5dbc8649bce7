// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// countSamples returns how many samples and failures a file has for each lane.
func countSamples(t *testing.T, path string) tally {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r results
	if err := r.read(bytes.NewReader(text), path); err != nil {
		t.Fatal(err)
	}
	count := tally{}
	for _, s := range r.samples {
		count.sample(s)
	}
	for _, f := range r.failures {
		count.failure(f)
	}
	return count
}

// TestResume cuts the file of a run off after some bytes, wherever that is, and goes on with it: what is missing is taken, and
// what was there stays.
func TestResume(t *testing.T) {
	bin := standIns(t, "deep")
	raw := filepath.Join(t.TempDir(), "raw.txt")
	args := []string{"run", "-n", "3", "-bin", bin, "-o", raw, "^Deep/4KB$"}
	if status, _, stderr := runLab(t, args...); status != exitFailed {
		t.Fatalf("exit status %d\n%s", status, stderr)
	}
	want := countSamples(t, raw)
	if len(want) != 4 {
		t.Fatalf("the run had %v", want)
	}
	for at, n := range want {
		if skipped := n >= enough; skipped != (at.lane == laneFault) {
			t.Errorf("%s %s is skipped: %v", at.workload, at.lane, skipped)
		}
	}
	whole, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{0, 1, len(whole) / 4, len(whole) / 2, len(whole)*3/4 + 3, len(whole) - 1, len(whole)} {
		if err := os.WriteFile(raw, whole[:size], 0o666); err != nil {
			t.Fatal(err)
		}
		status, stdout, stderr := runLab(t, append([]string{"run", "-resume"}, args[1:]...)...)
		if status != exitFailed || !strings.Contains(stdout, "Deep/4KB") {
			t.Fatalf("from %d bytes: exit status %d\n%s\n%s", size, status, stdout, stderr)
		}
		if got := countSamples(t, raw); !maps.Equal(got, want) {
			t.Errorf("from %d bytes: %v, want %v", size, got, want)
		}
		after, err := os.ReadFile(raw)
		if err != nil {
			t.Fatal(err)
		}
		if kept := whole[:bytes.LastIndexByte(whole[:size], '\n')+1]; !bytes.HasPrefix(after, kept) {
			t.Errorf("from %d bytes: what was there did not stay", size)
		}
	}
}

func TestResumeRefusesOtherSamples(t *testing.T) {
	bin := standIns(t, "deep")
	raw := filepath.Join(t.TempDir(), "raw.txt")
	if status, _, stderr := runLab(t, "run", "-n", "1", "-bin", bin, "-o", raw, "^Deep/4KB$"); status != exitFailed {
		t.Fatalf("exit status %d\n%s", status, stderr)
	}
	before := countSamples(t, raw)
	status, _, stderr := runLab(t, "run", "-resume", "-quick", "-n", "2", "-bin", bin, "-o", raw, "^Deep/4KB$")
	if status != exitUsage || !strings.Contains(stderr, `work is "1/1000" there and "quick" here`) {
		t.Errorf("exit status %d, stderr %s", status, stderr)
	}
	if after := countSamples(t, raw); !maps.Equal(before, after) {
		t.Errorf("the file had %v and has %v", before, after)
	}
	if status, _, stderr := runLab(t, "run", "-resume", "Deep"); status != exitUsage || !strings.Contains(stderr, "say which with -o") {
		t.Errorf("without -o: exit status %d, stderr %s", status, stderr)
	}
}

// TestEachSampleCarriesItsSetting checks that a sample says where it was taken.
func TestEachSampleCarriesItsSetting(t *testing.T) {
	bin := standIns(t, "deep")
	raw := filepath.Join(t.TempDir(), "raw.txt")
	runLab(t, "run", "-n", "1", "-bin", bin, "-o", raw, "^Deep/4KB$")
	text, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	var r results
	if err := r.read(bytes.NewReader(text), raw); err != nil {
		t.Fatal(err)
	}
	for _, s := range r.samples {
		for _, key := range []string{"goos", "goarch", keyProcessors, keyWork, "go", "lane"} {
			if s.GetConfig(key) == "" {
				t.Errorf("a sample of %s lacks %s", s.Name, key)
			}
		}
	}
}

func TestBusy(t *testing.T) {
	for load, want := range map[string]bool{"0.10": false, "1.00": false, "1.01": true, "": false, "much": false} {
		s := setting{values: map[string]string{keyProcessors: "2", keyLoad: load}}
		if got := s.busy() != ""; got != want {
			t.Errorf("load %q on 2 processors is busy: %v, want %v", load, got, want)
		}
	}
}
