// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// A command is a child process with a bound on its time. At the bound the whole process group is
// killed: go test, the test binary, and what that started.
type command struct {
	Dir     string
	Env     []string // complete
	Args    []string
	Timeout time.Duration
	Stdin   io.Reader
}

// errTimeout is part of the error of a command that was killed at its bound.
var errTimeout = errors.New("ran into its time limit and was killed")

// run starts the command with the writers given, waits, and returns its exit code (-1: killed or not started).
func (c command) run(ctx context.Context, stdout, stderr io.Writer) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Args[0], c.Args[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdin = c.Dir, c.Env, c.Stdin
	if c.Dir != "" {
		cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], "PWD="+c.Dir)
	}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	if ctx.Err() == context.DeadlineExceeded {
		return -1, fmt.Errorf("%s: %w after %v", strings.Join(c.Args, " "), errTimeout, c.Timeout)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	if errors.Is(err, exec.ErrWaitDelay) { // a grandchild kept a pipe open: the exit code stands
		return cmd.ProcessState.ExitCode(), nil
	}
	if err != nil {
		return -1, fmt.Errorf("%s: %w", strings.Join(c.Args, " "), err)
	}
	return 0, nil
}

// combined runs the command and returns stdout and stderr in one.
func (c command) combined(ctx context.Context) (string, int, error) {
	var buf bytes.Buffer
	code, err := c.run(ctx, &buf, &buf)
	return buf.String(), code, err
}

// output runs the command and returns its stdout; an exit code other than 0 is an error that carries the output.
func (c command) output(ctx context.Context) (string, error) {
	var out, errb bytes.Buffer
	code, err := c.run(ctx, &out, &errb)
	if err == nil && code != 0 {
		err = fmt.Errorf("%s: exit code %d", strings.Join(c.Args, " "), code)
	}
	if err != nil {
		return out.String(), fmt.Errorf("%w\n%s%s", err, lastBytes(out.String(), 4<<10), lastBytes(errb.String(), 8<<10))
	}
	return out.String(), nil
}
