// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"strings"
)

// A MismatchError is for a binary that was not built from the source.
type MismatchError struct {
	Func       string // one that the source does not have
	File       string
	Line       int
	Known, All int // functions of the binary that the source has, of those that it should have
}

func (e *MismatchError) Error() string {
	return fmt.Sprintf("the binary was not built from this source: of its %d functions the source has %d, and not %s at %s:%d",
		e.All, e.Known, e.Func, e.File, e.Line)
}

// match checks that functions of the binary start where functions in the source do: those of the main package all, of the others 99 in
// a hundred, since there may be instances of generic functions that nothing in the source uses. What the compiler has written is left
// out.
func match(c *code, s *source) error {
	e := &MismatchError{}
	for i := range c.functions {
		f := &c.functions[i]
		if !isFromSource(f) || isWritten(f.Name) {
			continue
		}
		e.All++
		if s.starts(f) {
			e.Known++
		} else if e.Func == "" || inMain(f.Name) {
			e.Func, e.File, e.Line = f.Name, f.file, f.StartLine
		}
	}
	if e.All-e.Known > e.All/100 || inMain(e.Func) {
		return e
	}
	return nil
}

// starts reports whether a function in the source starts where the binary's does.
func (s *source) starts(f *function) bool { return len(s.functions[f.start()]) > 0 }

func isFromSource(f *function) bool {
	return !f.Assembly && f.StartLine > 0 && strings.HasSuffix(f.file, ".go") && !strings.HasPrefix(f.file, "_cgo_")
}

// inMain reports whether the function is declared in the main package, and not generic.
func inMain(name string) bool {
	declared, found := strings.CutPrefix(name, "main.")
	return found && !strings.Contains(name, "[") && !strings.Contains(declared, ".func")
}

// isWritten reports whether the compiler has written the function, in the place of a statement or of a package.
func isWritten(name string) bool {
	last := methodName(name)
	return strings.HasPrefix(last, "gowrap") || strings.HasPrefix(last, "deferwrap") || strings.HasSuffix(name, "-fm") ||
		initializes(name) || strings.Contains(name, ".map.init.") || strings.Contains(name, "-range")
}
