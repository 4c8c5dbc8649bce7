// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package depth

import (
	"cmp"
	"maps"
	"os"
	"os/exec"
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
}

// TestPrograms prints how many entries of real programs have a bound, what keeps most others from having one, and what the analysis takes.
func TestPrograms(t *testing.T) {
	for _, program := range programs {
		main, _, _ := strings.Cut(program, "@")
		dir := t.TempDir()
		binary := filepath.Join(dir, "binary")
		for _, args := range [][]string{{"mod", "init", "programs"}, {"get", "-tool", program}, {"build", "-o", binary, main}} {
			cmd := exec.Command("go", args...)
			cmd.Dir, cmd.Env = dir, environment()
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %v\n%s", args, err, out)
			}
		}
		f, err := os.Open(binary)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		before := processorTime(t)
		a, err := Analyse(f, Source{Dir: dir, Env: environment(), Main: main})
		if err != nil {
			t.Fatal(err)
		}
		r := &causes{cycles: map[string]int{}}
		if err := a.Emit("", "", r); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d functions, %d of %d entries bounded, %v of processor time", main, r.program.Functions, r.bounded, r.all, processorTime(t)-before)
		for _, name := range r.most(5) {
			t.Logf("    %d entries can come to %s, which calls itself in turn", r.cycles[name], name)
		}
		if r.bounded == 0 {
			t.Errorf("no entry of %s is bounded", main)
		}
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

// causes counts entries that are not the runtime's own, and by a function of it the entries that can come to a cycle.
type causes struct {
	program      finding.Program
	all, bounded int
	cycles       map[string]int
}

func (c *causes) Handle(m finding.Message) error {
	switch {
	case m.Program != nil:
		c.program = *m.Program
	case m.Entry != nil && !m.Entry.System:
		c.all++
		if bounded(m.Entry) {
			c.bounded++
		}
		for _, cycle := range m.Entry.Cycles {
			c.cycles[slices.Min(cycle.Funcs)]++
		}
	}
	return nil
}

func (c *causes) Flush() error { return nil }

// most returns the n cycles that most entries can come to.
func (c *causes) most(n int) []string {
	names := slices.SortedFunc(maps.Keys(c.cycles), func(a, b string) int {
		return cmp.Or(cmp.Compare(c.cycles[b], c.cycles[a]), cmp.Compare(a, b))
	})
	return names[:min(n, len(names))]
}
