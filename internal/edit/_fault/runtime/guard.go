// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
)

// What becomes of a goroutine that has come to the end of its stack
//
// A fault is a stack's if all of this holds, and else a bug of the program, which gets what it gets from stock Go:
//   - SIGSEGV was raised by an instruction, and not sent;
//   - the thread was running a goroutine, on that goroutine's own stack, which is in a slot;
//   - the address lies in the guard of that slot: not of another one, nor anywhere else;
//   - the stack pointer is at most guardPush above the address: code uses nothing below its stack pointer, but for what a call
//     pushes, and guardProbe.
//
// A nil pointer plus any offset up to the size of the address space below the slots is thus never taken for a stack's fault,
// nor is an address in another goroutine's stack or guard.
//
// In a wide slot, the guard then moves down, and the instruction runs again. The guard of a dense slot is opened but for its
// lowest part, and the next check that the goroutine comes to moves it to a wide slot. Where there is no room, the program
// ends as with stock Go.

// Counts, for GOSPADE=report=1.
var guardCounts struct {
	hits     atomic.Uint64 // faults in a guard
	extended atomic.Uint64 // guards moved down, after a fault or by a check
	opened   atomic.Uint64 // guards opened, likewise
	checked  atomic.Uint64 // stacks that a check found too small: extended in place
	moved    atomic.Uint64 // moved to a wide slot
	trimmed  atomic.Uint64 // stacks that gave pages back
}

// guardPush is how far below the stack pointer an instruction may touch the stack: guardProbe's does most.
const guardPush = 16384

// guardPanicRoom is what sigpanic needs below the stack pointer until the first check, in bytes.
const guardPanicRoom = 4096

// guardSignal reports whether the signal, which sighandler has received for gp, is dealt with.
//
//go:nowritebarrierrec
func guardSignal(sig uint32, c *sigctxt, gp *g) bool {
	if sig != _SIGSEGV && sig != _SIGBUS && sig != _SIGFPE || c.sigFromUser() || gp == nil || gp != gp.m.curg || !inSlots(gp.stack.hi) {
		return false
	}
	sp, addr := uintptr(c.sigsp()), uintptr(c.sigaddr())
	start, guardEnd, end := slotOf(gp.stack)
	if sp < start || sp >= end {
		return false
	}
	if sig == _SIGSEGV && addr >= start && addr < guardEnd && sp <= addr+guardPush {
		guardCounts.hits.Add(1)
		if !guardExtend(gp) {
			guardOverflow(c, gp)
		}
		return true
	}
	// It is going to be a panic, or a crash with a traceback. A panic starts with a frame below sp, written from here.
	if !gp.throwsplit && sp < gp.stack.lo+guardPanicRoom && !guardExtend(gp) {
		guardOverflow(c, gp)
		return true
	}
	return false
}

// guardExtend makes room below gp's stack without moving it, and reports whether it could. gp is the goroutine of this thread,
// stopped in a signal handler or in newstack.
//
//go:nowritebarrierrec
func guardExtend(gp *g) bool {
	start, guardEnd, end := slotOf(gp.stack)
	old := gp.stack.lo + stackGuard
	lo, guard := uintptr(0), uintptr(0)
	if slotAreaOf(gp.stack.hi) == &slotAreas[slotWide] {
		span := (end - start) * 2
		if !slotMayHave(span) || !guardSet(end-span, guardSize) {
			return false
		}
		lo = end - span + guardSize
		guard = lo + stackGuard
		guardCounts.extended.Add(1)
	} else {
		if slotSpent(gp.stack) {
			return false
		}
		start += guardKeep
		lo = start
		guard = stackForceMove
		guardCounts.opened.Add(1)
	}
	if !guardClear(start, guardEnd-start) {
		return false
	}
	gp.stack.lo = lo
	atomic.Casuintptr(&gp.stackguard0, old, guard) // not if it is a request to preempt
	return true
}

