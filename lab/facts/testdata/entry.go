// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package facts is compiled for several architectures by TestEntrySequence.
package facts

//go:noinline
func leaf(x int) int { return x + 1 }

//go:noinline
func small(x int) int { return leaf(x) + leaf(x+1) }

//go:noinline
func large(x int) int {
	var local [512]byte
	fill(&local)
	return leaf(x) + int(local[x&511])
}

//go:noinline
func fill(bytes *[512]byte) { bytes[0] = 1 }
