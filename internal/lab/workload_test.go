// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestWorkloads builds every program with the stock go command and takes a tiny
// sample in each lane.
func TestWorkloads(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: builds the programs below lab/")
	}
	bin := t.TempDir()
	build := builder{gocmd: []string{"go"}, environ: os.Environ()}
	source, err := build.source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dirs := map[string]string{}
	for _, w := range programs(catalog) {
		path := programPath(bin, w.Program, false)
		if err := build.build(t.Context(), source, path, w); err != nil {
			t.Fatal(err)
		}
		if w.Level && !w.standard() {
			if err := os.Symlink(path, programPath(bin, w.Program, true)); err != nil {
				t.Skipf("skipped: needs symbolic links: %v", err)
			}
		}
		if w.standard() {
			if dirs[w.Program], err = build.packageDir(t.Context(), w.Program); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, w := range catalog {
		if w.standard() {
			t.Run(w.Name, func(t *testing.T) { takeStandardSample(t, bin, dirs[w.Program], w) })
			continue
		}
		for _, lane := range w.lanes() {
			t.Run(w.Name+"/"+lane.Name, func(t *testing.T) { takeTinySample(t, bin, w, lane) })
		}
	}
	status, stdout, stderr := runLab(t, "run", "-n", "1", "-bin", bin, "^(Deep/4KB|Shallow/spawn)$")
	if status != exitFine || !strings.Contains(stdout, "Shallow/spawn") {
		t.Errorf("exit status %d\n%s\n%s", status, stdout, stderr)
	}
}

func takeTinySample(t *testing.T, bin string, w Workload, lane Lane) {
	args := w.arguments(lane, 3)
	if w.Memory {
		args = append(args, "-idle", "1ms")
	}
	s := start{
		argv:    append([]string{programPath(bin, w.Program, false)}, args...),
		environ: os.Environ(),
		timeout: 20 * time.Second,
	}
	result, err := s.sample(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if got := workloadName(result); got != w.Name {
		t.Errorf("the program calls itself %s", got)
	}
	units := []string{unitWall, unitCPU}
	if w.Memory {
		units = []string{unitHeld}
	}
	for _, unit := range units {
		if value, found := result.Value(unit); !found || value < 0 {
			t.Errorf("%s is %v, found: %v", unit, value, found)
		}
	}
}

func TestCatalog(t *testing.T) {
	var names []string
	for _, w := range catalog {
		if slices.Contains(names, w.Name) {
			t.Errorf("%s is in the catalog twice", w.Name)
		}
		names = append(names, w.Name)
		if w.N < 1 || w.About == "" {
			t.Errorf("%s: N is %d, about %q", w.Name, w.N, w.About)
		}
	}
}

// takeStandardSample checks that each benchmark that the workload names is there.
func takeStandardSample(t *testing.T, bin, dir string, w Workload) {
	s := start{
		argv:    append([]string{programPath(bin, w.Program, false)}, w.arguments(inPlaceLane, 1)...),
		dir:     dir,
		environ: os.Environ(),
		timeout: time.Minute,
	}
	result, err := s.sampleProcess(t.Context(), w.Name, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := workloadName(result); got != w.Name {
		t.Errorf("the sample is called %s", got)
	}
	run, err := s.output(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if ran, named := strings.Count(run.stdout, "\nBenchmark"), strings.Count(w.Bench, "|")+1; ran < named {
		t.Errorf("%d benchmarks ran, fewer than %s names\n%s", ran, w.Bench, run.stdout)
	}
}
