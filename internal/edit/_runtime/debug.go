// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "unsafe"

// Switches that make mistakes with slots show: GOSPADE=move=1 and GOSPADE=poison=1. They cost a lot.

var (
	// slotMoves: the collector moves goroutines that it has stopped, one in two, to another slot.
	slotMoves bool
	// slotPoisons: stack that nobody may use any more is filled with slotPoison.
	slotPoisons bool
)

// slotPoison is odd and no canonical address, so that it faults as a pointer, and is not what fresh pages hold.
const slotPoison = 0xdb

// slotMove moves gp to a slot, or to another one. As for slotShrink, gp is suspended where its stack may be moved.
func slotMove(gp *g) {
	if slotMoves && slotsOn && cheaprandn(2) == 0 {
		copystack(gp, gp.stack.hi-gp.stack.lo)
	}
}

// slotFill poisons [lo, hi) of a slot. The caller owns that memory, and keeps the sweeper away from it.
func slotFill(lo, hi uintptr) {
	if slotPoisons {
		for p := lo; p < hi; p++ {
			*(*byte)(unsafe.Pointer(p)) = slotPoison
		}
	}
}
