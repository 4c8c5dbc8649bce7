// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import "github.com/spadego/spade/internal/finding"

const (
	// startSize is the smallest stack of a goroutine.
	startSize = 2048
	// guard is how many bytes above a stack's lower end stackguard0 is (stackGuard in runtime/stack.go): a chain of functions without
	// checks may use 800 of them, and a frame up to smallFrame bytes needs no other check than one of the caller's stack pointer.
	guard = 928
)

// A check is one prologue: used bytes of stack are above the place of the stack pointer on entry, the prologue asks about a place
// lower bytes below that, and the function's frame has frame bytes.
type check struct{ used, lower, frame int64 }

// grow is how a stack of startSize bytes grows over a series of prologues, as runtime.newstack does it: a prologue asks for more stack
// unless more than guard bytes are left; the size doubles until the frame has room; what is used is copied.
func grow(checks []check) finding.Forecast {
	f := finding.Forecast{Size: startSize}
	for _, c := range checks {
		for f.Size-c.used-c.lower <= guard {
			f.Size *= 2
			for f.Size-c.used < c.frame+guard {
				f.Size *= 2
			}
			f.Growths++
			f.Copied += c.used
		}
	}
	return f
}
