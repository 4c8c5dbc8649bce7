// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sample

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestEndPrintsOneBenchmarkLine(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	var out bytes.Buffer
	Begin().End(&out, "Deep/16KB", 10)
	want := regexp.MustCompile(`^BenchmarkDeep/16KB-2\t10\t\S+ ns/op\t\S+ cpu-ns/op\t[^\n]*\S+ peak-bytes[^\n]*\n$`)
	if !want.Match(out.Bytes()) {
		t.Errorf("printed %q", &out)
	}
}

func TestNameOfOneProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var out bytes.Buffer
	Begin().End(&out, "Deep/16KB", 10)
	if !bytes.HasPrefix(out.Bytes(), []byte("BenchmarkDeep/16KB\t10\t")) {
		t.Errorf("printed %q", &out)
	}
}

func TestMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("skipped: memory is known on linux only")
	}
	var out bytes.Buffer
	if err := Memory(&out, "Memory/shallow", 10, Footprint{}); err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`^BenchmarkMemory/shallow(-\d+)?\t10\t[1-9]\d+ held-bytes\t[1-9]\d+ resident-bytes\t[1-9]\d+ pagetable-bytes\t[1-9]\d+ reserved-bytes\t[1-9]\d+ mappings\t`)
	if !want.Match(out.Bytes()) {
		t.Errorf("printed %q", &out)
	}
}

// TestPeakIsOfThisProcess starts this test's program from a process that holds more memory: the peak must not have that in it.
func TestPeakIsOfThisProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("skipped: memory is known on linux only")
	}
	const held = 256 << 20
	if os.Getenv("SAMPLE_TEST_PEAK") != "" {
		if peak := readUsage().maxResident; peak <= 0 || peak > held/2 {
			t.Errorf("the peak is %d bytes", peak)
		}
		return
	}
	ballast := make([]byte, held)
	for i := range ballast {
		ballast[i] = 1
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestPeakIsOfThisProcess$")
	cmd.Env = append(os.Environ(), "SAMPLE_TEST_PEAK=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	runtime.KeepAlive(ballast)
}

func TestFigures(t *testing.T) {
	times := make([]time.Duration, 101)
	for i := range times {
		times[i] = time.Duration(100 - i)
	}
	var out bytes.Buffer
	Begin().End(&out, "Spawn", 1, append(Quantiles(times), Figure{0.25, "least-share"})...)
	if want := "\t50 p50-ns\t99 p99-ns\t0.25 least-share\n"; !strings.HasSuffix(out.String(), want) {
		t.Errorf("printed %q, want %q at the end", &out, want)
	}
	if got := Quantiles(nil); got != nil {
		t.Errorf("no times have quantiles: %v", got)
	}
}
