// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"fmt"

	"github.com/spadego/spade/internal/gotool"
)

// clean is "spade clean".
func (c *Command) clean(args []string) (int, error) {
	if len(args) > 0 {
		return 0, &usageError{"clean", "takes no arguments"}
	}
	cache, err := gotool.OpenCache(c.getenv("SPADECACHE"))
	if err != nil {
		return 0, err
	}
	removed, err := cache.Clean()
	for _, path := range removed {
		fmt.Fprintf(c.Stdout, "removed %s\n", path)
	}
	return exitOK, err
}
