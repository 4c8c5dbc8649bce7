// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package obj

import (
	"cmd/internal/objabi"
	"os"
)

// Which functions have no stack check
//
// The runtime of a fault build gives goroutines stacks that need none: the kernel commits their pages, and below lies a
// guard. A function without a check is not marked NOSPLIT by that, which would put it into the linker's sum of nosplit frames.

// checksLeft says what the environment variable SPADE_CHECKS asks for: "all" (no function that may go without has a check),
// "deep" (those that a recursion must pass through keep it). Anything else leaves all checks in.
var checksLeft = os.Getenv("SPADE_CHECKS")

// frameUnchecked is the largest frame, in bytes, of a function without a check. The runtime's guard is larger: the frame's
// lower end, which the next call touches, is in the guard if it is not in the stack.
const frameUnchecked = 32 << 10

// cyclic holds the names of the functions of this package that may call themselves by static calls. The compiler fills it
// before it compiles the first function.
var cyclic = map[string]bool{}

// NoteCycle records that the function called name may come back to itself by static calls.
func NoteCycle(name string) { cyclic[name] = true }

// Unchecked reports whether the function s with framesize bytes of frame, which is to be assembled, has no stack check.
func Unchecked(ctxt *Link, s *LSym, framesize int32) bool {
	if checksLeft != "all" && checksLeft != "deep" || framesize > frameUnchecked || s.CFunc() || keepsChecks(ctxt.Pkgpath) {
		return false
	}
	return checksLeft == "all" || !cyclic[s.Name] && !callsUnknown(ctxt, s)
}

// keepsChecks reports whether the functions of a package keep their checks. In these the runtime does not stop goroutines by
// signals, so that checks are all that stops them.
func keepsChecks(pkg string) bool {
	return pkg == "reflect" || objabi.LookupPkgSpecial(pkg).Runtime
}

// callsUnknown reports whether s calls a function that is not known until run time, or is written in assembly and calls any.
// Packages import each other without cycles, so a recursion that involves no such call is one of static calls in one package.
func callsUnknown(ctxt *Link, s *LSym) bool {
	for p := s.Func().Text; p != nil; p = p.Link {
		if p.As == ACALL && (p.To.Sym == nil || ctxt.IsAsm) {
			return true
		}
	}
	return false
}
