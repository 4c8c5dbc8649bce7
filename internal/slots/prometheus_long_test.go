// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package slots

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPrometheus: the Go collector of prometheus/client_golang finds the metrics, with their types.
func TestPrometheus(t *testing.T) {
	if err := buildSpade(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/prometheus")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(bin, "prometheus")
	cmd := exec.Command(filepath.Join(bin, "spade"), "go", "build", "-o", path, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		if text := string(out); os.Getenv("CI") != "true" && (strings.Contains(text, "dial tcp") || strings.Contains(text, "module lookup disabled")) {
			t.Skip("skipped: github.com/prometheus/client_golang needs the module proxy, which does not answer")
		}
		t.Fatalf("%v\n%s", err, out)
	}
	o := runOK(t, "copy", path, nil)
	for _, want := range []string{
		"# TYPE go_spade_goroutines_stack_size_bytes histogram", "# TYPE go_spade_slots_free_slots gauge",
		"# TYPE go_spade_stack_growths_growths_total counter", "# TYPE go_spade_stack_copied_bytes_total counter",
		"# TYPE go_spade_slots_unneeded_goroutines_total counter", `go_spade_goroutines_stack_size_bytes_bucket{le="+Inf"}`,
	} {
		if !strings.Contains(o.out, want) {
			t.Errorf("no %s in\n%s", want, o.out)
		}
	}
	if n := o.value(t, "go_spade_stack_growths_copied_growths_total"); n < 3000 {
		t.Errorf("%d growths, want three of each of 1,000 goroutines:\n%s", n, o.out)
	}
	if families := strings.Count(o.out, "# TYPE "); families != 15 {
		t.Errorf("%d metrics:\n%s", families, o.out)
	}
}

// TestProfileExactLong: no event is lost below two million, whatever the number of Ps.
func TestProfileExactLong(t *testing.T) { testExact(t, program(t, "known"), 250_000, slotsHere()) }

// TestProfileNextGoRace: the profile is exact with the race detector on the other Go.
func TestProfileNextGoRace(t *testing.T) { testExactBuild(t, "go1.27.4", true) }
