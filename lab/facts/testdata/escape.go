// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package facts is compiled by TestEscapeFlow.
package facts

var kept *int

func returns() *int {
	returned := 1
	return &returned
}

func stores() {
	stored := 2
	kept = &stored
}

func passes() {
	passed := 3
	keeps(&passed)
}

func lends() int {
	lent := 4
	return looks(&lent)
}

//go:noinline
func keeps(p *int) { kept = p }

//go:noinline
func looks(p *int) int { return *p }
