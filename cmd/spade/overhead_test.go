// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// maxGrowth is how much larger spade's runtime may make a server, as a fraction of its size.
const maxGrowth = 0.01

// TestBinarySize: what joins the runtime is the same few kilobytes for every program, and little beside a real one.
func TestBinarySize(t *testing.T) {
	pair := newPair(t)
	pair.build(t)
	was, is := fileSize(t, filepath.Join(pair.dir, "stock.bin")), fileSize(t, filepath.Join(pair.dir, "spade.bin"))
	growth := float64(is-was) / float64(was)
	t.Logf("%d bytes, with spade %d: %+.2f%%", was, is, 100*growth)
	if growth > maxGrowth {
		t.Errorf("the binary is %.2f%% larger than with go, want at most %.0f%%", 100*growth, 100*maxGrowth)
	}
}

// BenchmarkNoChange reports how long go build takes if nothing has changed, and how much longer spade go build takes: medians of
// builds that take turns, in milliseconds. Run it with
//
//	go test -run '^$' -bench NoChange -benchtime 21x ./cmd/spade
func BenchmarkNoChange(b *testing.B) {
	pair := newPair(b)
	pair.build(b)
	var plain, more []time.Duration
	for b.Loop() {
		stock, spade := pair.build(b)
		plain, more = append(plain, stock), append(more, spade-stock)
	}
	b.ReportMetric(0, "ns/op") // the sum of both says nothing
	b.ReportMetric(median(plain), "go-ms")
	b.ReportMetric(median(more), "more-ms")
}

// A pair is a program that is built in turns with go and with spade go.
type pair struct {
	dir   string
	spade string
}

func newPair(t testing.TB) pair {
	dir := t.TempDir()
	spade := filepath.Join(dir, "spade")
	run(t, ".", "go", "build", "-o", spade, ".")
	for name, text := range map[string]string{
		"go.mod":  "module example.com/server\n\ngo 1.26\n",
		"main.go": "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\"localhost:0\", nil) }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("SPADECACHE", filepath.Join(dir, "cache"))
	t.Setenv("GOFLAGS", "-buildvcs=false")
	return pair{dir, spade}
}

// build returns how long each of the two took.
func (p pair) build(t testing.TB) (stock, spade time.Duration) {
	stock = run(t, p.dir, "go", "build", "-o", "stock.bin", ".")
	spade = run(t, p.dir, p.spade, "go", "build", "-o", "spade.bin", ".")
	return stock, spade
}

// run returns how long a command took; it must not fail.
func run(t testing.TB, dir string, command ...string) time.Duration {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%q: %v\n%s", command, err, out)
	}
	return time.Since(start)
}

// median returns the middle one in milliseconds.
func median(of []time.Duration) float64 {
	slices.Sort(of)
	return float64(of[len(of)/2]) / float64(time.Millisecond)
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
