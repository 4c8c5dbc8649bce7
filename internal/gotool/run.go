// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"time"
)

// Run runs the go command line args (without the word "go") on spade's runtime and returns the go command's exit code. An error
// means that spade itself could not do its part: a *ProofError that the result is not spade's.
func (t *Tool) Run(args []string) (code int, err error) {
	inv := parse(args)
	if !slices.Contains(takesOverlay, inv.name) || asksForHelp(inv) {
		return t.passThrough(args)
	}
	p, err := t.plan(inv)
	if err != nil {
		return 0, err
	}
	if err := t.findHints(p); err != nil {
		return 0, err
	}
	t.noteTarget(p)
	proofs := newProver(t, p)
	if err := proofs.before(); err != nil {
		return 0, err
	}
	start := time.Now()
	code, err = t.exec(p.goTool.Command, p.args(), p.env)
	if err != nil || code != 0 {
		return code, err
	}
	return 0, proofs.after(start)
}

// asksForHelp reports whether the go command will print its usage and do nothing.
func asksForHelp(inv invocation) bool {
	_, h := inv.last("h")
	_, help := inv.last("help")
	return (h || help) && inv.name != "test"
}

// passThrough runs the user's go command as it is.
func (t *Tool) passThrough(args []string) (code int, err error) {
	path, err := Find()
	if err != nil {
		return 0, err
	}
	env, err := deeper(t.Env, path)
	if err != nil {
		return 0, err
	}
	return t.exec(path, args, env)
}

// exec runs a command on the user's terminal and returns its exit code: 128 and more is the number of the signal that ended it.
func (t *Tool) exec(path string, args, env []string) (code int, err error) {
	cmd := exec.Command(path, args...)
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = t.Stdin, t.Stdout, t.Stderr

	// From here on signals are the command's: this process outlives it, to return its exit code.
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, passedOn...)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	done := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-signals:
				if !reachedByTerminal(s) {
					cmd.Process.Signal(s)
				}
			case <-done:
				return
			}
		}
	}()
	err = cmd.Wait()
	close(done)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exitCode(exit.ProcessState), nil
	}
	return 0, err
}
