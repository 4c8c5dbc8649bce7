// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// An ObservedWriter is a finding.Handler that collects what was observed of goroutines and writes it as a table by Write. Flush does
// nothing, since there may be more programs.
type ObservedWriter struct {
	finding.ObservedReport
	out io.Writer
	top int
}

// NewObserved returns an ObservedWriter to w of at most top rows; 0 or less means all.
func NewObserved(w io.Writer, top int) *ObservedWriter { return &ObservedWriter{out: w, top: top} }

// Flush does nothing.
func (w *ObservedWriter) Flush() error { return nil }

// Write writes the table: violations first, then those that used most of their bound.
func (w *ObservedWriter) Write() error {
	out := bufio.NewWriter(w.out)
	bounded, violations := w.Bounded()
	kinds := 0
	for _, o := range w.Observed {
		if o.Broken == "" {
			kinds++
		}
	}
	fmt.Fprintln(out, fold(fmt.Sprintf("Programs: %d. Kinds of goroutines that were observed, by first function and go statement: %d. With a bound: %d. Above it, or not foreseen: %d.",
		len(w.Programs), kinds, bounded, violations)))
	if ratio := w.Ratio(); ratio > 0 {
		fmt.Fprintf(out, "Median of bound ÷ observed, without the runtime's own: %.2f.\n", ratio)
	}
	w.writeFrames(out)
	fmt.Fprintf(out, "\n%9s %9s %-11s  %s\n", "observed", "bound", "status", "entry")
	order := make([]int, len(w.Observed))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := w.Observed[i], w.Observed[j]
		return cmp.Or(rank(a)-rank(b), cmp.Compare(used(b), used(a)), cmp.Compare(a.Func, b.Func))
	})
	for n, i := range order {
		o := w.Observed[i]
		if n >= w.top && w.top > 0 && !o.Violation {
			fmt.Fprintf(out, "%9s and %d more; -top 0 shows all\n", "", len(order)-n)
			break
		}
		status := cmp.Or(string(o.Status), "not foreseen")
		if o.Broken != "" {
			status = "asserted"
			if len(o.Assertions) == 0 {
				fmt.Fprintf(out, "%31s  %s (%s)  <- an error of the analysis\n", "", o.Broken, w.Program(i).Path)
				continue
			}
		}
		line := fmt.Sprintf("%9d %9d %-11s  %s  %s (%s)", o.Bytes, o.Bound, status, o.Func, o.Site, w.Program(i).Path)
		if names := o.Names; len(names) > 1 || len(names) == 1 && names[0] != o.Func {
			line += ", for " + strings.Join(names[:min(3, len(names))], ", ")
		}
		switch {
		case o.Violation && len(o.Assertions) > 0:
			line += "  <- " + cmp.Or(o.Broken, "more than what is asserted allows") + ":"
			for _, a := range o.Assertions {
				line += fmt.Sprintf("\n%9s %s, %s", "", a.Text, a.At)
			}
		case o.Violation:
			line += "  <- an error of the analysis"
		}
		fmt.Fprintln(out, line)
	}
	return out.Flush()
}

// writeFrames writes what was compared call by call.
func (w *ObservedWriter) writeFrames(out io.Writer) {
	f := &w.Frames
	if f.Stacks+f.Lost == 0 {
		return
	}
	text := fmt.Sprintf("Deepest stacks: %d. %d of %d frames as predicted.", f.Stacks, f.Same, f.Frames)
	for _, u := range f.Unchecked {
		text += fmt.Sprintf(" Not compared: %d (%s).", u.Frames, u.Why)
	}
	text += fmt.Sprintf(" Calls: %d; %d are below one that is not known.", f.Calls, f.Beyond)
	if f.Lost > 0 {
		text += fmt.Sprintf(" No room for those of %d kinds of goroutines.", f.Lost)
	}
	fmt.Fprintln(out, fold(text))
}

func rank(o *finding.Observed) int {
	switch {
	case o.Violation:
		return 0
	case o.Bounded():
		return 1
	}
	return 2
}

// used is which part of its bound an entry has used.
func used(o *finding.Observed) float64 { return float64(o.Bytes) / float64(max(1, o.Bound)) }
