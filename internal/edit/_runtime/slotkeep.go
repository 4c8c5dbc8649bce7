// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "internal/runtime/atomic"

// How much is kept for later use
//
// Free stacks in the pool and in the list of loose slots are bounded in time by the sweeper, and here in bytes. They are no
// stack memory for memstats, but the collector takes them off the memory limit (GOMEMLIMIT), so that the heap and
// they stay below it together.

// stackKeptMax is the most that is kept, in bytes: what some ten thousand goroutines leave that went 16 KB deep.
const stackKeptMax = 512 << 20

// stackKeptShare is the part of the memory limit that may be kept, as a divisor.
const stackKeptShare = 10

// stackKept is the number of bytes kept. Those of slots are counted by what may have been touched.
var stackKept atomic.Int64

// stackKeepRoom reports whether more may be kept.
func stackKeepRoom() bool {
	kept := stackKept.Load()
	return kept < stackKeptMax && kept < gcController.memoryLimit.Load()/stackKeptShare
}

// stackKeptBytes returns the bytes kept.
func stackKeptBytes() uint64 {
	return uint64(max(stackKept.Load(), 0))
}

// stackKeptFor returns the bytes kept that the heap's goal under the memory limit must leave room for. Controllers that tests
// make up have no stacks.
func stackKeptFor(c *gcControllerState) uint64 {
	if c != &gcController {
		return 0
	}
	return stackKeptBytes()
}

// stackKeep counts a stack without a running goroutine as kept, stackUnkeep as kept no longer. Who calls has just put it
// on a list, or taken it off.
func stackKeep(s stack) {
	n := s.hi - s.lo
	if inSlots(s.hi) {
		hdr := slotHead(s.hi)
		n = s.hi - hdr.touched
		hdr.kept = n // pages may be discarded while it lies there
	}
	stackKept.Add(int64(n))
}

func stackUnkeep(s stack) {
	n := s.hi - s.lo
	if inSlots(s.hi) {
		n = slotHead(s.hi).kept
	}
	stackKept.Add(-int64(n))
}
