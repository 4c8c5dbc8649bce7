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

// A DepthWriter is a finding.Handler that collects findings on depth and writes them as tables when flushed.
type DepthWriter struct {
	finding.DepthReport
	out  io.Writer
	show DepthOptions
}

// DepthOptions say what a DepthWriter shows.
type DepthOptions struct {
	Top    int    // rows of a table at most; 0 or less means all
	Entry  string // the entries to show in detail: those whose name contains it; "" for none
	System bool   // also the runtime's own goroutines
}

// NewDepth returns a DepthWriter to w.
func NewDepth(w io.Writer, show DepthOptions) *DepthWriter { return &DepthWriter{out: w, show: show} }

// Flush writes the entries, and what keeps some from having a bound; or some entries in detail.
func (w *DepthWriter) Flush() error {
	out := bufio.NewWriter(w.out)
	if w.show.Entry != "" {
		w.details(out)
		return out.Flush()
	}
	w.heading(out)
	w.entries(out)
	w.obstacles(out)
	return out.Flush()
}

func (w *DepthWriter) heading(out io.Writer) {
	var counts []string
	total := 0
	for _, s := range []finding.Status{finding.Exact, finding.UpperBound, finding.LowerBound, finding.Unbounded} {
		if n := w.Count(s); n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, s))
			total += n
		}
	}
	noun := "entries"
	if total == 1 {
		noun = "entry"
	}
	p := w.Program
	fmt.Fprintln(out, fold(fmt.Sprintf("%s, %s: %d %s of goroutines: %s", p.Path, strings.TrimSpace(p.Go+" "+p.Machine), total, noun, strings.Join(counts, ", "))))
	fmt.Fprintln(out, fold(fmt.Sprintf("Bytes are those of stack. A preemption may put %d more below, without making the stack grow. "+
		"Growths and bytes copied are from a stack of %s, once.", p.Preempt, finding.Bytes(p.Start))))
}

func (w *DepthWriter) entries(out io.Writer) {
	fmt.Fprintf(out, "\n%9s %-11s %8s %7s %9s  %s\n", "bytes", "status", "stack", "growths", "copied", "entry")
	shown := 0
	entries := slices.DeleteFunc(w.Sorted(), func(e *finding.Entry) bool { return e.System && !w.show.System })
	for _, e := range entries {
		if shown == w.show.Top && shown > 0 {
			fmt.Fprintf(out, "%9s and %d more; -top 0 shows all\n", "", len(entries)-shown)
			break
		}
		shown++
		f := e.Forecast
		fmt.Fprintf(out, "%9d %-11s %8s %7d %9d  %s\n", e.Bound, e.Status, finding.Bytes(f.Size), f.Growths, f.Copied, label(e))
	}
}

// label names an entry, and where it starts or is started.
func label(e *finding.Entry) string {
	name := cmp.Or(e.Name, "?")
	if len(e.GoSites) > 0 {
		name += "  " + e.GoSites[0].String()
		if more := len(e.GoSites) - 1; more > 0 {
			name += fmt.Sprintf(" and %d more", more)
		}
	}
	if e.Kind != finding.KindGo {
		name += "  (" + e.Kind + ")"
	}
	if len(e.Assertions) > 0 {
		name += "  (asserted)"
	}
	return name
}

// unknownText says what is unknown, by its kind.
var unknownText = map[string]string{
	finding.UnknownCall:     "an indirect call",
	finding.UnknownAssembly: "an indirect call by assembly",
	finding.UnknownFrame:    "the frame",
	finding.UnknownDefer:    "a deferred call",
	finding.UnknownC:        "calls back from C",
	finding.UnknownEntry:    "the function of a go statement",
}

func unknown(u finding.Unknown) string {
	text := fmt.Sprintf("%s in %s, %s", cmp.Or(unknownText[u.Kind], u.Kind), u.Func, u.At)
	if u.Detail != "" {
		text += ": " + u.Detail
	}
	return text
}

