// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spadego/spade/internal/gotool"
)

// takeStacks takes the flag -stacks, which stands in front of "go", from the arguments.
func (c *Command) takeStacks(args []string) (rest []string, err error) {
	value, rest, found := leading(args, "stacks")
	switch {
	case !found:
		return args, nil
	case value == "fault":
		c.checks = "all"
	case value == "fault-deep":
		c.checks = "deep"
	case value == gotool.RetainStrategy:
		c.retain = true
	case value == "inplace" || value == "copy":
		return nil, &usageError{"-stacks", fmt.Sprintf("a program chooses %s when it starts: GOSPADE=stacks=%s", value, value)}
	default:
		return nil, &usageError{"-stacks", fmt.Sprintf("has the values fault, fault-deep and retain, not %q", value)}
	}
	if len(rest) == 0 || rest[0] != "go" {
		return nil, &usageError{"-stacks", "goes with spade go: spade -stacks=" + value + " go build ./..."}
	}
	return rest, nil
}

// leading returns the value of the flag called name, if it is the first of args, and what follows it.
func leading(args []string, name string) (value string, rest []string, found bool) {
	if len(args) == 0 {
		return "", args, false
	}
	flag, value, assigned := strings.Cut(args[0], "=")
	switch {
	case flag != "-"+name && flag != "--"+name:
		return "", args, false
	case assigned:
		return value, args[1:], true
	case len(args) == 1:
		return "", nil, true
	}
	return args[1], args[2:], true
}

// faultTool makes t, which builds stacks that grow in place, one that builds what -stacks asks for.
func (c *Command) faultTool(t *gotool.Tool) (*gotool.Tool, error) {
	if c.retain {
		var err error
		t.Retain = true
		t.Edits, err = gotool.RetainEdits()
		return t, err
	}
	if c.checks == "" {
		return t, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding spade's own executable for the go command: %w", err)
	}
	t.Fault = &gotool.Fault{Checks: c.checks, Self: self}
	t.Edits, t.Fault.Tools, err = gotool.FaultEdits()
	return t, err
}

// runTool stands in for a tool of the go command's.
func (c *Command) runTool(args []string) int {
	code, err := gotool.RunTool(args, c.Env, c.Stdin, c.Stdout, c.Stderr)
	if err != nil {
		return c.report(err)
	}
	return code
}
