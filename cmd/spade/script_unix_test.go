// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build unix

package main

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func init() {
	commands["ctrlc"] = cmdCtrlC
}

// cmdCtrlC is "ctrlc FILE OUTPUT [args...]": once FILE exists, spade, which was started with the arguments, and what it has started get
// SIGINT, as a terminal sends it. What they print goes to OUTPUT. spade must fail.
func cmdCtrlC(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: ctrlc file output [args...]")
	}
	file, output := ts.MkAbs(args[0]), ts.MkAbs(args[1])
	cmd := exec.Command(ts.Getenv("SPADE"), args[2:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, key := range append(slices.Collect(maps.Keys(scriptEnv(""))), "PATH", "TMPDIR") {
		cmd.Env = append(cmd.Env, key+"="+ts.Getenv(key))
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	ts.Check(cmd.Start())
	for tries := 0; ; tries++ {
		if _, err := os.Stat(file); err == nil {
			break
		}
		if tries == 6000 {
			syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			cmd.Wait()
			ts.Fatalf("no %s after a minute\n%s", file, out.String())
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Check(syscall.Kill(-cmd.Process.Pid, syscall.SIGINT))
	err := cmd.Wait()
	ts.Check(os.WriteFile(output, out.Bytes(), 0o666))
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		ts.Fatalf("spade %q: %v, want it to fail\n%s", args[2:], err, out.String())
	}
}
