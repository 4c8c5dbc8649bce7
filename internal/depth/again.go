// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
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
	new, err := from.compareFacts(edited, moved, r)
	if err != nil {
		return nil, err
	}
	if err := broken(); err != nil {
		return nil, err
	}
	from.say("following calls")
	p := replay(c, r, moved, new)
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

// A news is what is in packages that were edited.
type news struct {
	methods map[string]bool     // symbols of new methods, if only calls by name lead to them
	sites   map[place][]newSite // by line, calls that are not by name
	plain   map[place]bool      // lines in which the keys of maps are plain, see isPlainKey
	files   map[string]bool     // those of the packages
}

// compareFacts compares the facts of packages that were edited with those of a record.
func (s *Source) compareFacts(edited []string, moved moves, r *Record) (*news, error) {
	found := &news{map[string]bool{}, map[place][]newSite{}, map[place]bool{}, map[string]bool{}}
	if len(edited) == 0 {
		return found, nil
	}
	then := map[string]facts{}
	passed, named, parts := newSetCheck("passes a %s for an ...any", among(r.Any)), newSetCheck("calls %s", among(r.Methods)), newSetCheck("has a %s in a struct", r.boxes)
	for _, p := range r.Source.Packages {
		then[p.ID] = p.Facts
		passed.before(p.Facts.Passed, slices.Contains(edited, p.ID))
		named.before(p.Facts.Named, slices.Contains(edited, p.ID))
		parts.before(p.Facts.Parts, slices.Contains(edited, p.ID))
	}
	changed := map[string]bool{} // for those who see it
	compare := func(p *packages.Package, now facts) error {
		before, symbols := then[p.ID], now.private
		now = now.settle(func(method string) bool { return !slices.Contains(before.Unread, method) })
		if why := before.differs(&now, moved, r); why != "" {
			return &NewFactsError{fmt.Sprintf("in %s, other functions may be called than before: %s", p.PkgPath, why)}
		}
		for method, symbol := range symbols {
			if _, old := slices.BinarySearch(before.Private, method); !old {
				found.methods[symbol] = true
			}
		}
		maps.Copy(found.sites, now.sites)
		maps.Copy(found.plain, now.plain)
		for _, name := range p.CompiledGoFiles {
			found.files[name] = true
		}
		passed.now(now.Passed)
		named.now(without(now.Named, func(method string) bool { return now.isPrivate(method) && !before.isPrivate(method) }))
		named.leave(without(before.Named, func(method string) bool { return now.isPrivate(method) || !before.isPrivate(method) }))
		parts.now(now.Parts)
		changed[p.ID] = now.API != before.API
		return nil
	}
	if err := s.eachFacts(edited, compare); err != nil {
		return nil, err
	}
	maps.DeleteFunc(changed, func(_ string, is bool) bool { return !is })
	if len(changed) > 0 {
		if err := s.compareImporters(changed, edited, r, then); err != nil {
			return nil, err
		}
	}
	return found, cmp.Or(passed.differs(), named.differs(), parts.differs())
}

func without(some []string, leaves func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(some), leaves)
}

// compareImporters compares the facts of packages that were not edited, and import some: they have to be the same.
func (s *Source) compareImporters(some map[string]bool, edited []string, r *Record, then map[string]facts) error {
	own := map[string]bool{}
	for _, p := range r.Source.Packages {
		own[p.ID] = p.Own
	}
	var others []string
	for _, p := range s.importers(some) {
		switch {
		case !own[p.ID]:
			return &NewFactsError{p.PkgPath + " is not of the main module, or written by a tool, and what it imports has other types"}
		case !slices.Contains(edited, p.ID):
			others = append(others, p.ID)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return s.eachFacts(others, func(p *packages.Package, now facts) error {
		before := then[p.ID]
		now = now.settle(func(method string) bool { return !slices.Contains(before.Unread, method) })
		if why := before.differs(&now, nil, r); why != "" || !slices.Equal(before.Flows, now.Flows) || !slices.Equal(before.Passed, now.Passed) || !slices.Equal(before.Named, now.Named) {
			return &NewFactsError{fmt.Sprintf("in %s, which was not edited, other functions may be called than before", p.PkgPath)}
		}
		return nil
	})
}

// eachFacts reads packages, and tells of their facts.
func (s *Source) eachFacts(ids []string, tell func(*packages.Package, facts) error) error {
	s.say("reading %d packages", len(ids))
	initial, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule, Dir: s.Dir, Env: s.Env, BuildFlags: s.Flags,
	}, ids...)
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
		case !slices.Contains(ids, p.ID):
			return errors.New("the go command knows a package by another name: " + p.ID)
		case slices.ContainsFunc(p.CompiledGoFiles, s.assertsIn):
			return &NewFactsError{p.PkgPath + " has assertions"}
		case slices.ContainsFunc(p.CompiledGoFiles, s.renumbers):
			return &NewFactsError{p.PkgPath + " has lines of other files"}
		}
		if err := tell(p, factsOf(program, p)); err != nil {
			return err
		}
	}
	return nil
}

// differs says what is different after an edit, "" if nothing is.
func (f *facts) differs(now *facts, moved moves, r *Record) string {
	switch {
	case f.Sum != now.Sum:
		return "types, or function values"
	case !f.flowsAs(now, r):
		return "what flows where"
	}
	after := map[string]*lineFacts{}
	for i := range now.Lines {
		after[now.Lines[i].File] = &now.Lines[i]
	}
	for i := range f.Lines {
		before, name := &f.Lines[i], f.Lines[i].File
		if line := before.differs(cmp.Or(after[name], &lineFacts{}), moved, name); line > 0 {
			return fmt.Sprintf("%s:%d, though that line was not edited", name, line)
		}
		delete(after, name)
	}
	for name, lines := range after {
		if line := (&lineFacts{}).differs(lines, moved, name); line > 0 {
			return fmt.Sprintf("%s:%d, though that line was not edited", name, line)
		}
	}
	return ""
}

// flowsAs reports whether everything flows as it did before: it goes the same ways, and others that make no difference.
func (f *facts) flowsAs(now *facts, r *Record) bool {
	in := func(all []uint64, sum uint64) bool {
		_, found := slices.BinarySearch(all, sum)
		return found
	}
	if slices.ContainsFunc(f.Flows, func(sum uint64) bool { return !in(now.Flows, sum) }) {
		return false
	}
	var ways []wayFact
	for _, sum := range now.Flows {
		if in(f.Flows, sum) {
			continue
		}
		way, isWay := now.ways[sum]
		if t, boxed := now.boxes[sum]; !isWay && (!boxed || !r.boxes(t)) {
			return false
		}
		if isWay {
			ways = append(ways, way)
		}
	}
	return r.Flows.closes(ways, now.nodes)
}

// boxes reports whether there may have been values of a type in interfaces, or in what these hold.
func (r *Record) boxes(t string) bool {
	_, found := slices.BinarySearch(r.Runtime, hashText(t))
	return found
}

// renumbers reports whether a file says that lines of it are those of another, so that it is not seen which were edited.
func (s *Source) renumbers(name string) bool {
	text, err := (&loader{overlay: s.Overlay}).read(name)
	return err != nil || bytes.Contains(text, []byte("//line ")) || bytes.Contains(text, []byte("/*line "))
}

func (s *Source) assertsIn(name string) bool {
	text, err := (&loader{overlay: s.Overlay}).read(name)
	return err != nil || asserts(text)
}
