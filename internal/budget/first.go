// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// Budgets leave some space, and are rounded up, in bytes: a patch release of Go makes some frames larger by a few words.
const (
	space = 256
	step  = 1 << 10
)

// First returns the text of a first file of budgets, one that the programs keep as they are. Entries of the main package, and those whose
// function or go statement lies below a root, have a budget each; those of libraries have one for each package. The budgets name their
// program if there are several.
func First(programs []Program, roots []string, team string) []byte {
	var budgets []finding.Budget
	for i := range programs {
		p := &programs[i]
		byPattern := map[string]*finding.Budget{}
		for _, e := range p.named() {
			pattern := e.name
			if pkg := unescape(packageOf(e.Name)); pkg != "" && !own(e.Entry, roots) {
				pattern = pkg
			}
			b := byPattern[pattern]
			if b == nil {
				b = &finding.Budget{Entries: pattern, Team: team, Bytes: new(int64), Growths: new(int64)}
				if len(programs) > 1 {
					b.Program = p.Path
				}
				byPattern[pattern] = b
			}
			admit(b, e.Entry)
		}
		for _, b := range byPattern {
			budgets = append(budgets, *b)
		}
	}
	// The last one that matches counts, so the budget of a package comes before those of its functions.
	slices.SortFunc(budgets, func(a, b finding.Budget) int {
		return cmp.Or(cmp.Compare(a.Program, b.Program), cmp.Compare(a.Entries, b.Entries))
	})
	return text(budgets)
}

// text writes budgets a line each.
func text(budgets []finding.Budget) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n\t\"version\": %d,\n\t\"budgets\": [", version)
	for i, b := range budgets {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n\t\t{")
		field(&out, "entries", b.Entries)
		if b.Program != "" {
			field(&out, "program", b.Program)
		}
		field(&out, "bytes", b.Bytes)
		field(&out, "growths", b.Growths)
		if !slices.Equal(b.Status, properStatus) {
			field(&out, "status", spaced(b.Status))
		}
		if b.Team != "" {
			field(&out, "team", b.Team)
		}
		out.WriteByte('}')
	}
	out.WriteString("\n\t]\n}\n")
	return out.Bytes()
}

// spaced is a list with a space after each comma.
func spaced(list []finding.Status) json.RawMessage {
	var quoted []string
	for _, s := range list {
		quoted = append(quoted, strconv.Quote(string(s)))
	}
	return json.RawMessage("[" + strings.Join(quoted, ", ") + "]")
}

func field(out *bytes.Buffer, name string, v any) {
	if out.Bytes()[out.Len()-1] != '{' {
		out.WriteString(", ")
	}
	fmt.Fprintf(out, "%q: ", name)
	if raw, ok := v.(json.RawMessage); ok {
		out.Write(raw)
		return
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // strings and numbers never fail
	}
	out.Truncate(out.Len() - 1) // the end of the line
}

// admit raises the limits as far as the entry needs it.
func admit(b *finding.Budget, e *finding.Entry) {
	*b.Bytes = max(*b.Bytes, (e.Bound+space+step-1)/step*step)
	*b.Growths = max(*b.Growths, e.Forecast.Growths)
	if n := max(severity(e.Status)+1, len(properStatus)); n > len(b.Status) {
		b.Status = statuses[:n]
	}
}

func own(e *finding.Entry, roots []string) bool {
	if e.Kind == finding.KindMain || strings.HasPrefix(e.Name, "main.") {
		return true
	}
	for _, site := range append([]finding.Site{e.Start}, e.GoSites...) {
		if site.Below(roots) != "" {
			return true
		}
	}
	return false
}
