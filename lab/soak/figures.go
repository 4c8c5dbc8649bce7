// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"time"
)

// A series is one figure, read once a second.
type series []int

func (s series) median() int { return slices.Sorted(slices.Values(s))[len(s)/2] }
func (s series) max() int    { return slices.Max(s) }

// figures are what the process held in a stretch of time: kilobytes and counts.
type figures struct {
	rss, tables, mappings, used, free, goroutines series
}

// observe reads the figures until a moment.
func observe(until time.Time) (f figures) {
	for first := true; first || time.Now().Before(until); first = false {
		status := read("/proc/self/status")
		f.rss = append(f.rss, field(status, "VmRSS:"))
		f.tables = append(f.tables, field(status, "VmPTE:"))
		f.mappings = append(f.mappings, strings.Count(read("/proc/self/maps"), "\n"))
		f.goroutines = append(f.goroutines, runtime.NumGoroutine())
		used, free := slots()
		f.used, f.free = append(f.used, used), append(f.free, free)
		time.Sleep(time.Second)
	}
	return f
}

// rising says which figures are higher in the second half of the history than chance explains: by more than a tenth and a little.
func rising(history []figures) (faults []string) {
	half := len(history) / 2
	for _, c := range []struct {
		name  string
		of    func(figures) int
		slack int
	}{
		{"resident memory", func(f figures) int { return f.rss.median() }, 4 << 10},
		{"page tables", func(f figures) int { return f.tables.median() }, 512},
		{"mappings", func(f figures) int { return f.mappings.max() }, 10},
		{"slots in use", func(f figures) int { return f.used.median() }, 200},
		{"goroutines", func(f figures) int { return f.goroutines.median() }, 200},
	} {
		var before, after series
		for i, f := range history {
			if i < half {
				before = append(before, c.of(f))
			} else {
				after = append(after, c.of(f))
			}
		}
		if limit := before.max() + before.max()/10 + c.slack; after.median() > limit {
			faults = append(faults, fmt.Sprintf("%s: %d, before at most %d", c.name, after.median(), before.max()))
		}
	}
	return faults
}

func slots() (used, free int) {
	samples := []metrics.Sample{{Name: "/spade/slots/used:slots"}, {Name: "/spade/slots/free:slots"}}
	metrics.Read(samples)
	if samples[0].Value.Kind() != metrics.KindUint64 {
		return 0, 0
	}
	return int(samples[0].Value.Uint64()), int(samples[1].Value.Uint64())
}

// read returns a file of /proc, or nothing where there is none.
func read(path string) string {
	data, _ := os.ReadFile(path)
	return string(data)
}

// field returns the number after a name.
func field(status, name string) (n int) {
	for line := range strings.Lines(status) {
		if rest, found := strings.CutPrefix(line, name); found {
			fmt.Sscan(rest, &n)
		}
	}
	return n
}
