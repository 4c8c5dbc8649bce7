// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/spadego/spade/internal/depth"
	"github.com/spadego/spade/internal/gotool"
)

// writeHints is "spade depth -write-hints".
func (c *Command) writeHints(f *depthFlags, analysis *depth.Analysis) error {
	hints, unbounded, elsewhere := analysis.Hints(f.margin)
	lines := map[string]map[int]int64{} // by file
	tooLarge := 0
	for _, h := range hints {
		if lines[h.At.File] == nil {
			lines[h.At.File] = map[int]int64{}
		}
		switch {
		case h.Bytes > gotool.MaxHint:
			tooLarge++
			h.Bytes = gotool.MaxHint
		case h.Bytes == gotool.SmallestStack:
			h.Bytes = 0
		}
		lines[h.At.File][int(h.At.Line)] = h.Bytes
	}
	changed := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		old, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		text, err := gotool.WriteHints(name, old, lines[name])
		switch {
		case err != nil:
			return err
		case bytes.Equal(text, old):
		case f.diff:
			c.Stdout.Write(diff.Diff(name, old, name+" with hints", text))
		default:
			changed[name] = text
		}
	}
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		if err := os.WriteFile(name, changed[name], 0o666); err != nil {
			return err
		}
	}
	if !f.diff {
		fmt.Fprintf(c.Stdout, "files changed: %d\n", len(changed))
	}
	for _, left := range []struct {
		n   int
		why string
	}{
		{unbounded, "have no bound"},
		{elsewhere, "are started and enter outside of the main module, or by way of a function that starts others too"},
		{tooLarge, fmt.Sprintf("need more than the largest hint, %s, which they get", gotool.FormatSize(gotool.MaxHint))},
	} {
		if left.n > 0 {
			fmt.Fprintf(c.Stderr, "spade: entries that %s: %d\n", left.why, left.n)
		}
	}
	return nil
}
