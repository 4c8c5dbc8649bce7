// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"slices"
)

// Kinds of what a cut begins.
const (
	atStage    = "stage"
	atInit     = "init"     // a package's variables, as a whole
	atVariable = "variable" // one of them, or several of one statement
	atFunction = "function" // an init function of the source
)

// A mark says what begins at a cut, and lasts until the next one.
type mark struct {
	kind string
	pkg  string // import path; "" for stages
	name string
	file string
	line int
}

// A cutting is a list of cuts with what begins at each. The last one is main.main, where the program ends.
type cutting struct {
	cuts  []cut
	marks []mark
}

func (c *cutting) add(where cut, what mark) {
	c.cuts = append(c.cuts, where)
	c.marks = append(c.marks, what)
}

// onlyMain returns the cutting with none but the last cut.
func (m *image) onlyMain() cutting {
	var c cutting
	c.add(cut{address: m.stops[mainName], last: true}, mark{kind: atStage, name: mainName})
	return c
}

// functions returns the cutting by initialization functions. Stages of the runtime are cuts within the code, which are left out
// for cold runs: they would have pages read too early.
func (m *image) functions(withStages bool) cutting {
	var c cutting
	for _, s := range stages {
		address := m.stops[s.function]
		if _, err := cuttable(m, address); address != 0 && err == nil && withStages {
			c.add(cut{address: address}, mark{kind: atStage, name: s.name})
		}
	}
	for _, f := range m.inits {
		what := mark{kind: atFunction, pkg: f.pkg, name: f.name}
		if f.isVariables() {
			what.kind = atInit
		}
		if g, err := m.text.Func(f.number); err == nil {
			what.file, what.line = g.File(), g.StartLine
		}
		c.add(cut{address: f.address, slot: f.slot}, what)
	}
	last := m.onlyMain()
	c.add(last.cuts[0], last.marks[0])
	return c
}

// variables returns the cutting by initialization functions and, for those packages that lines knows, by variables.
func (m *image) variables(lines map[string]*lines) cutting {
	c := m.functions(true)
	for _, f := range m.inits {
		if known := lines[f.pkg]; known != nil && f.isVariables() {
			m.cutVariables(f, known, &c)
		}
	}
	c.sort()
	return c
}

// counting adds a counter of goroutines that are started.
func (m *image) counting(c cutting) cutting {
	address := m.stops[newprocName]
	if _, err := cuttable(m, address); address == 0 || err != nil {
		return c
	}
	c = cutting{slices.Clone(c.cuts), slices.Clone(c.marks)}
	c.add(cut{address: address, counts: true}, mark{})
	c.sort()
	return c
}

// sort puts the last cut last.
func (c *cutting) sort() {
	i := slices.IndexFunc(c.cuts, func(c cut) bool { return c.last })
	where, what := c.cuts[i], c.marks[i]
	c.cuts, c.marks = slices.Delete(c.cuts, i, i+1), slices.Delete(c.marks, i, i+1)
	c.add(where, what)
}
