// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package budget

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/finding"
)

// budgetSentence says by how much an entry is over its budget, what on its path grew or is large, and where the budget is.
func budgetSentence(v *finding.Violation, compared bool) string {
	e, b := v.Entry, &v.Budget
	var over []string
	if b.Bytes != nil && e.Bound > *b.Bytes {
		over = append(over, fmt.Sprintf("needs %s%s of stack, %d more than its budget of %d", atLeast(e), count(e.Bound, "byte"), e.Bound-*b.Bytes, *b.Bytes))
	}
	if b.Growths != nil && e.Forecast.Growths > *b.Growths {
		over = append(over, fmt.Sprintf("grows %s%s, %d more than its budget of %d", atLeast(e), count(e.Forecast.Growths, "time"), e.Forecast.Growths-*b.Growths, *b.Growths))
	}
	advice := "Make that frame smaller, or raise the budget"
	if len(e.Path) == 0 {
		advice = "Look at it with spade depth, or raise the budget"
	}
	return fmt.Sprintf("%s %s: %s. %s (%s).%s", v.Name, strings.Join(over, " and "), cause(v, compared), advice, b.Place(), note(b))
}

// cause names what made the entry need more, or else what it needs most for.
func cause(v *finding.Violation, compared bool) string {
	const shown = 2
	var grown []string
	for i, g := range v.Grown {
		if i == shown {
			break
		}
		switch {
		case g.AtMost:
			grown = append(grown, fmt.Sprintf("%s takes %s, and took at most %d", g.Func, count(g.After, "byte"), g.Before))
		case g.Before == 0:
			grown = append(grown, fmt.Sprintf("%s is new on its path, %s", g.Func, count(g.After, "byte")))
		default:
			grown = append(grown, fmt.Sprintf("%s grew from %d to %s", g.Func, g.Before, count(g.After, "byte")))
		}
	}
	if len(grown) > 0 {
		return "since the baseline " + strings.Join(grown, ", and ")
	}
	if len(v.Entry.Path) == 0 {
		return "its path is not known"
	}
	path := slices.DeleteFunc(slices.Clone(v.Entry.Path), func(s finding.Step) bool { return inRuntime(s.Func) })
	if len(path) == 0 {
		path = v.Entry.Path
	}
	largest := slices.MaxFunc(path, func(a, b finding.Step) int { return cmp.Compare(a.Bytes, b.Bytes) })
	text := fmt.Sprintf("the largest frame on its path is that of %s, %s", largest.Func, count(largest.Bytes, "byte"))
	if at := largest.Call.String(); at != "" {
		text += ", called at " + at
	}
	if compared {
		text += ", and nothing on the path grew since the baseline"
	}
	return text
}

// statusSentence says what keeps an entry from having the status that its budget asks for.
func statusSentence(v *finding.Violation) string {
	e, b := v.Entry, &v.Budget
	var allowed []string
	for _, s := range b.Status {
		allowed = append(allowed, string(s))
	}
	return fmt.Sprintf("%s %s; its budget asks for %s (%s).%s", v.Name, obstacle(e), strings.Join(allowed, " or "), b.Place(), note(b))
}

func obstacle(e *finding.Entry) string {
	switch {
	case e.Status == finding.Unbounded && len(e.Cycles) > 0:
		c := e.Cycles[0]
		kind := "possible"
		if c.Reached {
			kind = "certain"
		}
		return fmt.Sprintf("has no bound, since a %s recursion, %s, %s a turn, may go on without end%s", kind,
			strings.Join(append(slices.Clone(c.Funcs), c.Funcs[0]), " → "), count(c.Bytes, "byte"), more(len(e.Cycles), "recursion"))
	case e.Status == finding.LowerBound && len(e.Unknowns) > 0:
		u := e.Unknowns[0]
		at := u.At.String()
		if at != "" {
			at = " (" + at + ")"
		}
		return fmt.Sprintf("needs at least %s of stack, and more if %s in %s%s needs it%s", count(e.Bound, "byte"), cmp.Or(unknownText[u.Kind], u.Kind), u.Func, at, more(len(e.Unknowns), "unknown"))
	}
	return "has the status " + string(e.Status)
}

// unknownText says what is not known, by its kind.
var unknownText = map[string]string{
	finding.UnknownCall:     "an indirect call",
	finding.UnknownAssembly: "an indirect call by assembly",
	finding.UnknownFrame:    "the frame",
	finding.UnknownDefer:    "a deferred call",
	finding.UnknownC:        "a call back from C",
	finding.UnknownEntry:    "the function of a go statement",
}

func more(n int, what string) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" (and %s more)", count(int64(n-1), what))
}

// staleSentence says that a budget has nothing to limit, and what may be meant.
func staleSentence(v *finding.Violation, programs []Program) string {
	b := &v.Budget
	text := fmt.Sprintf("No entry is named %s (%s)", b.Entries, b.Place())
	if near := nearest(b, programs); near != "" {
		text += "; " + near + " comes nearest"
	}
	return text + ". Correct the budget or take it out." + note(b)
}

// nearest returns the name that is most like the pattern, if one is like it at all.
func nearest(b *finding.Budget, programs []Program) string {
	best, most := "", len(b.Entries)/2
	for i := range programs {
		for _, e := range programs[i].named() {
			if alike := commonPrefix(e.name, b.Entries) + commonSuffix(e.name, b.Entries); alike > most {
				best, most = e.name, alike
			}
		}
	}
	return best
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

func atLeast(e *finding.Entry) string {
	if e.Status == finding.LowerBound || e.Status == finding.Unbounded {
		return "at least "
	}
	return ""
}

func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func note(b *finding.Budget) string {
	if b.Note == "" {
		return ""
	}
	return " Note: " + b.Note
}
