// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// AnalyseAgain analyses a program that a record is of, after an edit: if the edit left the facts of the source as they are, what the record says of calls
// holds for the new binary. Only the packages that were edited are read. If the record does not do, the error says why, and is a *NewFactsError.
func AnalyseAgain(binary io.ReaderAt, from Source, r *Record) (*Analysis, error) {
	c, broken := readInBackground(binary, &from)
	if c == nil {
		return nil, broken()
	}
	now, err := from.state()
	if err != nil {
		return nil, err
	}
	edited, moved, ok := now.since(&r.Source)
	if !ok {
		return nil, &NewFactsError{"other packages than those of the main module have changed, or what is imported"}
	}
	if err := from.compareFacts(edited, r); err != nil {
		return nil, err
	}
	if err := broken(); err != nil {
		return nil, err
	}
	from.say("following calls")
	p := replay(c, r, moved)
	g := newGraph(c, p, nesting{levels: r.Nesting.Levels, parts: r.Nesting.Parts, free: r.Nesting.Free}, r.TypeParts)
	if p.why != "" {
		return nil, &NewFactsError{p.why}
	}
	a := newAnalysis(g, p.entries(), from, r.Path)
	if p.why != "" {
		return nil, &NewFactsError{p.why}
	}
	return a, nil
}

// A NewFactsError is for a program that was edited so that a record does not do.
type NewFactsError struct{ Why string }

func (e *NewFactsError) Error() string { return "the whole source has to be read: " + e.Why }

// compareFacts compares the facts of packages that were edited with those of a record.
func (s *Source) compareFacts(edited []string, r *Record) error {
	if len(edited) == 0 {
		return nil
	}
	then, passed := map[string]facts{}, map[string]bool{}
	for _, p := range r.Source.Packages {
		then[p.ID] = p.Facts
		for _, t := range p.Facts.Passed {
			passed[t] = passed[t] || !slices.Contains(edited, p.ID)
		}
	}
	s.say("reading %d packages", len(edited))
	initial, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule, Dir: s.Dir, Env: s.Env, BuildFlags: s.Flags,
	}, edited...)
	if err != nil {
		return err
	}
	if err := firstError(initial); err != nil {
		return err
	}
	program, _ := ssautil.Packages(initial, ssa.InstantiateGenerics)
	program.Build()
	for _, p := range initial {
		switch {
		case !slices.Contains(edited, p.ID):
			return errors.New("the go command knows a package by another name: " + p.ID)
		case slices.ContainsFunc(p.CompiledGoFiles, s.assertsIn):
			return &NewFactsError{p.PkgPath + " has assertions"}
		}
		now := factsOf(program, p)
		if now.Sum != then[p.ID].Sum {
			return &NewFactsError{fmt.Sprintf("in %s, other functions may be called than before", p.PkgPath)}
		}
		for _, t := range now.Passed {
			if passed[t] = true; !slices.Contains(r.Any, t) {
				return &NewFactsError{fmt.Sprintf("%s passes a %s for an ...any, as nothing did before", p.PkgPath, t)}
			}
		}
	}
	for t, still := range passed {
		if !still {
			return &NewFactsError{fmt.Sprintf("no package passes a %s for an ...any any more", t)}
		}
	}
	return nil
}

func (s *Source) assertsIn(name string) bool {
	text, err := (&loader{overlay: s.Overlay}).read(name)
	return err != nil || asserts(text)
}
