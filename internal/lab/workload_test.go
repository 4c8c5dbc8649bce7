// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/perf/benchfmt"
)

// TestWorkloads builds every program with the stock go command and takes a tiny sample in each lane. What the samples say of
// claims is nothing, but there must be all that the claims' rules ask for.
func TestWorkloads(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: builds the programs below lab/")
	}
	bin := t.TempDir()
	r := &run{command: &Command{Environ: os.Environ(), Spade: []string{"go"}, shrink: 1000}, workloads: catalog, dirs: map[string]string{}}
	r.record = newRecord(io.Discard)
	r.setting = settingOf(r.work())
	buildTwins(t, r, bin)
	for _, w := range catalog {
		for i, lane := range w.lanes() {
			if lane.Build != "" || w.simulated() && (i > 0 || w.Slow) {
				continue // the programs are the same here, and callgrind takes long
			}
			t.Run(w.Name+"/"+lane.Name, func(t *testing.T) { takeTinySample(t, r, bin, w, lane) })
		}
	}
	for _, w := range slices.Concat(standardWorkloads, checkWorkloads) {
		if w.standard() {
			t.Run(w.Name, func(t *testing.T) { checkBenchmarks(t, r, bin, w) })
		}
	}
	sheet := r.record.results.sheets()[0]
	for _, c := range claims {
		for _, lacking := range c.lacking(sheet) {
			if !onlyOnSpade(lacking) {
				t.Errorf("%s: %s", c.id, lacking)
			}
		}
	}
}

// buildTwins builds every program once: those on spade's runtime and those on the stock one are the same here.
func buildTwins(t *testing.T, r *run, bin string) {
	t.Helper()
	b := builder{gocmd: []string{"go"}, environ: os.Environ()}
	source, err := b.source(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.programs(bin) {
		twin := p.Workload.programPath(bin, Lane{Stock: !p.Stock})
		if _, err := os.Stat(twin); err == nil && p.Foreign == nil {
			if err := os.Symlink(twin, p.path); err != nil {
				t.Skipf("skipped: needs symbolic links: %v", err)
			}
			continue
		}
		err := r.buildOne(t.Context(), b, source, p)
		if err != nil && p.Module && missesModules(err) && os.Getenv("CI") != "true" {
			err = r.skipAll("go1.99", p, firstMissing(err))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// lacking returns what the claim's rule asks for in vain.
func (c claim) lacking(s *sheet) []string {
	e := &readings{sheet: s}
	c.rule(e)
	return e.missing
}

// onlyOnSpade reports whether something is missing because this test's programs are built by the stock go command, or because a
// language isn't installed.
func onlyOnSpade(lacking string) bool {
	for _, known := range []string{"growths/op", "copied/op", "first-growth", " in PATH"} {
		if strings.Contains(lacking, known) {
			return true
		}
	}
	return false
}

func takeTinySample(t *testing.T, r *run, bin string, w Workload, lane Lane) {
	if w.Memory {
		w.Args = append(slices.Clone(w.Args), "-idle", "1ms")
	}
	if w.Caches {
		w.N *= 250 // a few operations are less than what two starts differ by
	}
	if r.record.taken[place{"go1.99", w.Name, lane.Name}] >= enough {
		t.Skip("skipped: " + w.Name + " needs modules that can't be had")
	}
	had := len(r.record.results.samples)
	r.timeout = 5 * time.Minute
	if err := r.sample(t.Context(), w, lane, bin, "go1.99"); err != nil {
		t.Fatal(err)
	}
	if list := r.record.results.samples; len(list) > had {
		checkSample(t, w, lane, list[had])
		return
	}
	last := r.record.results.failures[len(r.record.results.failures)-1]
	if !last.skipped {
		t.Fatal(last.message)
	}
	t.Skip("skipped: " + last.message)
}

func checkSample(t *testing.T, w Workload, lane Lane, result *benchfmt.Result) {
	if got := workloadName(result); got != w.Name {
		t.Errorf("the program calls itself %s", got)
	}
	units := append([]string{unitWall, unitCPU}, w.Show...)
	switch {
	case w.Memory:
		units = append([]string{unitHeld}, w.Show...)
	case w.Test != "":
		units = []string{unitPassed}
	case w.Traced:
		units = append([]string{unitWall}, w.Show...)
	case lane.Foreign != nil:
		units = []string{unitWall}
	case w.simulated():
		units = w.Show
	}
	for _, unit := range units {
		if value, found := result.Value(unit); !found && !onlyOnSpade(unitName(unit)) || value < 0 {
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

// checkBenchmarks checks that each benchmark that a workload of the standard library names is there.
func checkBenchmarks(t *testing.T, r *run, bin string, w Workload) {
	s := start{
		argv:    append([]string{w.programPath(bin, stockLane)}, w.arguments(stockLane, 1)...),
		dir:     r.dirs[w.Program],
		environ: os.Environ(),
		timeout: time.Minute,
	}
	run, err := s.output(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if ran, named := strings.Count(run.stdout, "\nBenchmark"), strings.Count(w.Bench, "|")+1; ran < named {
		t.Errorf("%d benchmarks ran, fewer than %s names\n%s", ran, w.Bench, run.stdout)
	}
}
