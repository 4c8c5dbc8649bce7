// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package depth

import (
	"encoding/json"
	"os"
	"os/exec"
	slash "path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spadego/spade/internal/finding"
)

// programs are real ones, as go get knows their main packages.
var programs = []string{
	"github.com/nats-io/nats-server/v2@v2.15.2",
	"go.etcd.io/etcd/server/v3@v3.7.3",
	"golang.org/x/tools/gopls@v0.23.0",
	"github.com/caddyserver/caddy/v2/cmd/caddy@v2.11.9",
	"github.com/gohugoio/hugo@v0.165.0",
	telegraf,
}

// telegraf has 365,000 functions, and is built as its authors do, with the versions of all modules that they use.
const telegraf = "github.com/influxdata/telegraf@v1.37.2"

// TestPrograms prints how many entries of real programs have a bound, what keeps most others from having one, and what the analysis takes. Each
// program is a test of its own, since each takes minutes: go test -tags long -run TestPrograms/gopls ./internal/depth.
func TestPrograms(t *testing.T) {
	for _, program := range programs {
		main, _, _ := strings.Cut(program, "@")
		t.Run(nameOf(main), func(t *testing.T) {
			dir := t.TempDir()
			if program == telegraf {
				copyModule(t, dir, program)
				main += "/cmd/telegraf"
			} else {
				goCommand(t, dir, "mod", "init", "programs")
				goCommand(t, dir, "get", "-tool", program)
			}
			analyseProgram(t, dir, main)
		})
	}
}

// nameOf is the last part of an import path that is no version.
func nameOf(main string) string {
	name := slash.Base(main)
	if strings.Trim(name, "v0123456789") == "" {
		name = slash.Base(slash.Dir(main))
	}
	return name
}

// copyModule copies a module to where it may be built.
func copyModule(t *testing.T, dir, module string) {
	t.Helper()
	var found struct{ Dir string }
	if err := json.Unmarshal(goCommand(t, dir, "mod", "download", "-json", module), &found); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(found.Dir)); err != nil {
		t.Fatal(err)
	}
}

func goCommand(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = dir, environment()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return out
}

func analyseProgram(t *testing.T, dir, main string) {
	binary := filepath.Join(t.TempDir(), "binary")
	goCommand(t, dir, "build", "-o", binary, main)
	f, err := os.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	before, start := processorTime(t), time.Now()
	a, err := Analyse(f, Source{Dir: dir, Env: environment(), Main: main})
	if err != nil {
		t.Fatal(err)
	}
	c := &collector{}
	if err := a.Emit("", "", c); err != nil {
		t.Fatal(err)
	}
	counts := map[finding.Status]int{}
	all, certain := 0, 0
	for _, e := range c.Entries {
		if !e.System {
			counts[e.Status]++
			all++
			if e.CertainlyUnbounded() {
				certain++
			}
		}
		if (e.Why == "") != bounded(e) {
			t.Errorf("%s is %s, and says %q", e.Name, e.Status, e.Why)
		}
	}
	some := counts[finding.Exact] + counts[finding.UpperBound]
	t.Logf("| %s | %d | %d | %d | %d | %d | %d | %d%% | %v | %v |", nameOf(main), c.Program.Functions, all, counts[finding.Exact], counts[finding.UpperBound],
		counts[finding.LowerBound], counts[finding.Unbounded], 100*some/max(1, all), processorTime(t)-before, time.Since(start).Round(time.Second))
	t.Logf("%d entries (%d%%) come to a certain recursion by certain calls alone: to know more of what calls may reach could bound %d%% at most", certain, 100*certain/max(1, all), 100*(all-certain)/max(1, all))
	obstacles := c.Obstacles(false)
	needed := slices.IndexFunc(obstacles, func(o finding.Obstacle) bool { return 100*o.Bounded >= 60*all }) + 1
	t.Logf("%d causes, %d of them until 60%% of the entries have a bound (0: never); in the order in which they pay:", len(obstacles), needed)
	for _, o := range obstacles[:min(12, len(obstacles))] {
		t.Logf("%5d entries, %d of them for certain, %d alone, %d bounded then: %.160s", o.Entries, o.Certain, o.Alone, o.Bounded, o.Text)
	}
	if some == 0 {
		t.Errorf("no entry of %s is bounded", main)
	}
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Round(time.Second / 10)
}
