// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestWith(t *testing.T) {
	r := &run{command: &Command{Stderr: io.Discard}}
	if err := r.parse([]string{"-with", "stock,retain", "Deep/4KB|Shallow/spawn|Faults/alloc"}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Deep/4KB":      "copy inplace floor fault stock retain",
		"Shallow/spawn": "stock copy inplace retain", // which has stock anyway
		"Faults/alloc":  "stock",                     // which compares no strategies
	} {
		var lanes []string
		for _, lane := range r.lanes(byName(name)) {
			lanes = append(lanes, lane.Name)
		}
		if got := strings.Join(lanes, " "); got != want {
			t.Errorf("%s has the lanes %s, want %s", name, got, want)
		}
	}

	retain := addableLanes[1]
	b := builder{gocmd: []string{"spade", "go"}}
	if got := b.of(retain).gocmd; !slices.Equal(got, []string{"spade", "-stacks=retain", "go"}) || len(b.gocmd) != 2 {
		t.Errorf("retain is built by %q", got)
	}
	if w := byName("Deep/4KB"); w.programPath("bin", retain) == w.programPath("bin", inPlaceLane) {
		t.Error("retain has no program of its own")
	}

	for _, names := range []string{"nonsense", "", "stock,"} {
		if err := (&run{command: r.command}).parse([]string{"-with", names}); err == nil {
			t.Errorf("-with %q is accepted", names)
		}
	}
}

// TestMemoryThatIsNotThere checks that a sample for which there is not the memory is skipped.
func TestMemoryThatIsNotThere(t *testing.T) {
	w := byName("Memory/shallow")
	if fault, copied := w.needs(faultLane), w.needs(copyLane); copied < 2<<30 || fault < 3*copied || byName("Deep/1MB").needs(copyLane) != 0 {
		t.Errorf("a million goroutines need %d bytes, without checks %d", copied, fault)
	}
	w.N *= 10_000
	r := &run{command: new(Command), record: newRecord(io.Discard), workloads: []Workload{w}}
	if err := r.sample(t.Context(), w, copyLane, t.TempDir(), "go1.99"); err != nil {
		t.Fatal(err)
	}
	if f := r.record.results.failures; availableMemory() < 1<<45 && (len(f) != 1 || !f[0].skipped || !strings.Contains(f[0].message, "of memory")) {
		t.Errorf("%+v, want that it is skipped", f)
	}
}

func TestFirstRefusal(t *testing.T) {
	err := errors.New("spade -stacks=fault go build: exit status 2\nspade: -stacks=fault: this is for linux/amd64\nLeave it out.")
	if got, want := firstRefusal(err), "-stacks=fault: this is for linux/amd64"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
