// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package growth

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

// TestServers reads the CPU profiles of four servers on stock Go, names who grows, and holds that against the exact profile of the same
// servers on spade's runtime, with stacks that are copied. It logs the gain that is expected, and the one that is measured: CPU time an
// operation with stacks in place against copied ones, medians of runs that take turns. On a machine that does nothing else:
//
//	go test -tags long -run TestServers -v ./internal/growth
func TestServers(t *testing.T) {
	dir := t.TempDir()
	stock, spade := buildServers(t, dir)
	for _, server := range []struct {
		name       string
		operations int
		top        int // entries that the two must agree on
	}{{"grpc", 60000, 1}, {"http", 12000, 1}, {"nats", 60000, 0}, {"etcd", 40000, 1}} {
		t.Run(server.name, func(t *testing.T) {
			cpu, growths := filepath.Join(dir, server.name+".cpu"), filepath.Join(dir, server.name+".growths")
			n := strconv.Itoa(server.operations)
			runServer(t, stock, "", server.name, n, cpu)
			runServer(t, spade, "stacks=copy,growths=1", server.name, n, filepath.Join(dir, "unused"), growths)
			estimated, exact := serverEntries(t, cpu), exactEntries(t, growths)
			t.Logf("by CPU time on stock: %s\nexactly: %s", strings.Join(estimated, "; "), strings.Join(exact, "; "))
			for i, name := range estimated[:min(server.top, len(estimated))] {
				if !slices.Contains(exact[:min(server.top+2, len(exact))], name) {
					t.Errorf("%s pays for growth as number %d on stock; the exact profile has %q first", name, i+1, exact[:min(server.top+2, len(exact))])
				}
			}
			if len(estimated) < server.top {
				t.Errorf("only %q were seen to grow on stock", estimated)
			}
			logGain(t, spade, cpu, server.name, n)
		})
	}
}

func buildServers(t *testing.T, dir string) (stock, spade string) {
	build := func(out string, command ...string) string {
		out = filepath.Join(dir, out)
		cmd := exec.Command(command[0], append(command[1:], "build", "-o", out, ".")...)
		cmd.Dir = filepath.Join("testdata", "servers")
		cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
		if said, err := cmd.CombinedOutput(); err != nil {
			if os.Getenv("CI") != "true" && strings.Contains(string(said), "dial tcp") {
				t.Skip("skipped: the servers need the module proxy, which does not answer")
			}
			t.Fatalf("%v\n%s", err, said)
		}
		return out
	}
	tool := filepath.Join(dir, "tool")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", tool, "../../cmd/spade").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return build("stock", "go"), build("spade", tool, "go")
}

// runServer returns the CPU time of an operation, in nanoseconds.
func runServer(t *testing.T, path, setting string, args ...string) int64 {
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "GOSPADE="+setting)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(path), args, err, out)
	}
	var nanos int64
	if _, err := fmt.Sscanf(string(out), "cpu-ns %d", &nanos); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return nanos
}

// serverEntries returns the entries that pay for growth in a CPU profile, those that pay most first.
func serverEntries(t *testing.T, cpu string) (names []string) {
	r := cpuReport(t, cpu)
	for _, row := range r.Rows(finding.ByEntry) {
		if finding.Ratio(row.New.Growth.Total(), r.New.Growth.Total()) >= 0.05 && row.New.Name != entryCut.name {
			names = append(names, row.New.Name)
		}
	}
	return names
}

func cpuReport(t *testing.T, cpu string) *finding.Report {
	a := NewAnalysis(Opener{}, nil, false)
	if err := a.Read(cpu); err != nil {
		t.Fatal(err)
	}
	return reportOf(a.new)
}

// exactEntries returns the entries that took the most time to grow.
func exactEntries(t *testing.T, growths string) (names []string) {
	a := NewAnalysis(Opener{}, nil, false)
	if err := a.Read(growths); err != nil {
		t.Fatal(err)
	}
	var r finding.CountReport
	for _, m := range a.results() {
		r.Handle(m)
	}
	for _, row := range r.Rows(finding.ByEntry) {
		if !slices.Contains(names, row.New.Name) {
			names = append(names, row.New.Name)
		}
	}
	return names
}

func logGain(t *testing.T, spade, cpu, name, n string) {
	var copied, inplace []int64
	for range 5 {
		copied = append(copied, runServer(t, spade, "stacks=copy", name, n))
		inplace = append(inplace, runServer(t, spade, "stacks=inplace", name, n))
	}
	slices.Sort(copied)
	slices.Sort(inplace)
	g := cpuReport(t, cpu).New
	t.Logf("%s: growth is %s of CPU, expected gain at most %s; measured: %d ns of CPU an operation copied, %d in place: %+.1f%%", name,
		finding.Percent(g.Share()), finding.Percent(finding.Ratio(expect(g, 0).Most, g.CPU)), copied[2], inplace[2],
		100*(float64(inplace[2])/float64(copied[2])-1))
}
