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
	return run.with(firstResult(strings.NewReader(text)))
}

// ended is what is left of a program that has run.
type ended struct {
	stdout, stderr string
	cpu            time.Duration // of the process and its children, user and system
	memory         memoryUse
	counts         map[string]int64 // of processorEvents, those that there are
}

// memoryUse is how a process came by its memory. What it had at most is not known from outside: the kernel's figure has in it what
// this process had when it made that one.
type memoryUse struct {
	known  bool
	faults int64 // pages that it got without reading
	reads  int64 // faults that had to read a file
}

func (m *memoryUse) add(other memoryUse) {
	m.known = other.known
	m.faults += other.faults
	m.reads += other.reads
}

// figures returns the memory as part of a line of the benchmark format, for n operations.
func (m memoryUse) figures(n int) string {
	if !m.known {
		return ""
	}
	return fmt.Sprintf(" %g minflt/op %g majflt/op", float64(m.faults)/float64(n), float64(m.reads)/float64(n))
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
	counts, err := runCounted(cmd, processorEvents)
	switch {
	case err == nil:
		state := cmd.ProcessState
		return ended{out.String(), diagnostics.String(), state.UserTime() + state.SystemTime(), memoryUseOf(state), counts}, nil
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

// surroundings returns environ with what the lane adds to it, and GOSPADE choosing its strategy.
func (l Lane) surroundings(environ []string) []string {
	if l.Stacks == "" {
		return slices.Concat(environ, l.Environ)
	}
	return slices.Concat(environ, l.Environ, []string{"GOSPADE=stacks=" + l.Stacks})
}
