// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/goexperiment"
	"internal/runtime/atomic"
	"unsafe"
)

// Slots: goroutine stacks that grow in place
//
// A slot is a piece of reserved address space for one goroutine's stack. The stack fills it from the top. Only the
// part above the logical bound, g.stack.lo, is in use; growing lowers that bound, and the kernel commits the pages
// below it when they are first touched. So a growth inside a slot unwinds nothing, copies nothing and adjusts no
// pointer. Function prologues, guard arithmetic and the traceback see an ordinary stack [lo, hi).
//
//	slotTop(hi)  +--------------------------+  page aligned; the next slot starts here
//	             | colour (0 … 15×128 B)    |  differs from slot to slot: see slotHi
//	             | slotHeader (64 B)        |
//	g.stack.hi   +--------------------------+
//	             | kind word, 24 B spare    |  newproc1 leaves 32 B above the first frame; see spade_kind.go
//	             | goexit's frame           |
//	             | frames                   |
//	g.sched.sp   |~~~~~~~~~~~~~~~~~~~~~~~~~~|
//	             | room, then stackGuard    |
//	g.stack.lo   +--------------------------+  = hi - size, size a power of two, ≤ the class
//	             | not in use: cold pages,  |
//	             | or never touched         |
//	slot base    +--------------------------+  = slotTop - (class + one page)
//
// The extra page of every slot holds header and colour, so that a slot of class C gives a whole C bytes of stack and
// every bound stays hi minus a power of two, as the rest of the runtime expects. A slot has no guard page: a Go
// function checks its bound before it uses stack, in a slot as anywhere else.
//
// All slots of all classes lie in one reservation outside the heap's arenas. A slot is recognised by its address
// (inSlots), never by its size.
//
// Who may touch what:
//   - g.stack of a slot belongs to whoever owns the goroutine's stack, as always: the goroutine itself on its g0, or the
//     holder of its _Gscan bit.
//   - Memory below hdr.lo belongs to the holder of hdr.busy. The sweeper gives it back to the kernel; growth takes it.
//     A bound may be raised without hdr.busy, never lowered.
//   - Free slots belong to the P or the list that holds them.

const (
	slotPage   = 4096 // slots need this page size; with another one they are off
	slotHeadSz = 64
	slotColour = 128 // bytes between the tops of neighbouring slots, modulo a page
	slotColors = 16

	slotClasses = 3
)

// slotClassSize is the stack that a slot of each class has room for, in bytes.
var slotClassSize = [slotClasses]uintptr{32 << 10, 256 << 10, 4 << 20}

// slotMem says where slots are. Set once, with slotMemLock held, before the first slot is handed out; base and size
// stay 0 while there are none, so that inSlots needs no other test.
var slotMem struct {
	base, size uintptr
}

// A slotHeader lies above the stack of a slot, in the other half of the 128 bytes that the stack's first frame is in: they come
// into a cache together. It is zero in a slot that was never used or whose pages were given back.
type slotHeader struct {
	lo      uintptr // the owner uses no address below this one
	touched uintptr // lowest lo since pages of this slot were last given back: what is below was not touched
	recent  uintptr // lowest lo since the sweeper last came by
	busy    atomic.Uint32
	class   uint32
	next    uintptr // hi of the next slot in a free list of slots without a goroutine
	kept    uintptr // bytes that stackKept has of this slot
}

// inSlots reports whether p lies in the slots' reservation.
//
//go:nosplit
func inSlots(p uintptr) bool {
	return p-slotMem.base < slotMem.size
}

// slotTop returns the end of the slot whose stack ends at hi.
//
//go:nosplit
func slotTop(hi uintptr) uintptr {
	return (hi + slotHeadSz + slotPage - 1) &^ (slotPage - 1)
}

// slotHead returns the header of the slot whose stack ends at hi.
//
//go:nosplit
func slotHead(hi uintptr) *slotHeader {
	return (*slotHeader)(unsafe.Pointer(hi))
}

// slotStride is the distance between slots of a class, in bytes.
func slotStride(class uint32) uintptr {
	return slotClassSize[class] + slotPage
}

// slotHi returns where the stack of the i-th slot of a class ends, given the end of that slot. Tops that were all at
// the same offset in a page would compete for the same few sets of a cache that is indexed by it. The largest colour
// still leaves room for the smallest stack in the same page.
func slotHi(top uintptr, i uintptr) uintptr {
	return top - slotHeadSz - i%slotColors*slotColour
}

// slotClassFor returns the smallest class with room for n bytes of stack, and whether there is one.
func slotClassFor(n uintptr) (uint32, bool) {
	for c := range uint32(slotClasses) {
		if n <= slotClassSize[c] {
			return c, true
		}
	}
	return 0, false
}

// slotLock takes the slot's memory below hdr.lo. It is held for a few stores, or for one madvise call by the sweeper.
func slotLock(hdr *slotHeader) {
	for i := 0; !hdr.busy.CompareAndSwap(0, 1); i++ {
		if i < 30 {
			procyield(10)
		} else {
			osyield()
		}
	}
}

func slotUnlock(hdr *slotHeader) {
	hdr.busy.Store(0)
}

// slotSetLo makes lo the bound that the slot's owner may use. The caller owns the slot. Lowering takes the memory from
// the sweeper; raising leaves it to the sweeper.
func slotSetLo(hdr *slotHeader, lo uintptr) {
	if lo >= hdr.lo {
		hdr.lo = lo
		return
	}
	slotLock(hdr)
	hdr.lo = lo
	hdr.touched = min(hdr.touched, lo)
	hdr.recent = min(hdr.recent, lo)
	slotUnlock(hdr)
}

