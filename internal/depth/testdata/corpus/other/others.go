// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package other has files and functions that are named as those of package main are.
package other

// SameName calls f in a line in which package main has a function too.
//
//go:noinline
func SameName(n int, f func()) int {
	if n > 0 {
		f()
	}
	return n + sameName(n)
}

//go:noinline
func sameName(n int) int { return n + 1 }

// linkedAway is used by package main under that name.
//
//go:noinline
func linkedAway(f func()) { f() }
