// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long && linux

package main

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// emulator is the program that runs programs for linux/arm64 on other processors.
const emulator = "qemu-aarch64"

// TestArm64Runtime runs package runtime's own tests for linux/arm64 with stock Go, with copied stacks and with stacks in place: what
// passes with the first, passes with the others. Some fail with all of them, since the emulator is no Linux kernel. With -short only
// those run that are about stacks, or near them.
func TestArm64Runtime(t *testing.T) {
	if runtime.GOARCH == "arm64" {
		t.Skip("skipped: this machine needs no emulator for linux/arm64, and go test runtime is the test")
	}
	path, err := exec.LookPath(emulator)
	if err != nil {
		t.Skipf("skipped: there is no %s, which runs programs for linux/arm64", emulator)
	}
	dir := t.TempDir()
	spade := filepath.Join(dir, "spade")
	run(t, ".", "go", "build", "-buildvcs=false", "-o", spade, ".")
	t.Setenv("GOARCH", "arm64")
	t.Setenv("CGO_ENABLED", "0")
	t.Setenv("GOFLAGS", "")
	t.Setenv("SPADECACHE", filepath.Join(dir, "cache"))
	run(t, ".", "go", "test", "-c", "-o", filepath.Join(dir, "stock.test"), "runtime")
	run(t, ".", spade, "go", "test", "-c", "-o", filepath.Join(dir, "spade.test"), "runtime")
	goflags, err := exec.Command(spade, "env", "GOFLAGS").Output()
	if err != nil {
		t.Fatal(err)
	}

	command := emulated(t, path)
	lane := func(name, program string, settings ...string) emulatedLane {
		return emulatedLane{name, append(slices.Clip(command), filepath.Join(dir, program)), settings}
	}
	stock := lane("stock", "stock.test")
	names := stock.list(t)
	if testing.Short() {
		names = slices.DeleteFunc(names, func(name string) bool { return !aboutStacks.MatchString(name) })
	}
	passed := stock.run(t, names)
	if len(passed) < len(names)/2 {
		t.Fatalf("%d of %d tests pass with stock Go: this emulator is of no use", len(passed), len(names))
	}
	t.Logf("%d of %d tests pass with stock Go", len(passed), len(names))

	built := "GOFLAGS=" + strings.TrimSpace(string(goflags)) // for the programs that tests build
	for _, strategy := range []string{"copy", "inplace"} {
		lane := lane(strategy, "spade.test", built, "GOSPADE=stacks="+strategy)
		got := lane.run(t, slices.Sorted(maps.Keys(passed)))
		t.Logf("%d of them pass at once with stacks=%s", len(got), strategy)
		for name := range passed {
			if !got[name] && !lane.passesAlone(t, name) && stock.passesAlone(t, name) {
				t.Errorf("%s passes with stock Go and fails with stacks=%s", name, strategy)
			}
		}
	}
}

var aboutStacks = regexp.MustCompile(`^Test(Stack|Chan|Select|Defer|Goroutine[^L]|Caller|Yield|Map|Traceback[^S])`)

// emulated returns what to put in front of a program for linux/arm64. Where the kernel lets a user have a table of interpreters of their
// own, the programs that it starts are emulated too.
func emulated(t *testing.T, emulator string) []string {
	const register = `mount -t binfmt_misc none /proc/sys/fs/binfmt_misc &&
		printf %s ':arm64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:'"$0"':' \
			>/proc/sys/fs/binfmt_misc/register && exec "$@"`
	command := []string{"unshare", "-U", "-r", "-m", "sh", "-c", register, emulator}
	if out, err := exec.Command(command[0], append(command[1:], "true")...).CombinedOutput(); err != nil {
		t.Logf("programs that tests start are not emulated: %v\n%s", err, out)
		return []string{emulator}
	}
	return command
}

// An emulatedLane is one way to run the tests.
type emulatedLane struct {
	name     string
	command  []string
	settings []string
}

func (l emulatedLane) start(args ...string) (output []byte, err error) {
	cmd := exec.Command(l.command[0], slices.Concat(l.command[1:], args)...)
	cmd.Dir = filepath.Join(host.GOROOT, "src", "runtime")
	cmd.Env = append(os.Environ(), l.settings...)
	return cmd.CombinedOutput()
}

func (l emulatedLane) list(t *testing.T) []string {
	t.Helper()
	out, err := l.start("-test.list=^Test")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.Fields(string(out))
}

// Lines of the output of tests: the start of one, and its verdict.
var (
	testStart   = regexp.MustCompile(`(?m)^=== RUN   (Test[^/\s]*)$`)
	testVerdict = regexp.MustCompile(`(?m)^--- (PASS|FAIL|SKIP): (Test[^/\s]*) `)
)

// maxCrashes bounds the tests of a lane that may end the process.
const maxCrashes = 20

// run returns the tests that pass. After one that ends the process, it goes on with the rest.
func (l emulatedLane) run(t *testing.T, names []string) (passed map[string]bool) {
	t.Helper()
	passed = map[string]bool{}
	for crashes := 0; len(names) > 0; crashes++ {
		out, err := l.start("-test.run=^("+strings.Join(names, "|")+")$", "-test.v", "-test.short", "-test.timeout=40m")
		judged := map[string]bool{}
		for _, m := range testVerdict.FindAllSubmatch(out, -1) {
			name := string(m[2])
			judged[name] = true
			if string(m[1]) == "PASS" {
				passed[name] = true
			} else {
				t.Logf("%s: %s %s", l.name, m[1], name)
			}
		}
		if err == nil || bytes.HasSuffix(out, []byte("\nFAIL\n")) {
			return passed
		}
		for _, m := range testStart.FindAllSubmatch(out, -1) {
			if name := string(m[1]); !judged[name] {
				judged[name] = true
				t.Logf("%s: %s was running when the process ended: %v\n%s", l.name, name, err, out[max(0, len(out)-2000):])
			}
		}
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return judged[name] })
		if len(judged) == 0 || crashes == maxCrashes {
			t.Fatalf("%s: %v\n%s", l.name, err, out)
		}
	}
	return passed
}

// passesAlone gives a test three chances.
func (l emulatedLane) passesAlone(t *testing.T, name string) bool {
	t.Helper()
	for range 3 {
		out, err := l.start("-test.run=^"+name+"$", "-test.v", "-test.short")
		if err == nil {
			return true
		}
		t.Logf("%s, alone: %v\n%s", l.name, err, out)
	}
	return false
}
