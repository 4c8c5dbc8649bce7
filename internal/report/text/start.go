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

// A StartWriter is a finding.Handler that collects findings on the start of programs and writes them as tables when flushed.
type StartWriter struct {
	finding.StartReport
	out io.Writer
	top int
}

// NewStart returns a StartWriter to w of at most top packages; 0 or less means all.
func NewStart(w io.Writer, top int) *StartWriter { return &StartWriter{out: w, top: top} }

// Flush writes the total, the stages, and what packages take.
func (w *StartWriter) Flush() error {
	out := bufio.NewWriter(w.out)
	if w.New != nil {
		w.heading(out, w.New)
		if w.Base != nil {
			fmt.Fprint(out, "against ")
			w.heading(out, w.Base)
		}
		w.stages(out)
		w.groups(out)
		w.packages(out)
		w.touched(out)
		w.unseen(out)
	}
	return out.Flush()
}

func (w *StartWriter) heading(out io.Writer, s *finding.Start) {
	name := s.Program
	if s.Go != "" {
		name += " (" + s.Go + ")"
	}
	what := "from exec to main.main"
	if s.Inittrace {
		what = "from the main goroutine's start to the end of the last initialization"
	}
	fmt.Fprintf(out, "%s: %s ms %s (%s in eight of ten of %d runs)\n", name, finding.Millis(s.Total.Mean), what, between(s.Total), s.Runs)
	if s.Inittrace {
		return
	}
	fmt.Fprintf(out, "  %s ms when nothing but the total is measured; %d page faults\n", finding.Millis(s.Plain.Mean), s.Faults+s.Reads)
	if s.ColdRuns > 0 {
		fmt.Fprintf(out, "  %s ms with a cold page cache (%s in eight of ten of %d runs); %d page faults, of which %d waited for the disk\n",
			finding.Millis(s.Cold.Mean), between(s.Cold), s.ColdRuns, s.ColdFaults+s.ColdReads, s.ColdReads)
	}
}

func between(s finding.Spread) string { return finding.Millis(s.Low) + "–" + finding.Millis(s.High) }

// columns writes the heading of a table of parts.
func (w *StartWriter) columns(out io.Writer, title string) {
	if w.Base != nil {
		fmt.Fprintf(out, "\n%10s %10s %10s    %s\n", "base ms", "new ms", "change", title)
		return
	}
	fmt.Fprintf(out, "\n%9s %6s %15s %9s %9s %9s %7s %4s %6s %6s  %s\n",
		"ms", "of all", "spread", "cold", "CPU", "bytes", "allocs", "go", "calls", "faults", title)
}

// row writes a line of a table of parts.
func (w *StartWriter) row(out io.Writer, row *finding.StartRow, name string) {
	p := row.Part()
	if w.Base != nil {
		base, new := row.Clock()
		doubt := " "
		if !row.Significant() {
			doubt = "~"
		}
		fmt.Fprintf(out, "%10s %10s %+10.3f %s  %s\n", finding.Millis(base), finding.Millis(new), float64(new-base)/1e6, doubt, name)
		return
	}
	cold, cpu := "-", "-"
	if p.Cold != nil {
		cold = finding.Millis(p.Cold.Mean)
	}
	if p.CPU > 0 {
		cpu = finding.Millis(p.CPU)
	}
	fmt.Fprintf(out, "%9s %6s %15s %9s %9s %9s %7s %4s %6s %6s  %s\n", finding.Millis(p.Clock.Mean),
		finding.Percent(finding.Ratio(p.Clock.Mean, w.New.Total.Mean)), between(p.Clock), cold, cpu,
		number(p.Bytes), number(p.Allocs), number(p.Goroutines), number(p.Calls), number(p.Faults), name)
}

func number(n int64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}

func (w *StartWriter) stages(out io.Writer) {
	w.columns(out, "stage")
	for _, row := range w.Stages() {
		w.row(out, row, row.Part().Name)
	}
}