// slotMayHave reports whether span is as much as there can be, and as debug.SetMaxStack allows.
//
//go:nosplit
func slotMayHave(span uintptr) bool {
	return span <= wideStride && span <= maxstacksize && span <= maxstackceiling
}

// guardBound returns what gp's checks compare with while nobody asks it to stop.
func guardBound(gp *g) uintptr {
	if slotSpent(gp.stack) {
		return stackForceMove
	}
	return gp.stack.lo + stackGuard
}

// guardCheck is called by newstack for its goroutine, on g0, once it has dealt with preemption: a check has found no room, or
// the poison of a dense slot whose guard is open. It returns if gp can go on.
func guardCheck(gp *g) {
	if slotAreaOf(gp.stack.hi) == &slotAreas[slotDense] && !guardToWide(gp) {
		if !guardExtend(gp) {
			guardFatal(gp, gp.sched.sp)
		}
		return
	}
	needed := uintptr(stackGuard)
	if f := findfunc(gp.sched.pc); f.valid() {
		needed += uintptr(funcMaxSPDelta(f))
	}
	for gp.sched.sp < gp.stack.lo+needed {
		if !guardExtend(gp) {
			guardFatal(gp, gp.sched.sp)
		}
		guardCounts.checked.Add(1)
	}
	gp.stackguard0 = gp.stack.lo + stackGuard
}

// guardToWide moves gp from its dense slot to a wide one with twice the span, and reports whether there is one and gp may have
// that much.
func guardToWide(gp *g) bool {
	if !slotMayHave(slotSpan * 2) {
		return false
	}
	hi := slotTake(false)
	if hi == 0 {
		return false
	}
	first, to := slotFirst(hi), slotSecond(hi)
	if !guardSet(to.lo-guardSize, guardSize) || !guardClear(first.lo-guardSize, guardSize) {
		return false
	}
	casgstatus(gp, _Grunning, _Gcopystack)
	copystack(gp, hi)
	casgstatus(gp, _Gcopystack, _Grunning)
	guardCounts.moved.Add(1)
	return true
}

// slotSecond returns the stack, ending at hi, of a wide slot with twice the span that it has at first.
func slotSecond(hi uintptr) stack {
	s := slotFirst(hi)
	s.lo -= slotSpan
	return s
}

// stackMoveTo returns the stack that copystack moves a goroutine to. In a fault build copystack's newsize is not a size, which it
// passes on only to the pacer and to this function, but where the new stack ends.
func stackMoveTo(hi uintptr) stack {
	stackAccount(stackNominal)
	return slotSecond(hi)
}

// guardOverflow makes gp, which is in no state to go on, continue on g0 with guardOverflowed. The thread returns there from the
// signal handler.
//
//go:nowritebarrierrec
func guardOverflow(c *sigctxt, gp *g) {
	gp.sched.pc = uintptr(c.sigpc())
	gp.sched.sp = uintptr(c.sigsp())
	gp.sched.bp = uintptr(c.rbp())
	gp.sched.lr = 0
	c.set_rsp(uint64(gp.m.g0.sched.sp))
	c.set_rip(uint64(abi.FuncPCABI0(guardOverflowed)))
}

// guardOverflowed switches from the goroutine that is at the end of its stack, whose registers are in g.sched, to g0, and calls
// guardThrow there. It is entered with the stack pointer of g0.
func guardOverflowed()

func guardThrow() {
	gp := getg().m.curg
	guardFatal(gp, gp.sched.sp)
}

// guardFatal ends the program as newstack does.
func guardFatal(gp *g, sp uintptr) {
	start, _, end := slotOf(gp.stack)
	limit := min(maxstacksize, maxstackceiling)
	if span := end - start; span*2 <= limit {
		limit = span // there is no more room
	}
	print("runtime: goroutine stack exceeds ", limit, "-byte limit\n")
	print("runtime: sp=", hex(sp), " stack=[", hex(gp.stack.lo), ", ", hex(gp.stack.hi), "]\n")
	throw("stack overflow")
}

// guardProbe touches the stack where the code between fork and exec may come to, which runs with all signals blocked.
func guardProbe()
