// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"runtime"
	"time"
)

// A plunge is a recursion that calls nothing else on its way: a stack without checks, in a slot of 2 MiB, comes to its guard by it, unnoticed by
// any check, and not to the guard's last part, which nothing opens. On amd64 a level takes plungeLevel bytes.
const (
	plungeLevel  = 152
	plungeLevels = 1930 << 10 / plungeLevel
)

// plunge goes down, does there what goroutines do at the bottom, or nothing, and comes up.
func (w *walk) plunge() {
	levels := plungeLevels + w.r.IntN(200)
	if got, want := w.fall(levels, uint64(levels)), uint64(levels); got != want {
		fail("a plunge of %d levels came up from %d", want, got)
	}
}

//go:noinline
func (w *walk) fall(n int, salt uint64) uint64 {
	var frame [14]uint64
	for i := range frame {
		frame[i] = salt*29 + uint64(i)
	}
	var below uint64
	if n > 1 {
		below = w.fall(n-1, salt+1)
	} else {
		w.touch()
	}
	for i := range frame {
		if frame[i] != salt*29+uint64(i) {
			return 0 // to fail here would be a call with a check in some frame of the way
		}
	}
	if n > 1 && below == 0 {
		return 0
	}
	return below + 1
}

// touch lets one in two plunges come to a check, or be stopped, while it is at its deepest.
//
//go:noinline
func (w *walk) touch() {
	switch w.end % 8 {
	case 0:
		runtime.Gosched()
	case 1:
		time.Sleep(time.Microsecond)
	case 2:
		w.spin()
	case 3:
		panic("bottom")
	}
}
