// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"os"

	"github.com/spadego/spade/internal/pclntab"
)

// SizesOf reads the frame sizes of a Go binary of Go 1.20 or later, stripped or not. Functions are told apart by name.
func SizesOf(path string) (Sizes, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, plain(err)
	}
	defer f.Close()
	frames, err := pclntab.FrameSizes(f)
	if err != nil {
		return nil, err
	}
	return func(name string) (int64, bool) {
		n, known := frames[name]
		return n, known
	}, nil
}

// Stock Go's sizes, in bytes: what a goroutine starts with, and what a check leaves free below the frame that it lets in. They
// are the same on all systems but Windows and Plan 9, whose stacks are a little larger.
const (
	smallestStack = 2048
	stackGuard    = 928
	largestStack  = 1 << 30
)

// A measurement is what the frame sizes tell about a stack at the moment it grew.
type measurement struct {
	largest int   // index of the call with the largest frame, or -1
	reach   int64 // bytes of the stack that the growth led to, or 0 if a frame's size is not known
}

// measure adds the frames of a stack up, leaf first: the first call is the one that asked for more.
func (t *Tally) measure(stack []call) measurement {
	m := measurement{largest: -1}
	if t.sizes == nil {
		return m
	}
	var used, most int64
	known := true
	for i := range stack {
		if stack[i].inlined {
			continue
		}
		n, ok := t.sizes(stack[i].name)
		known = known && ok
		used += max(0, min(n, largestStack))
		if ok && n > most {
			m.largest, most = i, n
		}
	}
	if known && len(stack) > 0 {
		m.reach = 2 * smallestStack
		for m.reach < used+stackGuard && m.reach < largestStack {
			m.reach *= 2
		}
	}
	return m
}
