// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import "github.com/spadego/spade/internal/lab"

// lab is "spade lab ...".
func (c *Command) lab(args []string) (int, error) {
	return lab.Main(args, c.Stdin, c.Stdout, c.Stderr), nil
}
