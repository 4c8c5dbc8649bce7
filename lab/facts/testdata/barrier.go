// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package facts is compiled by TestStackWriteBarrier.
package facts

type pair struct{ a, b *int }

var kept pair

//go:noinline
func toHeap(p *int) { kept.a = p }

//go:noinline
func toStack(p *int) int {
	var local pair
	local.a = p
	return uses(&local)
}

//go:noinline
func uses(p *pair) int { return *p.a }
