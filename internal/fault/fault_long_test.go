// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long && linux && amd64

package fault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// variants are the values of -stacks for fault builds.
var variants = []string{"fault", "fault-deep"}

// bin is the directory of spade and of what it builds.
var bin string

func TestMain(m *testing.M) {
	var err error
	if bin, err = os.MkdirTemp("", "spade-fault-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := 0
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	} else {
		code = m.Run()
	}
	os.RemoveAll(bin)
	os.Exit(code)
}

func build() error {
	spade := filepath.Join(bin, "spade")
	if err := command("go", "build", "-o", spade, "../../cmd/spade"); err != nil {
		return err
	}
	for _, v := range variants {
		if err := command(spade, "-stacks="+v, "go", "build", "-o", filepath.Join(bin, v), "./testdata/cases"); err != nil {
			return err
		}
	}
	return command("go", "build", "-o", filepath.Join(bin, "stock"), "./testdata/cases")
}

func command(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	return nil
}

// run runs a case and returns its exit code and what it printed.
func run(t *testing.T, program, args string, env ...string) (code int, output string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(bin, program), strings.Fields(args)...)
	cmd.Env = append(os.Environ(), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("%s %s: still running after five minutes\n%s", program, args, out.String())
	}
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

const slot = "8388608" // bytes

func TestCases(t *testing.T) {
	const unchecked = 100000 // levels of deep that are more than a dense slot has room for
	for _, test := range []struct {
		args string
		env  string
		code int
		want string // a regular expression
	}{
		{"deep 1000", "", 0, `^500500\n$`},
		{"deep 1000000", "GOSPADE=report=1", 0, `^500000500000\n(.*\n)*spade: guards hit \d+: [1-9]\d* moved down`},
		{"goroutine 1000000", "", 0, `^500000500000\n$`},
		{"goroutine 1000000", "GOSPADE=slot=2m", 0, `^500000500000\n$`},
		{"dense 50000", "", 0, `^1250025000\n$`},
		{"dense 100000", "GOSPADE=slot=16m", 0, `^5000050000\n$`},
		{"medium 20", "", 0, `^21\n$`},
		{"medium 2000", "", 0, `^2001\n$`},
		{"large 10", "", 0, `^11\n$`},
		{"large 200", "GOSPADE=report=1", 0, `^201\n(.*\n)*spade: .*, [1-9]\d* moved;`},
		{"forever 30000000", "", 2, `^runtime: goroutine stack exceeds 30000000-byte limit\nruntime: sp=0x[0-9a-f]+ stack=\[0x[0-9a-f]+, 0x[0-9a-f]+\]\nfatal error: stack overflow\n(.*\n)*goroutine 1 .*\[running\]:\nmain\.deep\(.*\n\t.*main\.go:\d+ (.*\n)*\.\.\.\d+ frames elided\.\.\.\n(.*\n)*main\.main\(\)\n`},
		{"panics 0", "", 0, `^nil: runtime error: invalid memory address or nil pointer dereference\n` +
			`field: runtime error: invalid memory address or nil pointer dereference\ndivide: runtime error: integer divide by zero\n` +
			`index: runtime error: index out of range \[0\] with length 0\ncall: runtime error: invalid memory address or nil pointer dereference\n` +
			`fault: runtime error: invalid memory address or nil pointer dereference\nnested: bottom\n$`},
		{"guards " + slot, "", 0, `^above: runtime error: invalid memory address or nil pointer dereference\n` +
			`own: runtime error: invalid memory address or nil pointer dereference\n$`},
		{"address 74565", "", 2, `^unexpected fault address 0x12345\nfatal error: fault\n`},
		{"address 18", "", 2, `^panic: runtime error: invalid memory address or nil pointer dereference\n\[signal SIGSEGV: segmentation violation code=0x1 addr=0x12 `},
		{"collect 10", "", 0, `^collected\n$`},
		{"collect 10", "GOGC=1", 0, `^collected\n$`},
		{"preempt 20", "", 0, `^stopped\n$`},
		{"preempt 5", "GODEBUG=asyncpreemptoff=1", 0, `^spade: GODEBUG: asyncpreemptoff=1 ignored; .*\nstopped\n$`},
		{"signals 1000", "", 0, `^received true\n$`},
		{"exit 1000", "", 0, `^deferred\n$`},
		{"deep 10", "GOSPADE=stacks=copy", 0, `^spade: GOSPADE: stacks=copy ignored; .*\n55\n$`},
		{"deep 10", "GOSPADE=slot=3m", 0, `^spade: GOSPADE: slot=3m ignored; .*\n55\n$`},
		{"deep 10", "GOSPADE=poison", 0, `^spade: GOSPADE: unknown setting poison, .*\n55\n$`},
	} {
		for _, v := range variants {
			code, out := run(t, v, test.args, test.env)
			if code != test.code || !regexp.MustCompile(test.want).MatchString(out) {
				t.Errorf("%s %s %s: exit code %d, want %d and %q; got\n%s", v, test.args, test.env, code, test.code, test.want, head(out))
			}
		}
	}
	// At the very end of a stack, where only functions without checks come to.
	for args, want := range map[string]string{
		"room " + slot:  `^recovered true\n(.*\n)*spade: guards .* [1-9]\d* opened`,
		"child " + slot: `^started\n(.*\n)*spade: guards .* [1-9]\d* opened`,
	} {
		if code, out := run(t, "fault", args, "GOSPADE=report=1"); code != 0 || !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("fault %s: exit code %d, want %q; got\n%s", args, code, want, head(out))
		}
	}
	// What a recursion without checks is refused, one with checks gets.
	for v, want := range map[string]string{
		"fault": `^runtime: goroutine stack exceeds ` + slot + `-byte limit\n`, "fault-deep": `^5000050000\n`,
	} {
		if _, out := run(t, v, fmt.Sprint("dense ", unchecked)); !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("%s: dense %d: want %q; got\n%s", v, unchecked, want, head(out))
		}
	}
	if _, out := run(t, "fault-deep", "defers 200000", ""); out != "returned\n" {
		t.Errorf("fault-deep: defers: got\n%s", head(out))
	}
}

