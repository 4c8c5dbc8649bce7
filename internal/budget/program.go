// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"cmp"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// A Program is what was found on one program.
type Program struct {
	finding.Program
	Entries []*finding.Entry
}

// Collect is a finding handler: it collects the programs in a stream, or in several.
type Collect struct{ Programs []Program }

// Handle collects m.
func (c *Collect) Handle(m finding.Message) error {
	switch {
	case m.Program != nil:
		c.Programs = append(c.Programs, Program{Program: *m.Program})
	case m.Entry != nil && len(c.Programs) > 0:
		p := &c.Programs[len(c.Programs)-1]
		p.Entries = append(p.Entries, m.Entry)
	}
	return nil
}

// A named is an entry of the user's program with a name that stays the same as long as the function does.
type named struct {
	*finding.Entry
	name string
	copy int64 // counts entries of the same name and kind
}

// named returns the entries but for the runtime's own, sorted by name. Of those that share a name, such as instances of a generic
// function, the deepest comes first.
func (p *Program) named() []named {
	var list []named
	for _, e := range p.Entries {
		if !e.System {
			list = append(list, named{Entry: e, name: nameOf(e)})
		}
	}
	slices.SortStableFunc(list, func(a, b named) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.Kind, b.Kind), cmp.Compare(b.Bound, a.Bound), cmp.Compare(severity(b.Status), severity(a.Status)))
	})
	for i := 1; i < len(list); i++ {
		if before := list[i-1]; before.name == list[i].name && before.Kind == list[i].Kind {
			list[i].copy = before.copy + 1
		}
	}
	return list
}

// nameOf is the entry's name, or, if its function is not known, where it is started.
func nameOf(e *finding.Entry) string {
	if e.Name != "" {
		return e.Name
	}
	for _, u := range e.Unknowns {
		if u.Kind == finding.UnknownEntry {
			return "? in " + u.Func
		}
	}
	return "?"
}

// patternNames are the names that patterns may call the entry by. One whose function is not known belongs to the package that starts it.
func (n *named) patternNames(program string) []string {
	if n.Name != "" {
		return namesOf(n.Name, program)
	}
	names := []string{n.name}
	for _, u := range n.Unknowns {
		if u.Kind == finding.UnknownEntry {
			names = append(names, namesOf(u.Func, program)[1:]...)
		}
	}
	return names
}

func (n *named) depth() *finding.Depth {
	return &finding.Depth{Status: n.Status, Bytes: n.Bound, Growths: n.Forecast.Growths}
}

func (n *named) baseline() BaselineEntry {
	e := BaselineEntry{Entry: n.name, Kind: n.Kind, Status: n.Status, Bytes: n.Bound, Growths: n.Forecast.Growths}
	taken := takes(n.Path)
	for i, t := range taken {
		if i == kept {
			break
		}
		e.Path = append(e.Path, writeTaken(t))
	}
	return e
}

// kept is how many functions of a path a baseline has at most. A path may have thousands, and a program hundreds of entries.
const kept = 8

// A taken is what a function takes of a path, wherever it is on it.
type taken struct {
	function string
	bytes    int64
}

// takes adds up a path by function, those that take most first.
func takes(path []finding.Step) []taken {
	index := map[string]int{}
	var list []taken
	for _, s := range path {
		name := s.Func
		if inRuntime(name) {
			name = theRuntime
		}
		i, found := index[name]
		if !found {
			i = len(list)
			index[name] = i
			list = append(list, taken{function: name})
		}
		list[i].bytes += s.Bytes
	}
	slices.SortStableFunc(list, func(a, b taken) int { return cmp.Compare(b.bytes, a.bytes) })
	return list
}

// theRuntime stands for any number of the runtime's functions on a path. Most paths end in dozens of them, which are nobody's to change
// and differ between releases of Go.
const theRuntime = "the runtime"

// runtimePackages are those that package runtime is made of, beside its own and internal/runtime.
var runtimePackages = []string{"runtime", "internal/abi", "internal/bytealg", "internal/chacha8rand", "internal/cpu", "internal/stringslite"}

func inRuntime(function string) bool {
	pkg := packageOf(function)
	return slices.Contains(runtimePackages, pkg) || strings.HasPrefix(pkg, "internal/runtime/")
}

// severity orders statuses by how little they say.
func severity(s finding.Status) int { return slices.Index(statuses, s) }
