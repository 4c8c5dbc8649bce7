// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"context"
	"errors"
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

// buildProgram builds testdata/program and returns it as a subject.
func buildProgram(t *testing.T, env []string, args ...string) *Subject {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: builds a program")
	}
	dir, err := filepath.Abs("testdata/program")
	if err != nil {
		t.Fatal(err)
	}
	s := &Subject{Set: finding.New, Name: "program", Binary: filepath.Join(t.TempDir(), "program"), Dir: t.TempDir()}
	s.Env = append(os.Environ(), "MAIN="+filepath.Join(s.Dir, "main"))
	for _, command := range [][]string{append([]string{"build", "-o", s.Binary}, args...), ListFlags} {
		cmd := exec.Command("go", append(slices.Clone(command), ".")...)
		cmd.Dir = dir
		cmd.Env = append(append(os.Environ(), "GOFLAGS=", "GOWORK=off"), env...)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go %q: %v", command, err)
		}
		if command[0] == "list" {
			if s.Packages, err = ReadPackages(strings.NewReader(string(out))); err != nil {
				t.Fatal(err)
			}
		}
	}
	return s
}

func measure(t *testing.T, s *Subject, o Options) *Timeline {
	t.Helper()
	o.Progress = func(string, ...any) {}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	list, err := Measure(t.Context(), []*Subject{s}, o)
	skipWithoutTracer(t, err)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(s.Dir, "main")); err == nil {
		t.Error("main.main was run")
	}
	return list[0]
}

// skipWithoutTracer skips the test where processes may not be traced.
func skipWithoutTracer(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, syscall.EPERM) && os.Getenv("CI") != "true" {
		t.Skipf("skipped: %v", err)
	}
}

// part returns the part of a kind with a name that is in package main, or a stage.
func (l *Timeline) part(t *testing.T, kind, name string) finding.StartPart {
	t.Helper()
	for _, p := range l.Parts {
		if p.Kind == kind && p.Name == name && (p.Package == "main" || p.Kind == finding.PartStage || p.Kind == finding.PartPackage) {
			return p
		}
	}
	t.Fatalf("no %s %s in %v", kind, name, l.Parts)
	return finding.StartPart{}
}

// A programBuild is a way to build testdata/program.
type programBuild struct {
	name string
	env  []string
	args []string
	cgo  bool
	// loader is whether ld.so is needed to start it.
	loader bool
}

// moreBuilds are those that compile the standard library in ways of their own: for the long tests.
var moreBuilds []programBuild

func TestMeasure(t *testing.T) {
	for _, test := range append(moreBuilds, []programBuild{
		{name: "plain", env: []string{"CGO_ENABLED=0"}},
		{name: "stripped", env: []string{"CGO_ENABLED=0"}, args: []string{"-ldflags=-s -w"}},
		{name: "external", env: []string{"CGO_ENABLED=1"}, args: []string{"-ldflags=-linkmode=external"}, cgo: true, loader: true},
	}...) {
		t.Run(test.name, func(t *testing.T) {
			if _, err := exec.LookPath("gcc"); err != nil && test.cgo {
				t.Skip("skipped: needs gcc")
			}
			s := buildProgram(t, test.env, test.args...)
			l := measure(t, s, Options{Runs: 3, Cold: 1})
			checkParts(t, l)
			stripped := test.name == "stripped"
			checkCounts(t, l, stripped)
			if _, loaded := find(l, stageLoader); loaded != test.loader {
				t.Errorf("there is a loader: %v", loaded)
			}
			if noted := slices.ContainsFunc(l.Start.Unseen, func(s string) bool { return strings.HasPrefix(s, "allocations") }); noted != stripped {
				t.Errorf("not seen: %q", l.Start.Unseen)
			}
		})
	}
}

func find(l *Timeline, name string) (finding.StartPart, bool) {
	i := slices.IndexFunc(l.Parts, func(p finding.StartPart) bool { return p.Name == name })
	if i < 0 {
		return finding.StartPart{}, false
	}
	return l.Parts[i], true
}

