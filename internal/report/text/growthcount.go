// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

func (w *Writer) countHeading(out io.Writer) {
	for i, c := range []*finding.Counts{w.counts.New, w.counts.Base} {
		if c != nil {
			against := [2]string{"", "against "}[i]
			fmt.Fprintf(out, "%s%d %s of growths\n", against, c.Profiles, plural(c.Profiles, "profile"))
		}
	}
}

func plural(n int64, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// countRows writes one table of who grew.
func (w *Writer) countRows(out io.Writer, by, title string) {
	rows := w.counts.Rows(by)
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(out, "\nWho grew, by %s\n", title)
	if w.counts.Base != nil {
		fmt.Fprintf(out, "%10s ", "base")
	}
	fmt.Fprintf(out, "%10s %9s %10s %8s %9s\n", "growths", "in place", "copied", "time", "reaching")
	for i, row := range rows {
		if i == w.top && w.top > 0 {
			fmt.Fprintf(out, "%10s and %d more; -top 0 shows all\n", "", len(rows)-i)
			break
		}
		c, g := row.Counter(), row.Of(finding.New)
		if w.counts.Base != nil {
			fmt.Fprintf(out, "%10d ", row.Of(finding.Base).Growths)
		}
		name := strings.TrimRight(c.Name+"  "+c.Place(), " ")
		if c.System {
			name += "  (the runtime's own)"
		}
		fmt.Fprintf(out, "%10d %9d %10s %8s %9s  %s\n", g.Growths, g.InPlace, finding.Bytes(g.Copied), finding.Took(g.Nanos), finding.Bytes(c.Reach), name)
	}
}
