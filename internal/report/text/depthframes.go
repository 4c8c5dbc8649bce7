// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// A FramesWriter is a finding.Handler that collects findings on frames and writes them as tables when flushed.
type FramesWriter struct {
	finding.FramesReport
	out io.Writer
	top int
}

// NewFrames returns a FramesWriter to w of at most top functions; 0 or less means all.
func NewFrames(w io.Writer, top int) *FramesWriter { return &FramesWriter{out: w, top: top} }

// Flush writes how far estimates are from frames, and the functions where they are farthest.
func (w *FramesWriter) Flush() error {
	out := bufio.NewWriter(w.out)
	p, errors := w.Program, w.Errors()
	fmt.Fprintln(out, fold(fmt.Sprintf("%s, %s: the frames of %d functions, and estimates of them: the sizes of what the SSA form of the source allocates, added up.",
		p.Path, strings.TrimSpace(p.Go+" "+p.Machine), len(errors))))
	if len(errors) == 0 {
		return out.Flush()
	}
	quantile := func(part float64) int64 { return errors[int(part*float64(len(errors)-1))] }
	fmt.Fprintf(out, "\nEstimate less frame, in bytes\n%9s %9s %9s %9s %9s %9s %9s\n", "least", "5%", "25%", "median", "75%", "95%", "most")
	for _, part := range []float64{0, .05, .25, .5, .75, .95, 1} {
		fmt.Fprintf(out, "%9d ", quantile(part))
	}
	fmt.Fprintf(out, "\n\n%s of the estimates are right, %s are off by a tenth of the frame or less, %s by half of it or less.\n",
		finding.Percent(w.Within(0)), finding.Percent(w.Within(.1)), finding.Percent(w.Within(.5)))
	fmt.Fprintf(out, "\n%9s %9s %9s  %s\n", "frame", "estimate", "error", "function")
	for i, f := range w.Worst() {
		if i == w.top && w.top > 0 {
			fmt.Fprintf(out, "%9s and %d more; -top 0 shows all\n", "", len(errors)-i)
			break
		}
		fmt.Fprintf(out, "%9d %9d %+9d  %s  %s\n", f.Bytes, f.Estimate, f.Error(), f.Func, f.At)
	}
	return out.Flush()
}
