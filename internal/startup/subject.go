// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"errors"
	"strings"
	"time"
)

// A Subject is a program to measure.
type Subject struct {
	Set      string // finding.New or finding.Base
	Name     string // as the user named it
	Go       string // the release that built it
	Binary   string
	Args     []string // without the program's name
	Env      []string
	Dir      string
	Packages []Package // what the go command knows of it; nil if that was not asked
	Modules  []Module  // what the binary says that it was built from; may be nil
}

// group returns what a package is counted with, by what the binary says, or "".
func (s *Subject) group(pkg string) string {
	best := Module{}
	for _, m := range s.Modules {
		if pkg == "main" && m.Main {
			return m.group()
		}
		if below := pkg == m.Path || strings.HasPrefix(pkg, m.Path+"/"); below && len(m.Path) > len(best.Path) {
			best = m
		}
	}
	switch first, _, _ := strings.Cut(pkg, "/"); {
	case best.Path != "":
		return best.group()
	case len(s.Modules) > 0 && pkg != "main" && !strings.Contains(first, "."):
		return groupStandard
	}
	return ""
}

// Options say how to measure.
type Options struct {
	Runs     int           // with a warm page cache
	Cold     int           // with a cold one
	Timeout  time.Duration // for one run
	Progress func(format string, args ...any)
}

// ErrSystem says that this system is not one on which programs can be measured.
var ErrSystem = errors.New("starting a program is measured on linux/amd64 only")

// A measured is a subject with what its runs gave.
type measured struct {
	subject *Subject
	image   *image
	program *program
	scale   float64 // nanoseconds in a tick

	whole   cutting // of the warm runs and those that count
	counted cutting
	coldly  cutting // of the cold runs

	plain, warm, cold []*run // plain: without cuts, but for the last
	counts            []*run
	allocs            *run    // nil if allocations can't be seen
	calls             []int64 // system calls by the cuts of whole; nil if they can't be seen
	touched           []Touched
	unseen            []string
}

// Touched is how much of a section, or of what a package has in it, is in use when main.main begins, and how much of that was written to.
type Touched struct {
	Section string
	Package string // import path, but "main" for the main package; "" for the section
	Size    int64
	Bytes   int64
	Written int64
}
