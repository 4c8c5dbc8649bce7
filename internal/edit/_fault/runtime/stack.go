// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "unsafe"

// Goroutine stacks without checks
//
// In a fault build most functions don't check whether the stack has room. So a goroutine's stack is as large as it may get from
// the start: a slot of address space, of which the kernel commits a page when it is first touched. Nothing in the runtime takes
// notice of that. Below lies a guard, whose use is a SIGSEGV: see spade_guard.go.
//
//	slot's end   +--------------------------+  a 2 MiB boundary plus 1 MiB; the guard of the slot above starts here
//	             | colour (0 … 15×128 B)    |  differs from slot to slot, lest all tops compete for the same cache sets
//	g.stack.hi   +--------------------------+
//	             | frames                   |
//	g.stack.lo   +--------------------------+  page aligned
//	             | guard                    |  its lowest guardKeep bytes are never opened
//	slot's start +--------------------------+  = end - span
//
// A dense slot's span is slotSpan, 8 MiB unless GOSPADE=slot=… says otherwise. Guards are marks in page tables, not mappings,
// and cost a page of page table per 2 MiB they are in. Of dense slots they share it with the top of the slot below.
//
// A wide slot is wideStride bytes of address space, used from its end: its span is slotSpan at first and doubles when the guard
// is hit. The first goroutines start in wide slots, and others move there when they need more than their dense slot and a
// function with a check finds that out. Elsewhere a stack can't move: the compiler says where its pointers are only at calls.
//
// Functions of package runtime, and of those that it imports, keep their checks. So do those with large frames. These compare
// with g.stackguard0, as ever. It is near g.stack.lo, and poisoned to preempt.

const (
	guardPage = 4096
	guardSize = 256 << 10 // larger than the frame of any function without a check
	guardKeep = 64 << 10  // likewise

	slotColour = 128 // bytes between the tops of neighbouring slots, modulo a page
	slotColors = 16

	slotSpanMin = 2 << 20
	slotSpanMax = 1 << 30
	wideStride  = 1 << 30

	// stackNominal is what memstats and the pacer count for the stack of a goroutine, in bytes. How much was touched only
	// the kernel knows; most goroutines touch a page.
	stackNominal = 4096
)

// slotSpan is the span of a dense slot, in bytes, a power of two. Constant after spadeInit.
var slotSpan uintptr = 8 << 20

// slotOf returns the bounds of the guard and of the slot that the stack s, which is in one, belongs to.
//
//go:nosplit
func slotOf(s stack) (start, guardEnd, end uintptr) {
	a := slotAreaOf(s.hi)
	end = a.base + ((s.hi-1-a.base)/a.stride+1)*a.stride
	if a == &slotAreas[slotWide] {
		return s.lo - guardSize, s.lo, end
	}
	return end - slotSpan, s.lo, end
}

// slotFirst returns the stack, ending at hi, that a slot has at first. It has the same lo for all of a slot's colours.
func slotFirst(hi uintptr) stack {
	_, _, end := slotOf(stack{hi: hi})
	return stack{end - slotSpan + guardSize, hi}
}

// slotSpent reports whether s is the stack of a dense slot whose guard has been opened.
func slotSpent(s stack) bool {
	size := s.hi - s.lo
	return size > slotSpan-guardSize && size < slotSpan && inSlots(s.hi)
}

// stackNew returns a stack for a goroutine that is to start. It runs on the system stack.
func stackNew() stack {
	hi := slotTake(true)
	if hi == 0 {
		throw("spade: no address space is left for another goroutine's stack; see GOSPADE=slot")
	}
	stackAccount(stackNominal)
	return slotFirst(hi)
}

// stackReusable returns the size that gp's stack must have to be kept for the next goroutine: the one it has, or 0.
func stackReusable(gp *g) uintptr {
	if gp.stack.hi == 0 || gp.stack != slotFirst(gp.stack.hi) {
		return 0
	}
	return gp.stack.hi - gp.stack.lo
}

// stackG returns a new g with a stack, in the place of malg, which clears the stack's lowest word and so touches its page.
func stackG() *g {
	gp := malg(-1)
	systemstack(func() { gp.stack = stackNew() })
	gp.stackguard0 = gp.stack.lo + stackGuard
	gp.stackguard1 = ^uintptr(0)
	return gp
}

// stackDrop frees a stack if it is in a slot, and reports whether it is: then stackfree, which calls it, has nothing to do.
func stackDrop(s stack) bool {
	if !inSlots(s.hi) {
		return false
	}
	slotDrop(s)
	stackAccount(-stackNominal)
	return true
}

// stackScannable returns what a change in the size of stacks means for the pacer, which is told of the sizes of slots.
func stackScannable(amount int64) int64 {
	switch {
	case amount > slotSpanMax*2:
		return 0 // one has moved: see stackMoveTo
	case amount > slotSpanMin/2:
		return stackNominal // a goroutine has started
	case amount < -slotSpanMin/2:
		return -stackNominal // one has ended
	}
	return amount // stacks of the runtime's own
}

// stackAccount tells memstats that stacks hold n bytes more. It moves the three figures that must agree whenever the world is
// stopped (see readmemstats_m); the caller, on the system stack, can't be stopped in between.
func stackAccount(n int64) {
	stats := memstats.heapStats.acquire()
	stats.committed += n
	stats.inStacks += n
	memstats.heapStats.release()
	gcController.mappedReady.Add(n)
}

// stackTrim gives back the pages that a goroutine has used and does not use now, and reports whether its stack is in a slot: then
// shrinkstack, which calls it with the goroutine suspended, has nothing to copy. That pages were used shows in one of them; what
// is less than stackSlack below sp stays.
func stackTrim(s stack, sp uintptr) bool {
	if !inSlots(s.hi) {
		return false
	}
	if low := (sp - stackSlack) &^ (guardPage - 1); low > s.lo {
		var resident byte
		if mincore(unsafe.Pointer(low-guardPage), guardPage, (*byte)(noescape(unsafe.Pointer(&resident)))) == 0 && resident&1 != 0 {
			madvise(unsafe.Pointer(s.lo), low-s.lo, _MADV_DONTNEED)
			guardCounts.trimmed.Add(1)
		}
	}
	return true
}

// stackSlack is how much of a stack is kept for the next time, in bytes.
const stackSlack = 32 << 10

// stackTrimFree gives back the pages that dead goroutines have used, which pp keeps for those to come. The collector calls it, for
// each P in turn.
func stackTrimFree(pp *p) {
	for gp := pp.gFree.head.ptr(); gp != nil; gp = gp.schedlink.ptr() {
		if gp.stack.hi != 0 {
			stackTrim(gp.stack, gp.stack.hi)
		}
	}
}
