// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package slots holds no code, only tests of stacks that grow in place: each takes one of the ways in which such stacks
// could differ from stock's for the worse, and fails if they do; and tests of what is recorded of growth. The programs under testdata are built by the spade command
// of this checkout and run on both strategies; what they print are lines of a name and a number.
package slots

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// plain are the programs that need neither cgo nor an experiment. They are built together, in one go.
var plain = []string{
	"colours", "counts", "depths", "guess", "hello", "known", "limits", "malloc", "maps", "maxstack", "memstats", "pacing", "preempt", "relearn",
	"scannable", "serve", "sizes", "spin", "sweeper", "thp", "zoo",
}

var strategies = []string{"copy", "inplace"}

// bin is the directory of spade and of what it builds.
var bin string

func TestMain(m *testing.M) {
	var err error
	if bin, err = os.MkdirTemp("", "spade-slots-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(bin)
	os.Exit(code)
}

var buildSpade = sync.OnceValue(func() error {
	return goCommand("go", nil, "build", "-o", filepath.Join(bin, "spade"), "../../cmd/spade")
})

// -checklinkname=0 lets memstats switch on the runtime's own check, and scannable look at the pacer.
var buildPlain = sync.OnceValue(func() error {
	args := []string{"go", "build", "-ldflags=-checklinkname=0", "-o", bin + string(filepath.Separator)}
	for _, p := range plain {
		args = append(args, "./testdata/"+p)
	}
	return goCommand(filepath.Join(bin, "spade"), nil, args...)
})

// program returns the path of a program of testdata, built.
func program(t *testing.T, name string) string {
	t.Helper()
	if err := buildSpade(); err != nil {
		t.Fatal(err)
	}
	if err := buildPlain(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(bin, name)
}

// build builds a program of testdata on its own, with more flags and environment, under the name out.
func build(t *testing.T, name, out string, env []string, flags ...string) (string, error) {
	t.Helper()
	if err := buildSpade(); err != nil {
		t.Fatal(err)
	}
	out = filepath.Join(bin, out)
	args := append([]string{"go", "build", "-o", out}, flags...)
	return out, goCommand(filepath.Join(bin, "spade"), env, append(args, "./testdata/"+name)...)
}

func goCommand(name string, env []string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env = append(append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off"), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	return nil
}

// slotsHere reports whether this system can use slots.
func slotsHere() bool {
	return runtime.GOOS == "linux" && framePointers() && os.Getpagesize() == 4096
}

// framePointers reports whether Go code has them here.
func framePointers() bool { return runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64" }

// needSlots skips the test where stacks are stock's whatever is asked for.
func needSlots(t *testing.T) {
	t.Helper()
	if !slotsHere() {
		t.Skipf("skipped: no slots on %s/%s with pages of %d bytes", runtime.GOOS, runtime.GOARCH, os.Getpagesize())
	}
}

// An outcome is what became of a run.
type outcome struct {
	code   int // exit code, -1 for a signal
	out    string
	values map[string]int
}

// run runs a program; env is beside the test's own environment, without what would change the runtime's ways.
func run(t *testing.T, strategy, path string, env []string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	for _, v := range os.Environ() {
		switch name, _, _ := strings.Cut(v, "="); name {
		case "GODEBUG", "GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GOTRACEBACK", "GOSPADE":
		default:
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(append(cmd.Env, "GOSPADE=stacks="+strategy), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("%s %s on %s: still running after two minutes\n%s", filepath.Base(path), args, strategy, head(out.String()))
	}
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	o := outcome{code: cmd.ProcessState.ExitCode(), out: out.String(), values: map[string]int{}}
	for line := range strings.Lines(o.out) {
		var name string
		var n int
		if words, _ := fmt.Sscan(line, &name, &n); words == 2 {
			o.values[name] = n
		}
	}
	return o
}

// runOK is run for programs that must succeed.
func runOK(t *testing.T, strategy, path string, env []string, args ...string) outcome {
	t.Helper()
	o := run(t, strategy, path, env, args...)
	if o.code != 0 {
		t.Fatalf("%s %s %s on %s: exit code %d\n%s", strings.Join(env, " "), filepath.Base(path), args, strategy, o.code, head(o.out))
	}
	return o
}

// value returns what the program printed under name.
func (o outcome) value(t *testing.T, name string) int {
	t.Helper()
	n, ok := o.values[name]
	if !ok {
		t.Fatalf("the program printed no %s:\n%s", name, head(o.out))
	}
	return n
}

// head cuts long output short.
func head(s string) string {
	if len(s) > 3000 {
		return s[:3000] + "…"
	}
	return s
}
