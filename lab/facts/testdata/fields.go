// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package facts is compiled by TestFieldOrder.
package facts

import "unsafe"

type wide struct {
	a bool
	b int64
	c bool
}

type narrow struct {
	b    int64
	a, c bool
}

func wideSize() uintptr   { return unsafe.Sizeof(wide{}) }
func narrowSize() uintptr { return unsafe.Sizeof(narrow{}) }

var (
	keptWide   *wide
	keptNarrow *narrow
)

func stay() int64 {
	var staysWide wide
	var staysNarrow narrow
	return useWide(&staysWide) + useNarrow(&staysNarrow)
}

//go:noinline
func useWide(p *wide) int64 { return p.b }

//go:noinline
func useNarrow(p *narrow) int64 { return p.b }

func goes() {
	var wideGoes wide
	var narrowGoes narrow
	keptWide, keptNarrow = &wideGoes, &narrowGoes
}
