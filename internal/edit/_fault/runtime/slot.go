// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/runtime/sys"
	"unsafe"
)

// Where slots come from: two reservations, readable and writable but not charged, with a bit for each slot.

const (
	slotDense = iota
	slotWide
	slotKinds
)

const (
	slotDenseMax  = 1 << 20
	slotWideMax   = 4096
	slotWideStart = 16 // one in so many of the wide slots is for goroutines that start

	mapNoReserve     = 0x4000 // MAP_NORESERVE
	madvGuardInstall = 102    // MADV_GUARD_INSTALL, Linux 6.13
	madvGuardRemove  = 103    // MADV_GUARD_REMOVE
	slotAlign        = 2 << 20
	slotOffset       = 1 << 20
	slotDenseMin     = 64 // with room for fewer slots the program is refused
	slotWideMin      = 4
	slotBitsPerWord  = 64
)

// A slotArea is the slots of one kind. base, size, stride and count are constant after slotReserve; the rest is guarded by
// slotLock.
type slotArea struct {
	base, size uintptr
	stride     uintptr
	count      uintptr
	taken      []uint64 // a bit per slot; a slot that is not taken has no pages
	hint       uintptr  // no word of taken below this one has a zero bit
	guarded    uintptr  // the first slots that have been given a guard
	used       uintptr  // number of slots taken
	most       uintptr  // the largest used has been
}

var (
	slotAreas [slotKinds]slotArea
	slotLock  mutex // leaf
	slotBits  struct {
		dense [slotDenseMax / slotBitsPerWord]uint64
		wide  [slotWideMax / slotBitsPerWord]uint64
	}
)

// inSlots reports whether p, an address or the end of a stack, lies in a slot or at its end.
//
//go:nosplit
func inSlots(p uintptr) bool {
	return p-1-slotAreas[slotDense].base < slotAreas[slotDense].size || p-1-slotAreas[slotWide].base < slotAreas[slotWide].size
}

// slotAreaOf returns the area of the slot that the stack ending at hi is in.
//
//go:nosplit
func slotAreaOf(hi uintptr) *slotArea {
	if a := &slotAreas[slotWide]; hi-1-a.base < a.size {
		return a
	}
	return &slotAreas[slotDense]
}

// slotReserve reserves the address space, as much as there is to have up to the maximum, and reports whether it could, or
// else the error number.
func slotReserve() (errno int) {
	if errno := slotAreas[slotDense].reserve(slotSpan, slotDenseMin, slotBits.dense[:]); errno != 0 {
		return errno
	}
	return slotAreas[slotWide].reserve(wideStride, slotWideMin, slotBits.wide[:])
}

func (a *slotArea) reserve(stride, least uintptr, bits []uint64) (errno int) {
	for count := uintptr(len(bits)) * slotBitsPerWord; count >= least; count /= 4 {
		size := count*stride + 2*slotAlign
		v, err := mmap(nil, size, _PROT_READ|_PROT_WRITE, _MAP_ANON|_MAP_PRIVATE|mapNoReserve, -1, 0)
		if err == 0 {
			// A huge page would make 2 MiB resident for a goroutine that needs 4 KiB.
			madvise(v, size, _MADV_NOHUGEPAGE)
			a.stride, a.count, a.taken = stride, count, bits
			a.base = alignUp(uintptr(v), slotAlign) + slotOffset
			a.size = count * stride
			return 0
		}
		errno = err
	}
	return errno
}

// slotTake returns where the stack of a slot that was free ends, or 0. With start set it is for a goroutine that is to start:
// a wide slot as long as few are taken, else a dense one. Otherwise it is a wide one.
func slotTake(start bool) (hi uintptr) {
	lock(&slotLock)
	a := &slotAreas[slotWide]
	if start && a.used >= a.count/slotWideStart {
		a = &slotAreas[slotDense]
	}
	hi = a.take()
	unlock(&slotLock)
	return hi
}

func (a *slotArea) take() uintptr {
	for ; a.hint*slotBitsPerWord < a.count; a.hint++ {
		free := ^a.taken[a.hint]
		if free == 0 {
			continue
		}
		i := a.hint*slotBitsPerWord + uintptr(sys.TrailingZeros64(free))
		if i >= a.count {
			return 0
		}
		end := a.base + (i+1)*a.stride
		if i >= a.guarded {
			if !guardSet(end-slotSpan, guardSize) {
				return 0
			}
			a.guarded = i + 1
		}
		a.taken[a.hint] |= free & -free
		a.used++
		a.most = max(a.most, a.used)
		return end - i%slotColors*slotColour
	}
	return 0
}

// slotDrop makes a slot free: without pages, and with its guard where it was at first.
func slotDrop(s stack) {
	start, guardEnd, end := slotOf(s)
	if s != slotFirst(s.hi) {
		guardClear(start, guardEnd-start)
		guardSet(end-slotSpan, guardSize)
	}
	madvise(unsafe.Pointer(start), end-start, _MADV_DONTNEED)
	lock(&slotLock)
	a := slotAreaOf(s.hi)
	i := (s.hi - 1 - a.base) / a.stride
	a.taken[i/slotBitsPerWord] &^= 1 << (i % slotBitsPerWord)
	a.hint = min(a.hint, i/slotBitsPerWord)
	a.used--
	unlock(&slotLock)
}

// guardSet makes a guard of n bytes from p on, whose pages are lost; guardClear takes it away.
//
//go:nosplit
func guardSet(p, n uintptr) bool { return madvise(unsafe.Pointer(p), n, madvGuardInstall) == 0 }

//go:nosplit
func guardClear(p, n uintptr) bool { return madvise(unsafe.Pointer(p), n, madvGuardRemove) == 0 }
