// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package dig

import "unsafe"

// The arrays' lengths make the frames Large and Small bytes on
// amd64 and come close elsewhere; the package's test measures it.

//go:noinline
func large(frames int, sum *uint32) (deepest uintptr) {
	var local [480]byte
	local[*sum%256] = byte(frames)
	if frames == 1 {
		deepest = uintptr(unsafe.Pointer(&local))
	} else {
		deepest = large(frames-1, sum)
	}
	*sum = *sum*5 + uint32(local[frames%256]) + 1
	return deepest
}

// small passes its total up in a register, where large stores it in every
// frame: as many frames as this is called for, the stores would be most of the
// work.
//
//go:noinline
func small(frames int, seed *uint32) (deepest uintptr, total uint32) {
	var local [32]byte
	local[*seed%16] = byte(frames)
	if frames == 1 {
		deepest = uintptr(unsafe.Pointer(&local))
	} else {
		deepest, total = small(frames-1, seed)
	}
	return deepest, total + uint32(local[*seed%32]) + 1
}

//go:noinline
func largeThen(frames int, sum *uint32, bottom func()) {
	var local [472]byte
	local[*sum%256] = byte(frames)
	if frames == 1 {
		bottom()
	} else {
		largeThen(frames-1, sum, bottom)
	}
	*sum = *sum*5 + uint32(local[frames%256]) + 1
}
