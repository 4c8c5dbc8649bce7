// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test's executable stand in for workload programs, under
// their names.
func TestMain(m *testing.M) {
	switch strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") {
	case "deep": // crashes in place
		if os.Getenv("GOSPADE") == "stacks=inplace" {
			fmt.Fprintln(os.Stderr, "fatal error: a test's crash")
			os.Exit(2)
		}
		fmt.Println("BenchmarkDeep/4KB-2 10 100 ns/op 200 cpu-ns/op 0 inplace")
	case "mixed": // never ends in place
		if os.Getenv("GOSPADE") == "stacks=inplace" {
			time.Sleep(time.Minute)
		}
		fmt.Println("BenchmarkMixed/10/16KB-2 10 100 ns/op 200 cpu-ns/op 0 inplace")
	case "park": // forgets to print a result in place
		if os.Getenv("GOSPADE") != "stacks=inplace" {
			fmt.Println("BenchmarkPark/10KB/bottom-2 10 100 ns/op 200 cpu-ns/op 0 inplace")
		}
	case "root-test-stock":
		standInTest(os.Args[1])
	case "valgrind": // counts in proportion to the operations, as -n has them at the end
		n, err := strconv.Atoi(os.Args[len(os.Args)-1])
		if err != nil || os.Args[1] != "--tool=callgrind" {
			os.Exit(2)
		}
		fmt.Fprintf(os.Stderr, "==1== Collected : %d %d %d 0 %d %d 0 0 0\n", 1000+100*n, 500+30*n, 300+20*n, 40+3*n, 7+2*n)
	case "languages-c":
		fmt.Fprintln(os.Stderr, "needs another machine")
		os.Exit(exitSkipped)
	case "languages-stock", "languages":
		fmt.Println("BenchmarkLanguages/add-2 10 100 ns/op 200 cpu-ns/op 0 inplace")
	default:
		os.Exit(m.Run())
	}
}

// standInTest stands in for the tests that are facts.
func standInTest(selected string) {
	switch strings.TrimPrefix(selected, "-test.run=^TestArticleEvidence$/") {
	case "^ring$":
		fmt.Println("=== ATTR  TestArticleEvidence/ring words 2.5\n    --- PASS: TestArticleEvidence/ring (0.00s)")
	case "^newproc$":
		fmt.Println("    --- FAIL: TestArticleEvidence/newproc (0.00s)")
		os.Exit(1)
	case "^select$":
		fmt.Println("    --- SKIP: TestArticleEvidence/select (0.00s)")
	default:
		fmt.Println("testing: warning: no tests to run")
	}
}

// runLab runs the lab with args and returns what it printed.
func runLab(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, diagnostics bytes.Buffer
	c := Command{Args: args, Environ: os.Environ(), Spade: []string{"go"}, Stdout: &out, Stderr: &diagnostics, shrink: 1000}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	status = c.Run(ctx)
	return status, out.String(), diagnostics.String()
}

// standIns returns a directory where the test's executable has the names of
// programs.
func standIns(t *testing.T, programs ...string) string {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	for _, program := range programs {
		if err := os.Symlink(executable, Workload{Program: program}.programPath(bin, inPlaceLane)); err != nil {
			t.Skipf("skipped: needs symbolic links: %v", err)
		}
	}
	return bin
}

func TestBrokenLaneStaysVisible(t *testing.T) {
	for _, test := range []struct{ program, pattern, message string }{
		{"deep", "^Deep/4KB$", "exit status 2: fatal error: a test's crash"},
		{"mixed", "^Mixed/", "took longer than 300ms"},
		{"park", "^Park/10KB/bottom$", "printed no result"},
	} {
		t.Run(test.program, func(t *testing.T) {
			bin := standIns(t, test.program)
			raw := filepath.Join(t.TempDir(), "raw.txt")
			status, stdout, stderr := runLab(t, "run", "-n", "2", "-timeout", "300ms", "-bin", bin, "-o", raw, test.pattern)
			if status != exitFailed {
				t.Errorf("exit status %d, want %d\n%s", status, exitFailed, stderr)
			}
			for _, want := range []string{"crashed", "inplace crashed", "no sample 2 times", test.message} {
				if !strings.Contains(stdout, want) {
					t.Errorf("no %q in\n%s", want, stdout)
				}
			}
			if _, again, _ := runLab(t, "compare", raw); again != stdout {
				t.Errorf("compare prints\n%s\nand run printed\n%s", again, stdout)
			}
		})
	}
}

func TestInterruptedRunPrintsItsTable(t *testing.T) {
	bin := standIns(t, "deep", "mixed")
	var stdout, stderr bytes.Buffer
	c := Command{
		Args:    []string{"run", "-n", "1", "-bin", bin, "^Deep/4KB$|^Mixed/"},
		Environ: os.Environ(), Stdout: &stdout, Stderr: &stderr,
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if status := c.Run(ctx); status != exitFailed {
		t.Errorf("exit status %d, want %d\n%s", status, exitFailed, &stderr)
	}
	for _, want := range []string{"Deep/4KB", "interrupted"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("no %q in\n%s", want, &stdout)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "say what to do"},
		{[]string{"dig"}, "no command"},
		{[]string{"list", "a", "b"}, "one pattern"},
		{[]string{"list", "-long"}, "not defined: -long"},
		{[]string{"run", "-samples", "3"}, "not defined: -samples"},
		{[]string{"run", "a", "b"}, "one pattern"},
		{[]string{"run", "("}, "no regular expression"},
		{[]string{"run", "Nothing"}, "spade lab list"},
		{[]string{"run", "-counts", "Deep"}, "no workload with -counts"},
		{[]string{"run", "-bin", "x", "-go", "go1.27.4"}, "-bin"},
		{[]string{"run", "-bin", t.TempDir(), "Deep"}, "spade go build -o"},
		{[]string{"run", "-n", "-1"}, "-n -1"},
		{[]string{"run", "-o", filepath.Join(t.TempDir(), "no", "file"), "Deep"}, "-o:"},
		{[]string{"compare"}, "needs files"},
		{[]string{"compare", os.DevNull}, "no samples"},
	} {
		status, stdout, stderr := runLab(t, test.args...)
		if status != exitUsage || !strings.Contains(stderr, test.want) || stdout != "" {
			t.Errorf("%q: exit status %d, stdout %q, stderr %q: want %d and %q", test.args, status, stdout, stderr, exitUsage, test.want)
		}
	}
}

func TestOutsideACheckout(t *testing.T) {
	var stdout, stderr bytes.Buffer
	c := Command{Args: []string{"run", "Deep"}, Dir: t.TempDir(), Environ: os.Environ(), Spade: []string{"go"}, Stdout: &stdout, Stderr: &stderr}
	if status := c.Run(context.Background()); status != exitUsage || !strings.Contains(stderr.String(), "inside a checkout") {
		t.Errorf("exit status %d, stderr %s", status, &stderr)
	}
}
