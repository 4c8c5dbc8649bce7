// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/atomic"
	"unsafe"
)

// Calls at the deepest places: for GOSPADE=highwater=1
//
// A prologue calls newstack if the stack pointer is not above the guard. While stacks are painted, the guard of a goroutine that is
// scheduled, or comes back from a system call, lies above all stacks, so that the next prologue calls newstack. That sets the guard to
// where the stack would get deeper than that of any goroutine of its entry and go statement before: whatever gets there is recorded with its
// calls, and where each frame lies. What functions without a prologue add is not seen.
//
// One in noteOthers times that a goroutine is scheduled, all counts that is deeper than where it is then: other calls than the deepest.

// stackArmed is how far above stack.lo the guard of a goroutine is that is scheduled: stackGuard, without highwater=1. Constant after start.
var stackArmed uintptr = stackGuard

const (
	noteOthers    = 16
	noteOthersMax = growthMax / 8 // bytes of records from which on only the deepest are added
	noteTurns     = 64            // with more calls than a record has, only what is deeper by such a part is added
)

// noteArm makes the next prologue of goroutines call newstack. Without frame pointers there would be nothing to record.
func noteArm() {
	if framepointer_enabled {
		stackArmed = 1 << (5 * goarch.PtrSize)
	}
}

// noteDeeper records gp's calls if it is about to get deeper than any of its entry and go statement before, and reports whether its stack has
// room for that. slotGrow calls it on g0; gp's guard was found to be guard, and changes only from that, so that no preemption request is lost.
//
//go:noinline
func noteDeeper(gp *g, guard, callerpc uintptr) bool {
	low, bound := gp.sched.sp, gp.stack.lo+stackGuard
	if f := findfunc(gp.sched.pc); f.valid() { // what the prologue has compared
		low -= max(uintptr(funcMaxSPDelta(f)), abi.StackSmall) - abi.StackSmall
	}
	most := gp.stack.hi - bound
	if b := noteOf(gp); b != nil {
		used := gp.stack.hi - low
		most = uintptr(b.n[noteDeepest])
		others := (guard != gp.stack.lo+stackArmed || cheaprandn(noteOthers) == 0) && growthBytesTaken < noteOthersMax
		if noteMost(b, noteDeepest, used) || others {
			key := growthKey{entry: gp.startpc, site: gp.gopc, what: growthDeepest}
			growthCalls((*growthKey)(abi.NoEscape(unsafe.Pointer(&key))), gp, callerpc)
			growthFind((*growthKey)(abi.NoEscape(unsafe.Pointer(&key))))
			if key.depth == growthDepth { // a recursion: not each of its turns
				used += used / noteTurns
				noteMost(b, noteDeepest, used)
			}
			most = used
		}
	}
	if low <= bound || guard == stackForceMove {
		return false
	}
	atomic.Casuintptr(&gp.stackguard0, guard, max(gp.stack.hi-most-1, bound))
	return true
}
