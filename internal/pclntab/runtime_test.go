// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pclntab

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestAgainstRuntime compares what is read of a program with what its own runtime says, at program counters all over its code.
func TestAgainstRuntime(t *testing.T) {
	for _, version := range []string{"go1.26.8", "go1.27.4"} {
		t.Run(version, func(t *testing.T) {
			path := buildAsk(t, version)
			text := readText(t, path)
			first, err := text.Func(0)
			if err != nil {
				t.Fatal(err)
			}
			var questions, answers bytes.Buffer
			for i := range text.Len() {
				f, err := text.Func(i)
				if err != nil {
					t.Fatal(err)
				}
				ask(text, f, &questions, &answers)
			}
			cmd := exec.Command(path)
			cmd.Stdin, cmd.Stderr = &questions, os.Stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			got, want := strings.Split(answers.String(), "\n"), strings.Split(string(out), "\n")
			if len(got) != len(want) || len(got) < 20_000 {
				t.Fatalf("%d questions, %d answers", len(got), len(want))
			}
			for i := range got {
				if got[i] != want[i] && got[i] != strings.Replace(want[i], "  ", " "+first.Name+" ", 1) { // the runtime takes the first name for none
					t.Fatalf("got  %s\nwant %s", got[i], want[i])
				}
			}
		})
	}
}

// ask writes some program counters of f, and what is read at each.
func ask(text *Text, f Func, questions, answers *bytes.Buffer) {
	if f.End-f.Entry < 2 || strings.HasPrefix(f.Name, "go:") {
		return
	}
	size := uint64(0) // without padding
	for d := range f.Deltas() {
		size = d.End
	}
	sp := f.SP()
	for pc := uint64(1); pc < size; pc += max(1, size/20) {
		frames := text.Frames(f, pc)
		height, _ := sp.At(pc)
		fmt.Fprintf(questions, "%x\n", text.Start+f.Entry+pc)
		fmt.Fprintf(answers, "%d %s %s:%d\n", height, withoutTypes(frames[0].Func), frames[0].File, frames[0].Line)
	}
}

// withoutTypes cuts out what is in brackets, as the runtime does before it shows a name.
func withoutTypes(name string) string {
	from, to := strings.IndexByte(name, '['), strings.LastIndexByte(name, ']')
	if from < 0 || to <= from {
		return name
	}
	return name[:from] + "[...]" + name[to+1:]
}

func buildAsk(t *testing.T, version string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a program")
	}
	path := filepath.Join(t.TempDir(), "ask")
	cmd := exec.Command("go", "build", "-ldflags=-checklinkname=0", "-o", path, ".")
	cmd.Dir = filepath.Join("testdata", "ask")
	cmd.Env = append(os.Environ(), "GOFLAGS=", "CGO_ENABLED=0", "GOTOOLCHAIN="+version)
	if out, err := cmd.CombinedOutput(); err != nil {
		if strings.Contains(string(out), "download") {
			t.Skipf("skipped: no %s: %s", version, out)
		}
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

//go:noinline
func outer(pcs []uintptr) int { return middle(pcs) }

func middle(pcs []uintptr) int { return inner(pcs) }

func inner(pcs []uintptr) int { return runtime.Callers(1, pcs) }

// TestFrames compares the functions that were inlined into each other with those that the runtime tells.
func TestFrames(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text := readText(t, path)
	pcs := make([]uintptr, 3)
	frames := runtime.CallersFrames(pcs[:outer(pcs)])
	pc := uint64(pcs[0]) - 1 - text.Start // the last instruction of the call
	i, ok := text.Find(pc)
	if !ok {
		t.Fatalf("no function at %#x", pc)
	}
	f, err := text.Func(i)
	if err != nil {
		t.Fatal(err)
	}
	got := text.Frames(f, pc-f.Entry)
	if len(got) != 3 || got[2].StartLine != f.StartLine || got[0].StartLine != got[1].StartLine+2 {
		t.Fatalf("%+v", got)
	}
	for _, g := range got {
		want, _ := frames.Next()
		if g.Func != want.Function || g.File != want.File || g.Line != want.Line {
			t.Errorf("%+v, want %s %s:%d", g, want.Function, want.File, want.Line)
		}
	}
}
