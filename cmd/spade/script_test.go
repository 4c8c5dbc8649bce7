// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// commands are what the scripts have beside testscript's own.
var commands = map[string]func(*testscript.TestScript, bool, []string){
	"code":   cmdCode,
	"damage": cmdDamage,
	"files":  cmdFiles,
	"frames": cmdFrames,
	"list":   cmdList,
	"tree":   cmdTree,
}

// cmdCode is "code N program [args...]": the program must exit with N.
func cmdCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N program [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s ended with exit code %d, want %d", args[1], got, want)
	}
}

// cmdFiles is "files DIR N": DIR must hold N files.
func cmdFiles(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: files dir n")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := strconv.Itoa(len(entries)); got != args[1] {
		ts.Fatalf("%s holds %s files, want %s", args[0], got, args[1])
	}
}

// cmdDamage is "damage DIR": it cuts the files in DIR in half.
func cmdDamage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: damage dir")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, e := range entries {
		info, err := e.Info()
		ts.Check(err)
		ts.Check(os.Truncate(filepath.Join(ts.MkAbs(args[0]), e.Name()), info.Size()/2))
	}
}

// cmdTree is "tree DIR": it makes DIR a GOROOT in which package runtime's files are separate links to those of $ROOT, so that one
// can be replaced.
func cmdTree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: tree dir")
	}
	for _, dir := range []string{".", "src", "src/runtime"} {
		from, to := filepath.Join(ts.Getenv("ROOT"), dir), filepath.Join(ts.MkAbs(args[0]), dir)
		ts.Check(os.MkdirAll(to, 0o777))
		entries, err := os.ReadDir(from)
		ts.Check(err)
		for _, e := range entries {
			if own := filepath.ToSlash(filepath.Join(dir, e.Name())); own != "src" && own != "src/runtime" {
				ts.Check(os.Symlink(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())))
			}
		}
	}
}

// cmdList is "list FILE DIR...": FILE gets a line for each file below the directories, with its size and time of modification.
func cmdList(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: list file dir...")
	}
	var lines strings.Builder
	for _, dir := range args[1:] {
		ts.Check(filepath.Walk(ts.MkAbs(dir), func(path string, info os.FileInfo, err error) error {
			if err == nil {
				fmt.Fprintln(&lines, path, info.Mode(), info.Size(), info.ModTime().UnixNano())
			}
			return err
		}))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(lines.String()), 0o666))
}

// stockFrame is a line of a traceback that names a line of package runtime or sync.
var stockFrame = regexp.MustCompile(`^\t.*/src/((?:runtime|internal/runtime|sync|internal/sync)/\S+\.go:[0-9]+)`)

// cmdFrames is "frames [-user] ARG": ./stock and ./spade crash when run with ARG, and the goroutine that crashes, or waits as the
// first one, has the same lines of Go's own files on its stack, and so has the system stack below it. With -user the system stack is
// left out: the scheduler finds a deadlock by one of several ways. The lines are printed to stdout.
func cmdFrames(ts *testscript.TestScript, neg bool, args []string) {
	user := len(args) > 0 && args[0] == "-user"
	if user {
		args = args[1:]
	}
	if neg || len(args) != 1 {
		ts.Fatalf("usage: frames [-user] arg")
	}
	stock, spade := crashFrames(ts, "./stock", args[0], user), crashFrames(ts, "./spade", args[0], user)
	if stock == "" || stock != spade {
		ts.Fatalf("the frames differ:\nstock:\n%s\nspade:\n%s", stock, spade)
	}
	ts.Check(ts.Exec("echo", stock))
}

// crashFrames stops at the second goroutine: what the others do at that moment is up to chance.
func crashFrames(ts *testscript.TestScript, program, arg string, user bool) string {
	if ts.Exec(program+ts.Getenv("exe"), arg) == nil {
		ts.Fatalf("%s %s did not crash", program, arg)
	}
	var frames []string
	goroutines := 0
	for line := range strings.Lines(ts.ReadFile("stderr")) {
		if strings.HasPrefix(line, "goroutine ") {
			goroutines++
		}
		wanted := goroutines == 1 || goroutines == 0 && !user
		if m := stockFrame.FindStringSubmatch(line); m != nil && wanted {
			frames = append(frames, m[1])
		}
	}
	return strings.Join(frames, "\n")
}

// condition decides the conditions that the scripts have beside testscript's own.
func condition(cond string) (bool, error) {
	name, arg, _ := strings.Cut(cond, ":")
	switch name {
	case "toolchain":
		return fetched(arg, "go", "version")
	case "package":
		return fetched("", "go", "install", "-n", arg)
	case "root":
		return os.Geteuid() == 0, nil
	case "goroottest":
		_, err := os.Stat(filepath.Join(host.GOROOT, "test", "235.go"))
		return err == nil, nil
	case "mount":
		return exec.Command("unshare", "-m", "mount", "-t", "tmpfs", "none", os.TempDir()).Run() == nil, nil
	}
	return false, fmt.Errorf("unknown condition %q", cond)
}

// fetched reports whether a go command that may have to download something succeeds, under GOTOOLCHAIN=toolchain if that is not empty.
// Where CI is true it is an error if not: a skipped script would pass for one that was run.
func fetched(toolchain string, command ...string) (bool, error) {
	cmd := exec.Command(command[0], command[1:]...)
	if toolchain != "" {
		cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+toolchain)
	}
	out, err := cmd.CombinedOutput()
	if err != nil && os.Getenv("CI") == "true" {
		return false, fmt.Errorf("GOTOOLCHAIN=%s %q fails, and CI=true: %v\n%s", toolchain, command, err, out)
	}
	return err == nil, nil
}