func (w *StartWriter) groups(out io.Writer) {
	groups := w.Groups()
	if len(groups) == 0 {
		return
	}
	if w.Base != nil {
		fmt.Fprintf(out, "\n%10s %10s %10s    %s\n", "base ms", "new ms", "change", "initialization of packages")
	} else {
		fmt.Fprintf(out, "\n%9s %6s %8s  %s\n", "ms", "of all", "packages", "initialization of packages")
	}
	all := len(groups)
	if w.top > 0 {
		groups = slices.DeleteFunc(groups, func(g *finding.StartGroup) bool {
			return float64(max(g.Base, g.New)) < least*float64(w.New.Total.Mean)
		})
	}
	for _, g := range groups {
		name := cmp.Or(g.Name, "of a module that is not known")
		if w.Base != nil {
			fmt.Fprintf(out, "%10s %10s %+10.3f    %s\n", finding.Millis(g.Base), finding.Millis(g.New), float64(g.New-g.Base)/1e6, name)
		} else {
			fmt.Fprintf(out, "%9s %6s %8d  %s\n", finding.Millis(g.New), finding.Percent(finding.Ratio(g.New, w.New.Total.Mean)), g.Packages, name)
		}
	}
	if len(groups) < all {
		fmt.Fprintf(out, "%9s and %d more; -top 0 shows all\n", "", all-len(groups))
	}
}

// least is the part of the whole below which packages, and what they consist of, are not shown.
const least = 0.002

func (w *StartWriter) packages(out io.Writer) {
	rows := w.Packages()
	all := len(rows)
	rows = w.costly(rows)
	if w.top > 0 {
		rows = rows[:min(w.top, len(rows))]
	}
	if all == 0 {
		return
	}
	w.columns(out, "package, and what its initialization consists of")
	for _, row := range rows {
		p := row.Part()
		w.row(out, row, p.Name)
		w.inside(out, p)
		if len(p.Chain) > 2 && (w.Base == nil || row.Base == nil) {
			fmt.Fprintf(out, "%*simported through %s\n", w.indent(), "", strings.Join(p.Chain[:len(p.Chain)-1], " → "))
		}
	}
	if len(rows) < all {
		fmt.Fprintf(out, "%9s and %d more packages; -top 0 shows all\n", "", all-len(rows))
	}
}

// costly leaves out what takes less than a small part of the whole in both sets, unless all is to be shown.
func (w *StartWriter) costly(rows []*finding.StartRow) []*finding.StartRow {
	if w.top <= 0 {
		return rows
	}
	return slices.DeleteFunc(rows, func(row *finding.StartRow) bool {
		base, new := row.Clock()
		return float64(max(base, new)) < least*float64(w.New.Total.Mean)
	})
}

// indent is where the names begin, and two columns more.
func (w *StartWriter) indent() int {
	if w.Base != nil {
		return 38
	}
	return 95
}

func (w *StartWriter) inside(out io.Writer, p *finding.StartPart) {
	rows := w.costly(w.Inside(p.Package))
	if len(rows) == 1 && rows[0].Part().Kind == finding.PartVariables {
		return // nothing that the row of the package doesn't say
	}
	for i, row := range rows {
		if i == w.top && w.top > 0 {
			fmt.Fprintf(out, "%*sand %d more\n", w.indent(), "", len(rows)-i)
			break
		}
		q := row.Part()
		name := q.Name
		switch q.Kind {
		case finding.PartVariables:
			name = "variables"
		case finding.PartFunction:
			name = "func init"
		case finding.PartVariable:
			name = "var " + name
		}
		if at := q.Place.String(); at != "" && q.Kind != finding.PartVariables {
			name += "  " + at
		}
		w.row(out, row, "  "+name)
	}
}

func (w *StartWriter) touched(out io.Writer) {
	if len(w.Touched) == 0 || w.Base != nil {
		return
	}
	table := func(title string, list []finding.Touched) {
		if len(list) == 0 {
			return
		}
		fmt.Fprintf(out, "\n%9s %9s %9s %7s  %s\n", "touched", "written", "of", "part", title)
		for _, t := range list {
			fmt.Fprintf(out, "%9s %9s %9s %7s  %s\n", finding.Bytes(t.Bytes), finding.Bytes(t.Written), finding.Bytes(t.Size),
				finding.Percent(finding.Ratio(t.Bytes, t.Size)), t.Section+t.Package)
		}
	}
	table("section of the file", w.TouchedSections())
	packages := w.TouchedPackages()
	if w.top > 0 {
		packages = packages[:min(w.top, len(packages))]
	}
	table("package, code and data in pages that were touched", packages)
}

func (w *StartWriter) unseen(out io.Writer) {
	for _, s := range []*finding.Start{w.New, w.Base} {
		if s == nil || len(s.Unseen) == 0 {
			continue
		}
		fmt.Fprintf(out, "\nNot seen of %s\n", s.Program)
		for _, line := range s.Unseen {
			fmt.Fprintf(out, "  %s\n", fold(line))
		}
	}
}
