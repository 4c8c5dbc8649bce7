// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package sarif writes findings on budgets as SARIF 2.1.0, the format of code scanning.
//
// Services that show SARIF beside the code of a repository refuse a whole file for one location that is not a file of the repository. So
// every location here is one: a step of a witness path that lies outside, in the standard library say, is put where the path left the
// repository, and says in words where it is.
package sarif

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// A Writer is a finding.Handler that collects findings on budgets and writes them when flushed.
type Writer struct {
	finding.CheckReport
	out   io.Writer
	roots []string
}

// New returns a Writer to w. Roots are the names of the repository's directory: files are told relative to the first that they lie below.
func New(w io.Writer, roots []string) *Writer { return &Writer{out: w, roots: roots} }

// Flush writes one log with one run.
func (w *Writer) Flush() error {
	r := run{Tool: tool{w.driver()}, ColumnKind: "unicodeCodePoints", Results: []result{}}
	if len(w.Programs) == 1 {
		// Services keep apart what has different names, and replace what has the same.
		r.Automation = &automation{"spade-check/" + w.Programs[0].Path + "/"}
	}
	for _, v := range w.Violations {
		r.Results = append(r.Results, w.result(v))
	}
	enc := json.NewEncoder(w.out)
	enc.SetIndent("", "\t")
	enc.SetEscapeHTML(false)
	return enc.Encode(log{Schema: schema, Version: "2.1.0", Runs: []run{r}})
}

func (w *Writer) driver() driver {
	return driver{Name: "spade", Version: w.Config.Spade, InformationURI: "https://github.com/spadego/spade", Rules: rules}
}

func (w *Writer) result(v *finding.Violation) result {
	primary := w.primary(v)
	r := result{
		RuleID: v.Rule, RuleIndex: ruleIndex(v.Rule), Level: "error", Message: message{v.Text},
		Locations:    []location{primary},
		Fingerprints: fingerprints(v),
	}
	if v.Entry == nil {
		return r
	}
	r.Locations[0].Logical = logical(v.Name)
	budget := w.budget(v)
	budget.Message = &message{"the budget"}
	r.Related = append(r.Related, budget)
	for i, site := range v.Entry.GoSites {
		if at, ok := w.at(site); ok && i > 0 {
			at.Message = &message{"also started here"}
			r.Related = append(r.Related, at)
		}
	}
	for i := range r.Related {
		r.Related[i].ID = int64(i + 1)
	}
	if steps := w.steps(v.Entry, primary); len(steps) > 0 {
		text := fmt.Sprintf("the path to %d bytes of stack", v.Entry.Bound)
		if n := len(v.Entry.Path) - len(steps); n > 0 {
			text += fmt.Sprintf(", without the %d calls on it that take least", n)
		}
		r.CodeFlows = []codeFlow{{
			Message:     message{text},
			ThreadFlows: []threadFlow{{Locations: steps}},
		}}
	}
	return r
}

// primary is where a violation is shown: at the go statement, or where the function is declared, or else at the budget.
func (w *Writer) primary(v *finding.Violation) location {
	if v.Entry != nil {
		for _, site := range append(v.Entry.GoSites[:len(v.Entry.GoSites):len(v.Entry.GoSites)], v.Entry.Start) {
			if at, ok := w.at(site); ok {
				return at
			}
		}
	}
	return w.budget(v)
}

// budget is the budget's line.
func (w *Writer) budget(v *finding.Violation) location {
	if at, ok := w.at(v.Budget.At); ok {
		return at
	}
	name := strings.ReplaceAll(v.Budget.At.File, `\`, "/")
	return physicalLocation(name[strings.LastIndexByte(name, '/')+1:], v.Budget.At.Line)
}

// at is the place of a site, if that is in the repository.
func (w *Writer) at(site finding.Site) (location, bool) {
	name := site.Below(w.roots)
	if name == "" {
		return location{}, false
	}
	return physicalLocation(name, site.Line), true
}

func physicalLocation(name string, line int64) location {
	return location{Physical: physical{
		Artifact: artifact{URI: (&url.URL{Path: name}).String(), BaseID: "%SRCROOT%"},
		Region:   region{StartLine: max(1, line)},
	}}
}

func logical(function string) []logicalLocation {
	return []logicalLocation{{FullyQualifiedName: function, Kind: "function"}}
}

// maxSteps is how many steps of a path are written. There are paths of more than ten thousand, and services limit the size of a file
// and what they show of it.
const maxSteps = 100

// largest returns from how many bytes on a step is one of the maxSteps that are written, and how many of just that size are.
func largest(path []finding.Step) (least int64, equal int) {
	if len(path) <= maxSteps {
		return 0, len(path)
	}
	var sizes []int64
	for _, s := range path {
		sizes = append(sizes, s.Bytes)
	}
	slices.Sort(sizes)
	sizes = sizes[len(sizes)-maxSteps:]
	least = sizes[0]
	for _, n := range sizes {
		if n == least {
			equal++
		}
	}
	return least, equal
}

// steps is the witness path, or the largest steps of it: each function at the place where it is called.
func (w *Writer) steps(e *finding.Entry, start location) []threadFlowLocation {
	start.Logical, start.Message, start.ID = nil, nil, 0
	last := start
	used := e.Bound
	for _, s := range e.Path {
		used -= s.Bytes
	}
	least, equal := largest(e.Path)
	var list []threadFlowLocation
	for _, s := range e.Path {
		used += s.Bytes
		text := fmt.Sprintf("%s takes %d bytes, %d so far", s.Func, s.Bytes, used)
		here, inside := w.at(s.Call)
		switch {
		case inside:
			last = here
		case s.Call.File != "":
			text += ", called at " + s.Call.String()
		}
		switch {
		case s.Deferred:
			text += "; deferred, and runs because of a panic or of the goroutine's end"
		case s.Maybe:
			text += "; the call may have another target"
		}
		if s.Bytes == least {
			equal--
		}
		if s.Bytes < least || s.Bytes == least && equal < 0 {
			continue
		}
		i := len(list)
		one := last
		one.Message, one.Logical = &message{text}, logical(s.Func)
		list = append(list, threadFlowLocation{Location: one, NestingLevel: int64(i), ExecutionOrder: int64(i + 1), Importance: importance(s, e)})
	}
	return list
}

// importance lets a viewer fold steps that take little.
func importance(s finding.Step, e *finding.Entry) string {
	if s.Bytes*10 >= e.Bound {
		return "essential"
	}
	return "important"
}

// fingerprints don't change as long as the same function breaks the same rule: they have neither lines nor numbers of bytes.
// GitHub only looks at primaryLocationLineHash, which its own action fills with a hash of the line if it is missing.
func fingerprints(v *finding.Violation) map[string]string {
	kind := ""
	if v.Entry != nil {
		kind = v.Entry.Kind
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %d", v.Rule, programOf(v), v.Name, kind, v.Copy))
	text := hex.EncodeToString(sum[:8])
	return map[string]string{"primaryLocationLineHash": text + ":1", "spadeViolation/v1": text}
}

// programOf is the program that the violation is in; a budget that no entry has may be one for several.
func programOf(v *finding.Violation) string {
	if v.Entry == nil {
		return v.Budget.Program
	}
	return v.Program
}
