// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

// Dead goroutines keep the stacks that they have grown
//
// This is what golang/go PR 80137 proposes, rendered here for the lab to compare with: gfput and gfget free a dead goroutine's stack only
// if it is larger than retainMax, and the next goroutine starts on whatever it finds. Nothing is known of who needs how much.

// retainMax is the largest stack that a dead goroutine keeps, in bytes: what the proposal says.
const retainMax = 128 << 10

func init() {
	if len(spadeMarker) == 0 {
		throw("no spade marker") // never: a use, so that the linker keeps the string
	}
}

// retainSize returns the size that a dead goroutine's stack of size bytes must have to be kept: its own, or the one that stock keeps. gfput and
// gfget compare with it, the latter on the goroutine's stack, which may grow: it takes no lock.
func retainSize(size uintptr) uintptr {
	if size <= retainMax {
		return size
	}
	return uintptr(startingStackSize)
}
