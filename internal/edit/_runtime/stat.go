// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "unsafe"

// Counts of what stacks did, kept on each P and added up when someone asks.

// stackCounts are written by the P's owner only, on the system stack, and read by anyone, perhaps a little late.
type stackCounts struct {
	inplace uint64 // growths by lowering a bound
	copies  uint64 // growths by copying
	shrinks uint64 // shrinkings by copying
	copied  uint64 // bytes copied by either, or by a forced move
	starts  uint64 // goroutines started in a slot

	unneeded uint64 // of these, an estimate of those that never needed one
	outgrown uint64 // goroutines started with a larger stack that was not large enough
}

// stackCountsRest holds the counts of Ps that are gone (added with the world stopped) and of growths without a P (which
// may lose a count to one another).
var stackCountsRest stackCounts

func stackCount(pp *p) *stackCounts {
	if pp == nil {
		return &stackCountsRest
	}
	return &pp.stacks.stackCounts
}

//go:noinline
func (c *stackCounts) add(d *stackCounts) {
	type counts [unsafe.Sizeof(stackCounts{}) / 8]uint64
	for i, n := range (*counts)(unsafe.Pointer(d)) {
		(*counts)(unsafe.Pointer(c))[i] += n
	}
}

// stackCountsRetire keeps the counts of pp, which is about to be destroyed.
func stackCountsRetire(pp *p) {
	stackCountsRest.add(&pp.stacks.stackCounts)
	pp.stacks.stackCounts = stackCounts{}
}

// stackCountsRead adds up the counts of all Ps.
func stackCountsRead() (sum stackCounts) {
	lock(&allpLock)
	sum = stackCountsRest // no P retires now: it takes a stopped world
	for _, pp := range allp {
		sum.add(&pp.stacks.stackCounts)
	}
	unlock(&allpLock)
	return sum
}