// checkParts checks that all is there, in order, and adds up.
func checkParts(t *testing.T, l *Timeline) {
	t.Helper()
	for _, s := range append([]stage{{"", stageExec}, {"", stageRuntime}}, stages...) {
		if p := l.part(t, finding.PartStage, s.name); p.Clock.Mean <= 0 {
			t.Errorf("%s takes no time", s.name)
		}
	}
	for _, name := range []string{"pause", "list", "table", "first, second", "_", "objects", "callers", "caught", "function"} {
		p := l.part(t, finding.PartVariable, name)
		if filepath.Base(p.Place.File) != "main.go" || p.Place.Line < 15 {
			t.Errorf("%s is at %v", name, p.Place)
		}
	}
	if p := l.part(t, finding.PartVariable, "pause"); p.Clock.Low < 20e6 || p.CPU > 15e6 {
		t.Errorf("20 ms of sleep are %v, %d of CPU", p.Clock, p.CPU)
	}
	main, dep := l.part(t, finding.PartPackage, "example.com/program"), l.part(t, finding.PartPackage, "example.com/program/dep")
	if main.Group != "example.com/program" || !slices.Equal(dep.Chain, []string{"example.com/program", "example.com/program/dep"}) || dep.Begin >= main.Begin {
		t.Errorf("%+v\n%+v", main, dep)
	}
	var whole, inside int64
	last := int64(0)
	for _, p := range l.Parts {
		switch p.Kind {
		case finding.PartStage, finding.PartPackage:
			whole += p.Clock.Mean
			if p.Begin < last {
				t.Errorf("%s begins at %d, after what begins at %d", p.Name, p.Begin, last)
			}
			last = p.Begin
		default:
			if p.Package == "main" {
				inside += p.Clock.Mean
			}
		}
	}
	near := func(a, b int64) bool { return max(a-b, b-a) < 1000 } // of rounding
	if !near(whole, l.Start.Total.Mean) || whole != l.Start.Parts {
		t.Errorf("the parts add up to %d, %d, the total is %d", whole, l.Start.Parts, l.Start.Total.Mean)
	}
	if !near(inside, main.Clock.Mean) {
		t.Errorf("package main takes %d, what it consists of %d", main.Clock.Mean, inside)
	}
}

// checkCounts checks numbers that testdata/program is made to have.
func checkCounts(t *testing.T, l *Timeline, stripped bool) {
	t.Helper()
	if p := l.part(t, finding.PartFunction, "init.0"); p.Goroutines != 7 {
		t.Errorf("%d goroutines were started, want 7", p.Goroutines)
	}
	if p := l.part(t, finding.PartFunction, "init.1"); p.Calls < 100 || p.Calls > 300 { // those of other threads count too
		t.Errorf("%d system calls, want 100", p.Calls)
	}
	p := l.part(t, finding.PartVariable, "objects")
	if p.Faults < 1 { // of 4 KiB or larger pages
		t.Errorf("%d page faults for 112 KB", p.Faults)
	}
	if stripped {
		if p.Allocs != 0 || p.Bytes != 0 {
			t.Errorf("%d allocations, %d bytes, without a way to know", p.Allocs, p.Bytes)
		}
	} else if p.Allocs < 1001 || p.Allocs > 1005 || p.Bytes < 1000*112+8192 || p.Bytes > 1000*112+8192+1024 {
		t.Errorf("%d allocations, %d bytes, want 1001 and %d", p.Allocs, p.Bytes, 1000*112+8192)
	}
	if l.Start.ColdRuns > 0 && (l.Start.ColdReads == 0 || l.part(t, finding.PartPackage, "example.com/program").Cold == nil) {
		t.Errorf("cold: %+v", l.Start)
	}
}

// TestTwo measures a program against itself.
func TestTwo(t *testing.T) {
	s := buildProgram(t, nil)
	base := *s
	base.Set = finding.Base
	list, err := Measure(t.Context(), []*Subject{s, &base}, Options{Runs: 1, Timeout: time.Minute, Progress: func(string, ...any) {}})
	skipWithoutTracer(t, err)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Start.Set != finding.New || list[1].Start.Set != finding.Base || list[1].Parts[0].Set != finding.Base {
		t.Errorf("%+v", list)
	}
}

