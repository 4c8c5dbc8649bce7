// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"os"
	"os/exec"
	"testing"

	"golang.org/x/perf/benchfmt"
)

// TestRunCounted counts the nanoseconds of a program that works, since not every machine counts cycles.
func TestRunCounted(t *testing.T) {
	c, ok := taskClock.count()
	if !ok {
		t.Skip("skipped: this kernel lets nobody count")
	}
	if n, ok := c.end(); !ok || n != 0 {
		t.Errorf("a counter without a program counts %d, %v", n, ok)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestVerdicts$")
	counts, err := runCounted(cmd, map[string]event{"ns": taskClock, "none": {99, 99}})
	if err != nil {
		t.Fatal(err)
	}
	if len(counts) != 1 || counts["ns"] <= 0 {
		t.Errorf("counted %v", counts)
	}
	result, err := ended{counts: counts}.with(&benchfmt.Result{Iters: 10}, nil)
	if value, found := result.Value("ns"); err != nil || !found || value != float64(counts["ns"])/10 {
		t.Errorf("added %v, %v, %v", value, found, err)
	}
}
