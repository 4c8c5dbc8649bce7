// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
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
	g := newGraph(c, p, r.Nesting.nesting(), r.TypeParts)
	g.uncounted = map[int]bool{}
	for _, f := range r.Uncounted {
		g.uncounted[p.function(f)] = true
	}
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
	then := map[string]facts{}
	passed, named := newSetCheck("passes a %s for an ...any", r.Any), newSetCheck("calls %s", r.Methods)
	for _, p := range r.Source.Packages {
		then[p.ID] = p.Facts
		passed.before(p.Facts.Passed, slices.Contains(edited, p.ID))
		named.before(p.Facts.Named, slices.Contains(edited, p.ID))
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
		passed.now(now.Passed)
		named.now(now.Named)
	}
	return cmp.Or(passed.differs(), named.differs())
}

// A setCheck tells whether a set that several packages contribute to is the same as before.
type setCheck struct {
	what    string
	all     map[string]bool // what the set is, of all packages of the program
	edited  map[string]bool // what was in it for packages that were edited
	others  map[string]bool // what is in it for others
	current map[string]bool // what is in it now for those that were edited
}

func newSetCheck(what string, all []string) *setCheck {
	c := &setCheck{what, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, s := range all {
		c.all[s] = true
	}
	return c
}

func (c *setCheck) before(some []string, edited bool) {
	to := c.others
	if edited {
		to = c.edited
	}
	for _, s := range some {
		to[s] = true
	}
}

func (c *setCheck) now(some []string) {
	for _, s := range some {
		c.current[s] = true
	}
}

// differs returns an error if the set has changed.
func (c *setCheck) differs() error {
	for s := range c.current {
		if !c.edited[s] && !c.all[s] {
			return &NewFactsError{"it " + fmt.Sprintf(c.what, s) + ", as nothing did before"}
		}
	}
	for s := range c.edited {
		if !c.current[s] && !c.others[s] {
			return &NewFactsError{"nothing " + fmt.Sprintf(c.what, s) + " any more"}
		}
	}
	return nil
}

func (s *Source) assertsIn(name string) bool {
	text, err := (&loader{overlay: s.Overlay}).read(name)
	return err != nil || asserts(text)
}
