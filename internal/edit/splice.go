// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A splice replaces data[start:end] by text, which has as many newlines.
type splice struct {
	start, end int
	text       string
	rank       rank
	by         string // the action, for messages
}

// A rank orders insertions at one offset. Within a rank, the order is that of
// declaration.
type rank int

const (
	closesExpr rank = iota // ends what was begun before the offset
	afterStmt
	opensBody
	beforeStmt
	opensExpr
	replaces
)

// sortSplices puts splices in order of application and returns an error that
// names the first two that overlap.
func sortSplices(splices []splice) error {
	slices.SortStableFunc(splices, func(a, b splice) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.rank, b.rank))
	})
	for i := 1; i < len(splices); i++ {
		a, b := splices[i-1], splices[i]
		wraps := a.rank == opensExpr || a.rank == closesExpr
		if b.start < a.end || b.start == a.start && wraps && a.rank == b.rank {
			return fmt.Errorf("%s and %s change the same text", a.by, b.by)
		}
	}
	return nil
}

// splicedText carries out sorted splices on data[start:end].
func splicedText(data []byte, start, end int, splices []splice) []byte {
	var b bytes.Buffer
	b.Grow(end - start + 64*len(splices))
	for _, s := range splices {
		b.Write(data[start:s.start])
		b.WriteString(s.text)
		start = s.end
	}
	b.Write(data[start:end])
	return b.Bytes()
}

// keepsLines reports whether s leaves the number of every later line as it is.
func (s splice) keepsLines(data []byte) bool {
	return strings.Count(s.text, "\n") == bytes.Count(data[s.start:s.end], []byte("\n"))
}

// blank returns text with everything but its line structure made blank.
func blank(text []byte) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return r
		}
		return ' '
	}, string(text))
}
