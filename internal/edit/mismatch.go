// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"fmt"
	"strings"
)

// A Mismatch is a declaration, or a file to add, that a set does not fit.
type Mismatch struct {
	Decl               // Name is empty if the file as a whole is meant
	Action    string   // the action that can't be carried out; empty if the declaration itself is at fault
	Found     string   // what was found instead
	Supported []string // releases in which the declaration is known
}

func (m Mismatch) String() string {
	var b strings.Builder
	b.WriteString(m.File)
	if m.Name != "" {
		b.WriteString(": " + m.Name)
	}
	if m.Action != "" {
		b.WriteString(": " + m.Action)
	}
	b.WriteString(": " + m.Found)
	if m.Name != "" && len(m.Supported) > 0 {
		b.WriteString(" (supported: as in " + strings.Join(m.Supported, ", ") + ")")
	}
	return b.String()
}

// A MismatchError says that a set does not fit a GOROOT, and why: all reasons
// at once.
type MismatchError struct {
	GOROOT   string
	Release  string   // what GOROOT says it is, or ""
	Releases []string // what the whole set is known to fit
	List     []Mismatch
}

func (e *MismatchError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the Go in %s", e.GOROOT)
	if e.Release != "" {
		fmt.Fprintf(&b, " (%s)", e.Release)
	}
	b.WriteString(" differs from what spade's edits are made for:\n")
	for _, m := range e.List {
		fmt.Fprintf(&b, "\t%v\n", m)
	}
	if len(e.Releases) == 0 {
		b.WriteString("no release is supported by all edits")
	} else {
		fmt.Fprintf(&b, "use one of %s, unmodified", strings.Join(e.Releases, ", "))
		fmt.Fprintf(&b, "; for example, set GOTOOLCHAIN=%s", e.Releases[len(e.Releases)-1])
	}
	return b.String()
}