func head(out string) string {
	lines := strings.SplitAfterN(out, "\n", 30)
	return strings.Join(lines[:min(len(lines), 29)], "")
}

// A waiting goroutine costs a page of stack and a page of page table, and no mapping.
func TestParked(t *testing.T) {
	for _, v := range variants {
		code, out := run(t, v, "parked 100000")
		var rss, pte, mappings int
		if n, _ := fmt.Sscanf(out, "VmRSS %d\nVmPTE %d\nmappings %d\n", &rss, &pte, &mappings); code != 0 || n != 3 {
			t.Fatalf("%s: exit code %d\n%s", v, code, out)
		}
		if rss > 100000*6 || pte > 100000*5 || mappings > 20 {
			t.Errorf("%s: 100,000 goroutines take %d KiB, %d KiB of page tables and %d mappings", v, rss, pte, mappings)
		}
	}
}

// The pages of dead goroutines go back to the kernel.
func TestReleased(t *testing.T) {
	for _, v := range variants {
		code, out := run(t, v, "released 100")
		var rss int
		if n, _ := fmt.Sscanf(out, "VmRSS %d\n", &rss); code != 0 || n != 1 {
			t.Fatalf("%s: exit code %d\n%s", v, code, out)
		}
		if rss > 40<<10 {
			t.Errorf("%s: %d KiB resident after 100 goroutines of 2 MB each", v, rss)
		}
	}
}

// Checks are gone where they are said to be: deep calls itself, panics calls what it does not know, and wait neither.
func TestChecks(t *testing.T) {
	for _, test := range []struct{ program, function, checked string }{
		{"stock", "main.deep", "yes"}, {"stock", "main.large", "yes"}, {"stock", "main.wait", "yes"},
		{"fault", "main.deep", "no"}, {"fault", "main.large", "yes"}, {"fault", "main.wait", "no"}, {"fault", "runtime.mallocgc", "yes"},
		{"fault", "main.try", "no"}, {"fault", "reflect.Value.Elem", "yes"},
		{"fault-deep", "main.deep", "yes"}, {"fault-deep", "main.large", "yes"}, {"fault-deep", "main.wait", "no"},
		{"fault-deep", "main.try", "yes"},
	} {
		out, err := exec.Command("go", "tool", "objdump", "-s", "^"+regexp.QuoteMeta(test.function)+"$", filepath.Join(bin, test.program)).Output()
		if err != nil || !bytes.HasPrefix(out, []byte("TEXT ")) {
			t.Errorf("%s: no code of %s: %v", test.program, test.function, err)
			continue
		}
		if got := bytes.Contains(out, []byte("runtime.morestack")); got != (test.checked == "yes") {
			t.Errorf("%s: %s has a check: %v, want %s", test.program, test.function, got, test.checked)
		}
	}
}

