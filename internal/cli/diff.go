// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/gotool"
)

// diff is "spade diff [FILE...]".
func (c *Command) diff(args []string) (int, error) {
	t, err := c.tool()
	if err != nil {
		return 0, err
	}
	changes, err := t.Diff()
	if err != nil {
		return 0, err
	}
	for _, name := range args {
		if strings.HasPrefix(name, "-") {
			return 0, &usageError{"diff", "has no flag " + name}
		}
		if !slices.ContainsFunc(changes, func(f gotool.FileDiff) bool { return f.Name == name }) {
			return 0, &usageError{"diff", fmt.Sprintf("spade does not change %s; without arguments it prints all that it changes", name)}
		}
	}
	for _, f := range changes {
		if len(args) == 0 || slices.Contains(args, f.Name) {
			c.Stdout.Write(f.Text)
		}
	}
	return exitOK, nil
}
