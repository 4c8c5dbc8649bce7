// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"errors"
	"fmt"

	"github.com/spadego/spade/internal/depth"
)

// exitStale is for assertions in the source that say nothing of the program any more.
const exitStale = 3

// judged returns the exit code for an error of an analysis. If that is about stale assertions, it says which.
func (c *Command) judged(err error) (int, error) {
	var e *depth.AssertionError
	if !errors.As(err, &e) || !e.Stale {
		return exitOK, err
	}
	for _, problem := range e.Problems {
		fmt.Fprintf(c.Stderr, "spade: depth: %s\n", problem)
	}
	fmt.Fprintln(c.Stderr, "Take the comment out, or put it where the call or the recursion is now.")
	return exitStale, nil
}