// TestFails starts programs that don't get to main.main.
func TestFails(t *testing.T) {
	s := buildProgram(t, nil)
	plain := s.Env
	try := func(setting string, args ...string) error {
		s.Env, s.Args = append(slices.Clone(plain), "PROGRAM="+setting), args
		_, err := Measure(t.Context(), []*Subject{s}, Options{Runs: 1, Timeout: 2 * time.Second, Progress: func(string, ...any) {}})
		skipWithoutTracer(t, err)
		return err
	}
	var failed *FailedError
	if err := try("exit"); !errors.As(err, &failed) || failed.Output != "no such setting" || !strings.Contains(err.Error(), "exit code 7 before main.main") {
		t.Errorf("exit: %v", err)
	}
	failed = nil
	if err := try("panic"); !errors.As(err, &failed) || !strings.Contains(failed.Output, "main.init.2") || !strings.Contains(err.Error(), "exit code 2") {
		t.Errorf("panic: %v, %+v", err, failed)
	}
	if err := try("hang"); err == nil || !strings.Contains(err.Error(), "has not reached main.main after 2s") {
		t.Errorf("hang: %v", err)
	}
	if err := try("arguments", "-x", "two words"); err != nil {
		t.Errorf("arguments: %v", err)
	}
	if err := os.WriteFile(s.Binary, []byte("#!/bin/sh\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := try(""); err == nil || !strings.Contains(err.Error(), "no ELF binary") {
		t.Errorf("a script: %v", err)
	}
}

// TestNotExecutable starts a file without the right to.
func TestNotExecutable(t *testing.T) {
	s := buildProgram(t, nil)
	if err := os.Chmod(s.Binary, 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := Measure(t.Context(), []*Subject{s}, Options{Runs: 1, Timeout: time.Minute, Progress: func(string, ...any) {}})
	skipWithoutTracer(t, err)
	if !errors.Is(err, syscall.EACCES) || !strings.Contains(err.Error(), "can't be executed") {
		t.Errorf("error %v", err)
	}
}

func TestCancelled(t *testing.T) {
	s := buildProgram(t, nil)
	s.Env = append(s.Env, "PROGRAM=hang")
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := Measure(ctx, []*Subject{s}, Options{Runs: 1, Timeout: time.Minute, Progress: func(string, ...any) {}})
	skipWithoutTracer(t, err)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

// TestTouched starts a program that has 8 MiB of constant data in its file and 4 MiB of variables, looks at one byte in every 64th page of
// them, and writes to every fourth of those variables.
func TestTouched(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: builds a program")
	}
	dir := t.TempDir()
	for name, content := range map[string]string{
		"go.mod": "module example.com/blob\n\ngo 1.26\n",
		"main.go": `package main

import _ "embed"

//go:embed blob
var blob string

var big = [4 << 20]byte{0: 1}

var x = look()

func look() (n byte) {
	for i := 0; i < len(blob); i += 64 * 4096 {
		n += blob[i]
	}
	for i := 0; i < len(big); i += 64 * 4096 {
		n += big[i]
		if i%(256*4096) == 0 {
			big[i] = n
		}
	}
	return n
}

func main() { println(x) }
`,
		"blob": strings.Repeat("x", 8<<20),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s := &Subject{Binary: filepath.Join(dir, "program"), Dir: dir, Env: os.Environ()}
	cmd := exec.Command("go", "build", "-o", s.Binary, ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	l := measure(t, s, Options{Runs: 1})
	if slices.ContainsFunc(l.Start.Unseen, func(s string) bool { return strings.HasPrefix(s, "bytes") }) {
		t.Skipf("skipped: %q", l.Start.Unseen)
	}
	found := false
	for _, section := range l.Touched {
		switch {
		case section.Package == "main" && section.Section == ".noptrdata":
			found = section.Size >= 4<<20 && section.Bytes >= 16*4096-64 && section.Bytes < 24*4096 && section.Written >= 4*4096-64 && section.Written < 8*4096
			if !found {
				t.Errorf("%+v, want 16 pages, 4 of them written", section)
			}
		case section.Package == "runtime" && section.Section == ".text":
			if section.Bytes < 10*4096 || section.Bytes > section.Size {
				t.Errorf("%+v", section)
			}
		case section.Bytes < 0 || section.Bytes > section.Size:
			t.Errorf("%d bytes of %d in %s", section.Bytes, section.Size, section.Section)
		case section.Package != "":
		case section.Section == ".rodata" && (section.Size < 8<<20 || section.Bytes < 32*4096 || section.Bytes > 1<<20):
			t.Errorf("%d bytes of %d in .rodata, want some more than %d", section.Bytes, section.Size, 32*4096)
		case section.Section == ".text" && section.Bytes < 10*4096:
			t.Errorf("%d bytes of code", section.Bytes)
		case strings.HasSuffix(section.Section, "bss"):
			t.Errorf("%s is not in the file", section.Section)
		}
	}
	if len(l.Touched) < 5 || !found {
		t.Errorf("only %v", l.Touched)
	}
}

func TestReadSmaps(t *testing.T) {
	used := readSmaps([]byte("00400000-00482000 r-xp 00000000 fe:00 12 /bin/x\nSize: 520 kB\nReferenced:          156 kB\nVmFlags: rd\n" +
		"7fff00-7fff10 rw-p 0 00:00 0\nReferenced: 8 kB\nAnonymous:      4 kB\n"))
	if len(used) != 2 || used[0x400000] != (pageUse{156 << 10, 0}) || used[0x7fff00] != (pageUse{8 << 10, 4 << 10}) {
		t.Errorf("%v", used)
	}
}

// TestMeasureInittrace also runs what is no Go program, and a program that does not get through.
func TestMeasureInittrace(t *testing.T) {
	s := buildProgram(t, []string{"CGO_ENABLED=0"})
	o := Options{Runs: 2, Timeout: time.Minute, Progress: func(string, ...any) {}}
	list, err := MeasureInittrace(t.Context(), []*Subject{s}, o)
	if err != nil {
		t.Fatal(err)
	}
	l := list[0]
	main, dep := l.part(t, finding.PartPackage, "example.com/program"), l.part(t, finding.PartPackage, "example.com/program/dep")
	if main.Clock.Mean < 20e6 || main.Allocs < 1000 || main.Bytes < 100_000 || main.Begin <= dep.Begin || main.Group != "example.com/program" || len(dep.Chain) != 2 {
		t.Errorf("%+v\n%+v", main, dep)
	}
	if main.Clock.Mean > l.Start.Total.Mean || max(l.Start.Parts-l.Start.Total.Mean, l.Start.Total.Mean-l.Start.Parts) > 1000 {
		t.Errorf("%+v, package main %+v", l.Start, main.Clock)
	}

	script := *s
	script.Binary = filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(script.Binary, []byte("#!/bin/sh\necho no Go >&2\nexit 4\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	var failed *FailedError
	if _, err := MeasureInittrace(t.Context(), []*Subject{&script}, o); !errors.As(err, &failed) || failed.Output != "no Go" {
		t.Errorf("error %v", err)
	}
	s.Env = append(slices.Clone(s.Env), "PROGRAM=hang")
	if _, err := MeasureInittrace(t.Context(), []*Subject{s}, Options{Runs: 1, Timeout: time.Second, Progress: o.Progress}); err == nil ||
		!strings.Contains(err.Error(), "it has not initialized all packages, ") {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := MeasureInittrace(ctx, []*Subject{s}, Options{Runs: 100, Timeout: time.Minute, Progress: o.Progress}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	script.Binary += ".none"
	if _, err := MeasureInittrace(t.Context(), []*Subject{&script}, o); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("error %v", err)
	}
}