// slotGrow grows gp's stack in place, if it is in a slot with room, and reports whether it did; else the caller goes on
// with the stock way, copying. newstack calls it for its current goroutine, on g0, once it has dealt with preemption.
//
// gp stays _Grunning: a goroutine that wants to stop or scan gp does not look at its bounds before gp has stopped, and
// a preemption request is not lost, because the guard changes only from the value that newstack read. callerpc is for the record.
func slotGrow(gp *g, guard, callerpc uintptr) bool {
	if stackArmed != stackGuard && noteDeeper(gp, guard, callerpc) {
		return true
	}
	hi := gp.stack.hi
	if !inSlots(hi-1) || guard == stackForceMove {
		return false
	}
	var start int64
	if growthRate != 0 {
		start = growthStart()
	}
	hdr := slotHead(hi)
	room := slotClassSize[hdr.class]
	oldsize := hi - gp.stack.lo
	newsize := oldsize * 2
	// The new frame must fit. Its caller checks again, so this only saves a second growth.
	if f := findfunc(gp.sched.pc); f.valid() {
		needed := uintptr(funcMaxSPDelta(f)) + stackGuard + (hi - gp.sched.sp)
		for newsize < needed && newsize <= room {
			newsize *= 2
		}
	}
	// What the sweeper has not had is still warm: go back there at once.
	if warm := hi - hdr.recent; warm > newsize && kindWarm(gp, warm) {
		newsize = warm
	}
	if newsize > room || newsize > maxstacksize || newsize > maxstackceiling {
		return false
	}
	lo := hi - newsize
	slotSetLo(hdr, lo)
	if stackPaints {
		stackPaint(lo, gp.stack.lo)
	}
	gp.stack.lo = lo
	atomic.Casuintptr(&gp.stackguard0, guard, lo+stackArmed)
	pp := getg().m.p.ptr()
	gcController.addScannableStack(pp, int64(newsize-oldsize))
	slotAccount(pp, int64(newsize-oldsize))
	stackCount(pp).inplace++
	kindOutgrew(gp, oldsize, newsize)
	if start != 0 {
		growthRecord(gp, start, callerpc, growthInPlace, oldsize)
	}
	return true
}

// slotShrink raises the bound of gp's stack if it is in a slot and little of it is used, and reports whether it is in
// a slot: then shrinkstack must not copy it. shrinkstack calls it, which has made sure that gp is suspended (or is
// the caller's own goroutine at a synchronous safe point) and not in a system call.
func slotShrink(gp *g) bool {
	slotMove(gp)
	hi := gp.stack.hi
	if !inSlots(hi) {
		return false
	}
	if goexperiment.RuntimeSecret && gp.secret > 0 {
		return true // what lies below the raised bound would escape the erasing of secrets
	}
	oldsize := hi - gp.stack.lo
	// Stock wants three quarters to be unused before it copies. Here shrinking is free and growing nearly so: a quarter
	// will do, and whoever waits near the top of its stack keeps a single page.
	used := hi - gp.sched.sp + stackGuard
	newsize := oldsize
	for newsize/2 >= fixedStack && used <= newsize/2/4*3 {
		newsize /= 2
	}
	if newsize == oldsize {
		return true
	}
	if stackNotes {
		noteStack(gp, noteStarted, 0)
	}
	slotFill(gp.stack.lo, hi-newsize)
	slotSetLo(slotHead(hi), hi-newsize)
	gp.stack.lo = hi - newsize
	gp.stackguard0 = gp.stack.lo + stackGuard // might clobber a preempt request, as copystack might
	pp := getg().m.p.ptr()
	gcController.addScannableStack(pp, -int64(oldsize-newsize))
	slotAccount(pp, -int64(oldsize-newsize))
	slotSweeper.again.Store(true)
	return true
}

// slotStackalloc allocates the stack of newsize bytes, a power of two, that copystack is about to move gp to.
// It runs on g0, like stackalloc. Growth leads into a slot; without slots, and for shrinking, it is stock's stackalloc.
func slotStackalloc(gp *g, newsize uintptr) stack {
	if stackNotes {
		noteStack(gp, noteStarted, 0)
	}
	s := slotStackallocFor(gp, newsize)
	if stackPaints {
		stackPaint(s.lo, s.hi)
	}
	return s
}

func slotStackallocFor(gp *g, newsize uintptr) stack {
	oldsize := gp.stack.hi - gp.stack.lo
	pp := getg().m.p.ptr()
	c := stackCount(pp)
	c.copied += uint64(gp.stack.hi - gp.sched.sp)
	if newsize < oldsize {
		c.shrinks++
		return stackalloc(uint32(newsize))
	}
	if newsize > oldsize { // a forced move is no growth
		c.copies++
		kindOutgrew(gp, oldsize, newsize)
	}
	if !slotsOn || kindStaysDense(gp, newsize) {
		return stackalloc(uint32(newsize))
	}
	if s, ok := slotAlloc(pp, newsize, kindReach(gp)); ok {
		return s
	}
	return stackalloc(uint32(newsize))
}

// slotStackfree frees stk if it is a slot, and reports whether it is. copystack comes here by stackfree with the
// stack that it has moved a goroutine from. A free slot's bytes are no stack memory any more.
func slotStackfree(stk stack) bool {
	if !inSlots(stk.hi) {
		return false
	}
	pp := getg().m.p.ptr()
	slotAccount(pp, -int64(stk.hi-stk.lo))
	slotFill(stk.lo, stk.hi)
	slotFree(stk.hi)
	return true
}
