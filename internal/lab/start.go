// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"
)

// A start is one run of a program that is to give one sample.
type start struct {
	argv    []string
	dir     string // "" is the current one
	environ []string
	config  []string // "key: value" lines that describe the sample
	timeout time.Duration
}

// sample starts the program and returns the result that it printed, with the
// configuration added. A program that fails, takes too long or prints no result
// is an error whose first line says which.
func (s start) sample(ctx context.Context) (*benchfmt.Result, error) {
	run, err := s.output(ctx)
	if err != nil {
		return nil, err
	}
	text := strings.Join(s.config, "\n") + "\n" + run.stdout
	return firstResult(strings.NewReader(text))
}

// ended is what is left of a program that has run.
type ended struct {
	stdout, stderr string
	cpu            time.Duration // of the process and its children, user and system
}

// output starts the program and waits for its end.
func (s start) output(ctx context.Context) (ended, error) {
	limited, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	cmd := exec.CommandContext(limited, s.argv[0], s.argv[1:]...)
	cmd.Env, cmd.Dir = s.environ, s.dir
	cmd.WaitDelay = time.Second
	var out, diagnostics bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diagnostics
	err := cmd.Run()
	switch {
	case err == nil:
		return ended{out.String(), diagnostics.String(), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
	case ctx.Err() != nil:
		return ended{}, ctx.Err()
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		return ended{}, fmt.Errorf("took longer than %v", s.timeout)
	}
	return ended{}, fmt.Errorf("%w: %s", err, firstLine(diagnostics.String()))
}

// firstResult returns the only result in what a program printed.
func firstResult(r io.Reader) (*benchfmt.Result, error) {
	reader := benchfmt.NewReader(r, "output")
	for reader.Scan() {
		switch record := reader.Result().(type) {
		case *benchfmt.Result:
			return record.Clone(), nil
		case *benchfmt.SyntaxError:
			return nil, record
		}
	}
	if err := reader.Err(); err != nil {
		return nil, err
	}
	return nil, errors.New("printed no result")
}

// firstLine returns the first line of text that isn't empty.
func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return "no message"
}

// withStacks returns environ with GOSPADE choosing the strategy stacks.
func withStacks(environ []string, stacks string) []string {
	return slices.Concat(environ, []string{"GOSPADE=stacks=" + stacks})
}
