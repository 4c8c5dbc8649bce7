// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// A progressLine tells on a terminal what is going on, in one line that is written over.
type progressLine struct {
	w        io.Writer
	terminal bool
}

func newProgressLine(w io.Writer) progressLine {
	file, ok := w.(*os.File)
	return progressLine{w, ok && term.IsTerminal(int(file.Fd()))}
}

func (p progressLine) say(format string, args ...any) {
	if p.terminal {
		fmt.Fprintf(p.w, "\r\x1b[K"+format, args...)
	}
}

func (p progressLine) clear() { p.say("") }
