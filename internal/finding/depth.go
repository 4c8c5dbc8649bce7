// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// A Program is what an analysis of depth has looked at.
type Program struct {
	Path      string `json:"path"` // import path of the main package
	Go        string `json:"go,omitempty"`
	Machine   string `json:"machine"`
	Functions int64  `json:"functions"` // in the binary
	// Preempt is how many bytes an asynchronous preemption can put below the deepest frame, for a while. It never makes a stack grow, and
	// no bound counts it.
	Preempt int64 `json:"preempt"`
	Guard   int64 `json:"guard"` // bytes below which a prologue asks for more stack
	Start   int64 `json:"start"` // bytes of the stack that forecasts start from
}

// A Status says what the bound of an entry is.
type Status string

// The statuses, in the order in which they are reported.
const (
	Unbounded  Status = "unbounded"   // recursion: the bound is that of one turn
	LowerBound Status = "lower bound" // something is not known, and may need more
	UpperBound Status = "upper bound" // never more than this; perhaps less
	Exact      Status = "exact"       // never more than this, and each call on the path can only be the next
)

// Kinds of entries.
const (
	KindMain      = "main"      // the initialization of all packages, and main.main
	KindGo        = "go"        // started by go statements
	KindTimer     = "timer"     // started by time.AfterFunc
	KindContext   = "context"   // started by context.AfterFunc
	KindSignal    = "signal"    // waits for signals, for os/signal.Notify
	KindCoroutine = "coroutine" // started by iter.Pull
	KindFinalizer = "finalizer" // called by the runtime's goroutine for runtime.SetFinalizer
	KindCleanup   = "cleanup"   // called by the runtime's goroutines for runtime.AddCleanup
	KindC         = "C"         // called by C code
)

// Kinds of what is unknown.
const (
	UnknownCall     = "call"     // an indirect call that the source says nothing of
	UnknownAssembly = "assembly" // an indirect call in assembly; reflection calls that way too
	UnknownFrame    = "frame"    // a function whose stack pointer moves otherwise than the binary's tables tell
	UnknownDefer    = "defer"    // a deferred call
	UnknownC        = "C"        // C code may call back into Go on the same stack
	UnknownEntry    = "entry"    // the function of a go statement
)

// A Site is a line of source.
type Site struct {
	File string `json:"file,omitempty"`
	Line int64  `json:"line,omitempty"`
}

// String is the site with the file's last directory, or "".
func (s Site) String() string {
	if s.File == "" {
		return ""
	}
	dir, name := path.Split(strings.ReplaceAll(s.File, `\`, "/"))
	name = path.Join(path.Base(dir), name)
	if s.Line <= 0 {
		return name
	}
	return fmt.Sprintf("%s:%d", name, s.Line)
}

// An Entry is a function that goroutines start with, and how deep they get. Sizes are bytes of stack, counted from the stack's upper
// end.
type Entry struct {
	Name     string    `json:"name,omitempty"` // "" if the go statement's function is not known
	Func     string    `json:"func,omitempty"` // the goroutines' first function, in the binary: a wrapper perhaps
	Kind     string    `json:"kind"`
	Start    Site      `json:"start"`
	GoSites  []Site    `json:"go_sites,omitempty"` // the go statements, or where the function is given to what starts it
	System   bool      `json:"system,omitempty"`   // the runtime's own
	Status   Status    `json:"status"`
	Bound    int64     `json:"bound"`
	Forecast Forecast  `json:"forecast"`
	Path     []Step    `json:"path,omitempty"` // the witness: the calls that lead to Bound
	Cycles   []Cycle   `json:"cycles,omitempty"`
	Unknowns []Unknown `json:"unknowns,omitempty"`
	Why      string    `json:"why,omitempty"` // what keeps it from having a bound, in one sentence; "" if it has one
	// Assertions are those of the user's that the bound rests on.
	Assertions []Assertion `json:"assertions,omitempty"`
}

// An Assertion is a comment in the program's source that says what the analysis can't know.
type Assertion struct {
	Text string `json:"text"`
	At   Site   `json:"at"`
}

// A Forecast is what a stack of Program.Start bytes needs to get as deep as the bound, once, on the runtime of stock Go.
type Forecast struct {
	Size    int64 `json:"size"` // the stack's in the end
	Growths int64 `json:"growths"`
	Copied  int64 `json:"copied"` // bytes
}

// A Step is one function on a witness path.
type Step struct {
	Func  string `json:"func"`
	Call  Site   `json:"call"`            // where the step before calls it
	Bytes int64  `json:"bytes"`           // from the function's place on entry to that of the next step, or to the deepest place
	Maybe bool   `json:"maybe,omitempty"` // the call may have other targets, or only happens in a panic
	// Deferred is for a function that runs on top of all steps before it, because of a panic or of runtime.Goexit; the step that defers it
	// is further up.
	Deferred bool `json:"deferred,omitempty"`
	// Asserted says by which assertion the step is the next one, or the first of so many turns; "" for most.
	Asserted string `json:"asserted,omitempty"`
}

// A Cycle is a recursion: functions that call each other in turn.
type Cycle struct {
	Funcs     []string `json:"funcs"`
	Bytes     int64    `json:"bytes"`     // a turn
	Functions int64    `json:"functions"` // how many are in cycles with these
	// Certain is set if no call of the cycle could go elsewhere. Otherwise the recursion may only be there for all that is known of what calls may reach.
	Certain bool `json:"certain,omitempty"`
	// Reached is set if, besides, no call by which the entry comes to the cycle could go elsewhere.
	Reached bool `json:"reached,omitempty"`
	// Limits are functions that every cycle of these goes through. If there would have to be More, they are those that most seem to go through.
	Limits   []Limit   `json:"limits,omitempty"`
	More     bool      `json:"more,omitempty"`
	Junction *Junction `json:"junction,omitempty"`
}

// An Unknown is a call, or a function, that keeps a bound from being one.
type Unknown struct {
	Kind   string `json:"kind"`
	Func   string `json:"func"`
	At     Site   `json:"at"`
	Bytes  int64  `json:"bytes"` // of stack that are used there, at most
	Detail string `json:"detail,omitempty"`
}

// DepthReport is a stream of findings on depth, sorted for a reader. Its Handle collects; writers that show tables embed it.
type DepthReport struct {
	Program Program
	Entries []*Entry
}

// Handle collects m.
func (r *DepthReport) Handle(m Message) error {
	switch {
	case m.Program != nil:
		r.Program = *m.Program
	case m.Entry != nil:
		r.Entries = append(r.Entries, m.Entry)
	}
	return nil
}

// Sorted returns the entries: those without a bound first, then the deepest first; the runtime's own last.
func (r *DepthReport) Sorted() []*Entry {
	entries := slices.Clone(r.Entries)
	rank := func(e *Entry) int {
		switch {
		case e.System:
			return 2
		case e.Status == Unbounded:
			return 0
		}
		return 1
	}
	slices.SortStableFunc(entries, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Bound, a.Bound), cmp.Compare(a.Name, b.Name))
	})
	return entries
}

// Count returns how many entries that are not the runtime's own have a status.
func (r *DepthReport) Count(s Status) int {
	n := 0
	for _, e := range r.Entries {
		if e.Status == s && !e.System {
			n++
		}
	}
	return n
}
