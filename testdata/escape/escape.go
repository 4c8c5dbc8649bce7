// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package escape is compiled by TestEscapeByUse, which reads the compiler's decision on each marked line.
package escape

import "sync"

type point struct{ x, y int }

var kept any

//go:noinline
func looks(v any) int { return v.(*point).x }

//go:noinline
func keeps[P *point](p P) { kept = p }

func asInterface() int { return looks(&point{1, 2}) } // want "&point{...} does not escape"

func asTypeParameter() { keeps(&point{1, 2}) } // want "&point{...} escapes to heap"

func joined() int {
	x := 1 // want "moved to heap: x"
	var exited sync.WaitGroup
	exited.Add(1)
	go func() { // want "func literal escapes to heap"
		x++
		exited.Done()
	}()
	exited.Wait()
	return x
}
