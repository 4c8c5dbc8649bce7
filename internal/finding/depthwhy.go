// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"fmt"
	"slices"
	"strings"
)

// A Limit is a function that a limit on its turns would help with.
type Limit struct {
	Func string `json:"func"`
	At   Site   `json:"at"` // where it starts
}

// A Junction is an indirect call by which one function of a recursion calls many of it.
type Junction struct {
	Func    string `json:"func"`
	At      Site   `json:"at"`
	Targets int64  `json:"targets"` // functions of the recursion
}

// Reason says in one sentence what keeps the entry from a bound, and what would help; "" if it has a bound.
func (e *Entry) Reason() string {
	switch e.Status {
	case Unbounded:
		return "unbounded by " + e.recursion() + e.besides()
	case LowerBound:
		return "may be deeper: " + e.unknown()
	}
	return ""
}

// recursion is about the entry's first cycle, and counts the others.
func (e *Entry) recursion() string {
	if len(e.Cycles) == 0 {
		return "functions that call each other in turn"
	}
	c := &e.Cycles[0]
	text := "a possible recursion: "
	if c.Reached {
		text = "a certain recursion: "
	}
	text += c.String() + "; " + c.Remedy()
	if more := len(e.Cycles) - 1; more > 0 {
		text += fmt.Sprintf("; so does %s", counted(more, "other recursion"))
		if more > 1 {
			text = strings.Replace(text, "; so does ", "; so do ", 1)
		}
	}
	return text
}

// CertainlyUnbounded reports whether no call of a recursion, nor of how the entry comes to it, could go elsewhere: to know more of what calls may reach
// would give it no bound.
func (e *Entry) CertainlyUnbounded() bool {
	return slices.ContainsFunc(e.Cycles, func(c Cycle) bool { return c.Reached })
}

// Certainty says in a few words whether the recursion is there for certain.
func (c *Cycle) Certainty() string {
	switch {
	case c.Reached:
		return "certain"
	case c.Certain:
		return "certain if it is reached"
	}
	return "possible"
}

// String says who calls itself: one cycle of the recursion, and how many functions take part.
func (c *Cycle) String() string {
	first := c.Funcs[0]
	text := first + " calls itself"
	if len(c.Funcs) > 1 {
		text += " through " + c.Funcs[1]
	}
	if more := len(c.Funcs) - 2; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("%s, %d B a turn", text, c.Bytes)
}

// Remedy says what would take the recursion out of the way.
func (c *Cycle) Remedy() string {
	switch {
	case len(c.Limits) == 0:
		return "a limit (//spade:turns N) would bound it"
	case c.More:
		text := fmt.Sprintf("limits on more than %d functions would be needed", len(c.Limits))
		if j := c.Junction; j != nil {
			text += fmt.Sprintf(", unless the call in %s at %s, which may lead to %d of them, is told what it calls (//spade:calls F in %[1]s)", j.Func, j.At, j.Targets)
		}
		return text
	}
	l := c.Limits[0]
	text := fmt.Sprintf("a limit (//spade:turns N in %s), for what is at %s, would bound it", l.Func, l.At)
	if more := len(c.Limits) - 1; more > 0 {
		text = fmt.Sprintf("limits on %d functions would bound it, one of them //spade:turns N in %s, for what is at %s", more+1, l.Func, l.At)
	}
	return text
}

// besides counts what is unknown of an entry without a bound.
func (e *Entry) besides() string {
	if len(e.Unknowns) == 0 {
		return ""
	}
	return fmt.Sprintf("; besides, %s, the first at %s", counted(len(e.Unknowns), "unknown"), e.Unknowns[0].place())
}

// unknown is about what is not known, the deepest first.
func (e *Entry) unknown() string {
	if len(e.Unknowns) == 0 {
		return "something is not known"
	}
	u := &e.Unknowns[0]
	same := 0
	for _, other := range e.Unknowns {
		if other.Kind == u.Kind {
			same++
		}
	}
	text := u.what(same)
	if rest := len(e.Unknowns) - same; rest > 0 {
		text += fmt.Sprintf(", and %s", counted(rest, "other unknown"))
	}
	return text + "; " + u.Remedy()
}

// what names u, and how many there are of its kind.
func (u *Unknown) what(same int) string {
	one, many := unknownWords(u.Kind)
	first := ""
	if same > 1 {
		one, first = fmt.Sprintf("%d %s", same, many), "the first "
	}
	text := fmt.Sprintf("%s, %sin %s at %s", one, first, u.Func, u.place())
	if u.Detail != "" {
		text += " (" + u.Detail + ")"
	}
	return text
}

func (u *Unknown) place() string {
	if at := u.At.String(); at != "" {
		return at
	}
	return u.Func
}

func unknownWords(kind string) (one, many string) {
	switch kind {
	case UnknownCall:
		return "a call whose target is unknown", "calls whose target is unknown"
	case UnknownAssembly:
		return "an indirect call by assembly", "indirect calls by assembly"
	case UnknownFrame:
		return "a frame that the binary does not tell", "frames that the binary does not tell"
	case UnknownDefer:
		return "a deferred call that is not known", "deferred calls that are not known"
	case UnknownC:
		return "C code that may call back", "pieces of C code that may call back"
	case UnknownEntry:
		return "a go statement whose function is not known", "go statements whose function is not known"
	}
	return kind, kind
}

// Remedy says what would make it known.
func (u *Unknown) Remedy() string {
	switch u.Kind {
	case UnknownCall, UnknownAssembly:
		return fmt.Sprintf("what it calls (//spade:calls F in %s) would bound it", u.Func)
	case UnknownEntry:
		return "what it starts (//spade:calls F in the line above) would make it known"
	}
	return "no assertion helps"
}

// counted writes a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
