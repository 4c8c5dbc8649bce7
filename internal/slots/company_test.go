// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package slots

import (
	"debug/dwarf"
	"debug/elf"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestZoo: all that looks at, stops or ends a goroutine, on deep stacks.
func TestZoo(t *testing.T) {
	t.Parallel()
	path := program(t, "zoo")
	for _, s := range strategies {
		runOK(t, s, path, nil)
	}
	runOK(t, "inplace", path, []string{"GOGC=1"})
	runOK(t, "inplace", path, []string{"GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1"})
}

// TestDeadlockFound: the sweeper's timer must not keep the runtime from seeing that nothing can run any more.
func TestDeadlockFound(t *testing.T) {
	t.Parallel()
	path := program(t, "zoo")
	for _, s := range strategies {
		o := run(t, s, path, nil, "deadlock")
		if o.code != 2 || !strings.HasPrefix(o.out, "fatal error: all goroutines are asleep - deadlock!\n") {
			t.Errorf("%s: exit code %d, no deadlock found:\n%s", s, o.code, head(o.out))
		}
	}
}

// TestCrash: the traceback of all goroutines after a panic, and what leaves of it for both strategies.
func TestCrash(t *testing.T) {
	t.Parallel()
	path := program(t, "zoo")
	var forms [2]string
	for i, s := range strategies {
		o := run(t, s, path, nil, "crash")
		if o.code != 2 || strings.Count(o.out, "main.dig(") != 2*61 {
			t.Errorf("%s: exit code %d, %d frames of dig:\n%s", s, o.code, strings.Count(o.out, "main.dig("), head(o.out))
		}
		forms[i] = form(o.out)
	}
	if forms[0] != forms[1] {
		t.Errorf("the traceback differs.\ncopy:\n%s\ninplace:\n%s", forms[0], forms[1])
	}
}

// TestCgo: callbacks on threads that C made, and nested calls from Go to C to Go.
func TestCgo(t *testing.T) {
	t.Parallel()
	path := buildCgo(t, "cgothread")
	for _, s := range strategies {
		runOK(t, s, path, nil)
	}
	runOK(t, "inplace", path, []string{"GOMAXPROCS=1", "GOGC=1"})
	runOK(t, "inplace", path, []string{"GOSPADE=move=1,poison=1"})
}

// TestCgoPointerChecks: cgo must know a pointer into a slot for one to Go's memory.
func TestCgoPointerChecks(t *testing.T) {
	t.Parallel()
	path := buildCgo(t, "cgopointer")
	for _, s := range strategies {
		if o := run(t, s, path, nil); o.code != 2 || !strings.Contains(o.out, "argument of cgo function has Go pointer to unpinned Go pointer") {
			t.Errorf("%s: exit code %d, the pointer was not found:\n%s", s, o.code, head(o.out))
		}
		runOK(t, s, path, []string{"GODEBUG=cgocheck=0"})
	}
}

func buildCgo(t *testing.T, name string) string {
	t.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("skipped: cgo needs gcc")
	}
	path, err := build(t, name, name, []string{"CGO_ENABLED=1"})
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRaceDetector: it keeps no shadow for slots, so there are none; the program runs as always.
func TestRaceDetector(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("skipped: builds the standard library for the race detector")
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("skipped: the race detector needs gcc")
	}
	path, err := build(t, "counts", "counts-race", []string{"CGO_ENABLED=1"}, "-race")
	if err != nil {
		t.Fatal(err)
	}
	o := runOK(t, "inplace", path, nil, "200")
	if o.value(t, "six-enabled") != 0 || o.value(t, "six-starts") != 0 || o.value(t, "six-inplace") != 0 {
		t.Errorf("slots are in use:\n%s", o.out)
	}
}

// TestElectricFence: GODEBUG=efence=1 wants every stack at an address of its own.
func TestElectricFence(t *testing.T) {
	t.Parallel()
	o := runOK(t, "inplace", program(t, "counts"), []string{"GODEBUG=efence=1"}, "200")
	if o.value(t, "six-enabled") != 0 || o.value(t, "six-inplace") != 0 {
		t.Errorf("slots are in use:\n%s", o.out)
	}
}

// TestSizeOfG: debuggers and profilers know stock's g.
func TestSizeOfG(t *testing.T) {
	t.Parallel()
	needSlots(t)
	stock := filepath.Join(bin, "hello-stock")
	if err := goCommand("go", nil, "build", "-o", stock, "./testdata/hello"); err != nil {
		t.Fatal(err)
	}
	if was, is := sizeOfG(t, stock), sizeOfG(t, program(t, "hello")); was != is || was == 0 {
		t.Errorf("g has %d bytes, in stock's runtime %d", is, was)
	}
}

func sizeOfG(t *testing.T, path string) int64 {
	t.Helper()
	f, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := f.DWARF()
	if err != nil {
		t.Fatal(err)
	}
	for r := data.Reader(); ; {
		e, err := r.Next()
		if err != nil || e == nil {
			t.Fatalf("%s has no type runtime.g: %v", path, err)
		}
		if name, _ := e.Val(dwarf.AttrName).(string); e.Tag == dwarf.TagStructType && name == "runtime.g" {
			size, _ := e.Val(dwarf.AttrByteSize).(int64)
			return size
		}
	}
}

// TestSecrets: what secret.Do had on a stack is erased, above the bound and below.
func TestSecrets(t *testing.T) {
	t.Parallel()
	needSlots(t)
	path, err := build(t, "secret", "secret", []string{"GOEXPERIMENT=runtimesecret"})
	if err != nil {
		if strings.Contains(err.Error(), "GOEXPERIMENT") {
			t.Skipf("skipped: this Go has no GOEXPERIMENT=runtimesecret")
		}
		t.Fatal(err)
	}
	for _, s := range strategies {
		if n := runOK(t, s, path, nil, "control").value(t, "found"); n == 0 {
			t.Errorf("%s: the search does not find what was not erased", s)
		}
		if n := runOK(t, s, path, nil).value(t, "found"); n != 0 {
			t.Errorf("%s: the secret is still in %d places", s, n)
		}
	}
}

// TestOtherTargets: where there are no slots, or only by cross-compilation, a program builds all the same.
func TestOtherTargets(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: builds the runtime for other targets")
	}
	for _, target := range []string{"darwin/arm64", "windows/amd64", "linux/386", "linux/arm64", "js/wasm"} {
		t.Run(target, func(t *testing.T) { buildFor(t, target) })
	}
}

func buildFor(t *testing.T, target string) {
	t.Helper()
	goos, goarch, _ := strings.Cut(target, "/")
	if _, err := build(t, "hello", "hello-"+goos+"-"+goarch, []string{"GOOS=" + goos, "GOARCH=" + goarch, "CGO_ENABLED=0"}); err != nil {
		t.Error(err)
	}
}
