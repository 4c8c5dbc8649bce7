// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"strings"

	"github.com/spadego/spade/internal/gotool"
)

// goCommand is "spade go ...".
func (c *Command) goCommand(args []string) (int, error) {
	t, err := c.tool()
	if err != nil {
		return 0, err
	}
	return t.Run(args)
}

// tool returns what runs go commands for this user.
func (c *Command) tool() (*gotool.Tool, error) {
	cache, err := gotool.OpenCache(c.getenv("SPADECACHE"))
	if err != nil {
		return nil, err
	}
	edits, err := gotool.RuntimeEdits()
	if err != nil {
		return nil, err
	}
	return c.faultTool(&gotool.Tool{
		Cache: cache, Edits: edits, Version: ownVersion(), Dir: c.Dir, Env: c.Env,
		Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr,
	})
}

func (c *Command) getenv(name string) string {
	for i := len(c.Env) - 1; i >= 0; i-- {
		if value, found := strings.CutPrefix(c.Env[i], name+"="); found {
			return value
		}
	}
	return ""
}
