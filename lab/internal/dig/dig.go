// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package dig makes stacks deep on purpose, in frames of a known size.
//
// Each frame holds an array that the compiler has to clear and keep, and a
// pointer into the frame of the first call, so that a stack copy has something
// to adjust in every frame.
package dig

import (
	"fmt"
	"unsafe"
)

// Frame sizes in bytes, return address included.
const (
	Large = 512
	Small = 64
)

// A Shape is what a deep stack is made of.
type Shape struct {
	frames int
	size   int
}

// Of returns the shape that goes depth bytes deep in frames of size bytes,
// rounded down to whole frames. It refuses sizes other than Large and Small
// and depths of less than one frame.
func Of(depth, size int) (Shape, error) {
	if size != Large && size != Small {
		return Shape{}, fmt.Errorf("no frames of %d bytes: use %d or %d", size, Large, Small)
	}
	if depth < size {
		return Shape{}, fmt.Errorf("a depth of %d bytes is less than one frame of %d", depth, size)
	}
	return Shape{frames: depth / size, size: size}, nil
}

// Depth returns the bytes that the shape's frames take together.
func (s Shape) Depth() int { return s.frames * s.size }

// Down goes as deep as the shape says and comes back with a value that depends
// on every frame.
func (s Shape) Down() uint32 {
	sum := uint32(s.frames)
	s.to(&sum)
	return sum
}

func (s Shape) to(sum *uint32) (deepest uintptr) {
	if s.size == Small {
		deepest, total := small(s.frames, sum)
		*sum += total
		return deepest
	}
	return large(s.frames, sum)
}

// DownThen is Down in large frames, with a call of bottom from the deepest one.
func (s Shape) DownThen(bottom func()) uint32 {
	sum := uint32(s.frames)
	largeThen(max(1, s.Depth()/Large), &sum, bottom)
	return sum
}

// Measure returns the bytes between the last of the shape's frames and its
// caller's: what Down really uses, less one frame.
func (s Shape) Measure() int {
	span := make(chan int)
	go func() {
		s.Down() // from here on the stack is deep enough, and stays where it is
		var sum uint32
		top := uintptr(unsafe.Pointer(&sum))
		span <- int(top - s.to(&sum))
	}()
	return <-span
}
