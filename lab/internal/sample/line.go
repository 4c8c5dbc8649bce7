// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sample

import (
	"fmt"
	"io"
	"runtime"
	"strings"
)

// A line is a result in Go's benchmark format that isn't complete yet.
type line struct {
	strings.Builder
}

func newLine(name string, n int) *line {
	l := new(line)
	fmt.Fprintf(l, "Benchmark%s", name)
	if procs := runtime.GOMAXPROCS(0); procs != 1 {
		fmt.Fprintf(l, "-%d", procs)
	}
	fmt.Fprintf(l, "\t%d", n)
	return l
}

// add appends one measurement with four significant digits or, where that
// would drop whole units, with all of those.
func (l *line) add(value float64, unit string) {
	switch {
	case value >= 1000:
		fmt.Fprintf(l, "\t%.0f %s", value, unit)
	default:
		fmt.Fprintf(l, "\t%.4g %s", value, unit)
	}
}

func (l *line) figures(list []Figure) {
	for _, f := range list {
		l.add(f.Value, f.Unit)
	}
}

func (l *line) print(w io.Writer) { fmt.Fprintln(w, l.String()) }