// obstacles lists what keeps entries from having a bound, in the order in which taking it out of the way gives most of them one.
func (w *DepthWriter) obstacles(out io.Writer) {
	list := w.Obstacles(w.show.System)
	if len(list) == 0 {
		return
	}
	if n := w.certain(); n > 0 {
		fmt.Fprintf(out, "\n%s\n", fold(fmt.Sprintf("Entries that come to a certain recursion, by calls that can go nowhere else: %d. Only its data, or a limit, bounds one.", n)))
	}
	fmt.Fprintf(out, "\n%s\n", fold("What keeps entries from a bound: how many, how many for certain, how many it alone, and how many are bounded without it and those above"))
	fmt.Fprintf(out, "%7s %7s %7s %7s  %s\n", "entries", "certain", "alone", "bounded", "cause")
	for i, o := range list {
		if i == w.show.Top && i > 0 {
			fmt.Fprintf(out, "%31s  and %d more; -top 0 shows all\n", "", len(list)-i)
			break
		}
		fmt.Fprintf(out, "%7d %7d %7d %7d  %s\n", o.Entries, o.Certain, o.Alone, o.Bounded, strings.ReplaceAll(fold(o.Text), "\n", "\n"+strings.Repeat(" ", 33)))
		fmt.Fprintf(out, "%33s%s\n", "", strings.ReplaceAll(fold(o.Remedy), "\n", "\n"+strings.Repeat(" ", 33)))
	}
}

// certain counts the entries shown that come to a certain recursion for certain.
func (w *DepthWriter) certain() int {
	n := 0
	for _, e := range w.Entries {
		if e.CertainlyUnbounded() && (w.show.System || !e.System) {
			n++
		}
	}
	return n
}

// details writes all of some entries.
func (w *DepthWriter) details(out io.Writer) {
	found := 0
	for _, e := range w.Sorted() {
		if !strings.Contains(e.Name, w.show.Entry) {
			continue
		}
		if found++; found > 1 {
			fmt.Fprintln(out)
		}
		w.detail(out, e)
	}
	if found == 0 {
		fmt.Fprintf(out, "no goroutine starts with a function whose name contains %q\n", w.show.Entry)
	}
}

// statusText says what a bound is.
var statusText = map[finding.Status]string{
	finding.Exact:      "exactly %d bytes of stack, if the path below can be taken",
	finding.UpperBound: "at most %d bytes of stack",
	finding.LowerBound: "%d bytes of stack, and perhaps more, since something is not known",
	finding.Unbounded:  "no bound, since functions call each other in turn; %d bytes of stack without a second turn",
}

func (w *DepthWriter) detail(out io.Writer, e *finding.Entry) {
	fmt.Fprintf(out, "%s\n", label(e))
	for _, s := range e.GoSites[min(1, len(e.GoSites)):] {
		fmt.Fprintf(out, "  also started at %s\n", s)
	}
	fmt.Fprintf(out, "  "+statusText[e.Status]+"\n", e.Bound)
	if e.Why != "" {
		fmt.Fprintf(out, "  %s\n", strings.ReplaceAll(fold(e.Why), "\n", "\n    "))
	}
	if f := e.Forecast; f.Size > 0 {
		fmt.Fprintf(out, "  a stack of %s grows to %s (growths: %d, bytes copied: %d)\n", finding.Bytes(w.Program.Start), finding.Bytes(f.Size), f.Growths, f.Copied)
	}
	if len(e.Path) > 0 {
		w.path(out, e)
	}
	for _, a := range e.Assertions {
		fmt.Fprintf(out, "  rests on %s, %s\n", a.Text, a.At)
	}
	for _, c := range e.Cycles {
		fmt.Fprintf(out, "  cycle: %s\n", strings.ReplaceAll(fold(c.Text()+", "+c.Certainty()), "\n", "\n    "))
	}
	for _, u := range e.Unknowns {
		fmt.Fprintf(out, "  unknown, after %d bytes: %s\n", u.Bytes, unknown(u))
	}
}

func (w *DepthWriter) path(out io.Writer, e *finding.Entry) {
	used := e.Bound
	for _, s := range e.Path {
		used -= s.Bytes
	}
	fmt.Fprintf(out, "  %8s %8s\n", "bytes", "total")
	fmt.Fprintf(out, "  %8d %8d  above the first function\n", used, used)
	for _, s := range e.Path {
		used += s.Bytes
		line := s.Func
		if at := s.Call.String(); at != "" {
			line += "  called at " + at
		}
		switch {
		case s.Deferred:
			line += ", deferred: because of a panic, or the goroutine's end"
		case s.Maybe:
			line += ", perhaps"
		}
		if s.Asserted != "" {
			line += ", " + s.Asserted
		}
		fmt.Fprintf(out, "  %8d %8d  %s\n", s.Bytes, used, line)
	}
}
