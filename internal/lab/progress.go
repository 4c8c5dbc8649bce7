// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// progress tells what is going on: on a terminal in one line that is written
// over, elsewhere in a line for each finished workload.
type progress struct {
	w        io.Writer
	terminal bool
}

func newProgress(w io.Writer) progress {
	file, ok := w.(*os.File)
	return progress{w: w, terminal: ok && term.IsTerminal(int(file.Fd()))}
}

const clearLine = "\r\x1b[K"

// say replaces the line on a terminal.
func (p progress) say(format string, args ...any) {
	if p.terminal {
		fmt.Fprintf(p.w, clearLine+format, args...)
	}
}

// done reports a finished workload where there is no terminal.
func (p progress) done(format string, args ...any) {
	if !p.terminal {
		fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// clear removes the line from a terminal.
func (p progress) clear() {
	if p.terminal {
		fmt.Fprint(p.w, clearLine)
	}
}
