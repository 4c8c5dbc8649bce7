// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// standIn returns the path of the test's executable under another name.
func standIn(t *testing.T, name string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(self, path); err != nil {
		t.Skip(err)
	}
	return path
}

func TestSimulated(t *testing.T) {
	w := byName("Caches/spawn")
	base := start{argv: []string{"shallow"}, timeout: time.Minute, config: []string{"lane: stock"}}
	r := &run{valgrind: standIn(t, "valgrind"), command: new(Command)}
	got, err := r.simulateCaches(t.Context(), w, w.Lanes[0], base)
	if err != nil {
		t.Fatal(err)
	}
	for unit, want := range map[string]float64{unitInstructions: 100, "sim-data-accesses/op": 50, "sim-d1-misses/op": 5, unitMissShare: 0.1} {
		if value, _ := got.Value(unit); value != want {
			t.Errorf("%g %s, want %g", value, unit, want)
		}
	}

	w = byName("Stages/get")
	got, err = r.countWithin(t.Context(), w, w.Lanes[0], base)
	if err != nil {
		t.Fatal(err)
	}
	if value, _ := got.Value(unitWithin); value != 100 {
		t.Errorf("%g %s, want 100", value, unitWithin)
	}

	t.Setenv("PATH", t.TempDir())
	if _, err := (&run{command: new(Command)}).simulateCaches(t.Context(), w, w.Lanes[0], base); !errors.As(err, new(skip)) {
		t.Errorf("without valgrind: %v, want that it is skipped", err)
	}
}