// A program can't have more address space than the kernel gives it, and says so.
func TestRefused(t *testing.T) {
	out, _ := exec.Command("sh", "-c", "ulimit -v 4000000; exec "+filepath.Join(bin, "fault")+" deep 10").CombinedOutput()
	if want := "spade: this program was built with -stacks=fault and needs address space, "; !strings.HasPrefix(string(out), want) {
		t.Errorf("under ulimit -v: %s", out)
	}
}

// Builds of three kinds share a GOCACHE, and none takes what another has compiled.
func TestCache(t *testing.T) {
	dir := t.TempDir()
	spade := filepath.Join(bin, "spade")
	sum := func(name string, args ...string) [sha256.Size]byte {
		t.Helper()
		out := filepath.Join(dir, name)
		if err := command(args[0], append(args[1:], "-o", out, "./testdata/cases")...); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return sha256.Sum256(data)
	}
	builds := map[string][]string{
		"stock": {"go", "build"}, "fault": {spade, "-stacks=fault", "go", "build"}, "fault-deep": {spade, "-stacks=fault-deep", "go", "build"},
	}
	first := map[[sha256.Size]byte]string{}
	for name, args := range builds {
		first[sum(name, args...)] = name
	}
	if len(first) != len(builds) {
		t.Errorf("%d of %d binaries differ", len(first), len(builds))
	}
	for name, args := range builds {
		if got := first[sum(name, args...)]; got != name {
			t.Errorf("the second build of %s is the first of %q", name, got)
		}
	}
	cmd := exec.Command(spade, "-stacks=fault", "go", "build", "-x", "-o", filepath.Join(dir, "again"), "./testdata/cases")
	if out, err := cmd.CombinedOutput(); err != nil || bytes.Contains(out, []byte("/compile -o ")) {
		t.Errorf("a build in which nothing has changed compiles something: %v\n%s", err, head(string(out)))
	}
}

// Verify says which kind of binary it is.
func TestVerify(t *testing.T) {
	for v, want := range map[string]string{"fault": `strategies fault\(all\), default fault`, "fault-deep": `strategies fault\(deep\), default fault`} {
		out, err := exec.Command(filepath.Join(bin, "spade"), "verify", filepath.Join(bin, v)).CombinedOutput()
		if err != nil || !regexp.MustCompile(want).Match(out) {
			t.Errorf("%s: %v, %s; want %q", v, err, out, want)
		}
	}
}

// Threads of C's call back into Go, which goes deep.
func TestCgo(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("skipped: there is no gcc")
	}
	for _, v := range variants {
		out := "cgothread-" + v
		err := command(filepath.Join(bin, "spade"), "-stacks="+v, "go", "build", "-o", filepath.Join(bin, out), "../slots/testdata/cgothread")
		if err != nil {
			t.Fatal(err)
		}
		if code, output := run(t, out, "", "GOSPADE=slot=2m"); code != 0 {
			t.Errorf("%s: exit code %d\n%s", v, code, head(output))
		}
	}
}

// All that looks at stacks or moves them, at once, and slots so small that guards are hit.
func TestTorture(t *testing.T) {
	for _, v := range variants {
		out := "torture-" + v
		err := command(filepath.Join(bin, "spade"), "-stacks="+v, "go", "build", "-o", filepath.Join(bin, out), "../../lab/torture")
		if err != nil {
			t.Fatal(err)
		}
		code, output := run(t, out, "-for 20s -alive 1000", "GOSPADE=slot=2m,report=1")
		if code != 0 {
			t.Errorf("%s: exit code %d\n%s", v, code, head(output))
		}
		if v == "fault" && strings.Contains(output, "guards hit 0:") { // with fault-deep a check sees every recursion's end
			t.Errorf("no guard was hit\n%s", head(output))
		}
	}
}
