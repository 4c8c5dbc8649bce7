// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/atomic"
	"unsafe"
)

// Goroutines, noted one by one: for GOSPADE=report and GOSPADE=highwater=1
//
// The start and the end of every goroutine come by kindAskSystem as long as its kind is not known to be the users'. While
// goroutines are noted that is never remembered; so noting takes nothing from programs that don't ask for it.
//
// Without highwater=1 the high-water mark of an entry is the largest stack that one of its goroutines has had: an upper bound, some
// twice the truth at most where goroutines grew, and what they were given where they did not. With it, stack that is not used is
// painted, and read from the far end when it is given up: the mark is the lowest word that was written. It misses no write; parts
// of the deepest frame that were never written don't count, and what the runtime itself puts on the stack, to preempt say, does.

var (
	stackNotes  bool
	stackPaints bool
)

// The indexes of growthBucket.n for growthEntry.
const (
	noteStarted = iota
	noteInSlot
	noteGrowths
	noteCopied
	noteLargest // bytes
	noteUsed    // bytes; 0 if nothing was painted
	noteDeepest // bytes that noteDeeper has seen
)

const (
	notePaint = 0x5bade5bade5bade5 & (1<<(8*goarch.PtrSize) - 1)
	// noteSpare bytes below a new goroutine's first frame stay as they are: a frame pointer may lie there.
	noteSpare = 64
)

// noteGoroutine notes gp's start when it is called for newproc1, with gp's stack set up, and its end when it is called for gdestroy,
// with the stack still there. It is on the system stack, and the caller owns gp.
func noteGoroutine(gp *g) {
	w := kindWord(gp)
	if *w&kindNoted != 0 {
		noteStack(gp, noteStarted, 0)
		return
	}
	*w |= kindNoted
	stackPaint(gp.stack.lo, gp.sched.sp-noteSpare)
	gp.stackguard0 = gp.stack.lo + stackArmed
	noteStack(gp, noteStarted, 1)
	if inSlots(gp.stack.hi) {
		noteStack(gp, noteInSlot, 1)
	}
}

// noteStack adds n to what is noted of gp's entry, and notes gp's stack: its size, and how much of it has been used since it was
// painted. The caller owns the stack, or the world is stopped. Goroutines that were not noted when they started are not noted at all:
// their stacks have not been painted.
//
//go:noinline
func noteStack(gp *g, value int, n int64) {
	b := noteOf(gp)
	if b == nil {
		return
	}
	atomic.Xadd64(&b.n[value], n)
	p := gp.stack.hi
	if stackPaints {
		for p = gp.stack.lo; p < gp.stack.hi && *(*uintptr)(unsafe.Pointer(p)) == notePaint; p += goarch.PtrSize {
		}
	}
	noteMost(b, noteLargest, gp.stack.hi-gp.stack.lo)
	noteMost(b, noteUsed, gp.stack.hi-p)
}

// noteOf returns the bucket of gp's entry and go statement, or nil if gp is not noted. The caller owns gp, or the world is stopped.
func noteOf(gp *g) *growthBucket {
	if !stackNotes || gp.startpc == 0 || gp.stack.lo == 0 || *kindWord(gp)&kindNoted == 0 {
		return nil
	}
	key := growthKey{entry: gp.startpc, site: gp.gopc, what: growthEntry}
	return growthFind((*growthKey)(abi.NoEscape(unsafe.Pointer(&key))))
}

// noteMost raises a count of b to most, and reports whether it was less.
//
//go:noinline
func noteMost(b *growthBucket, value int, most uintptr) bool {
	for old := b.n[value]; old < uint64(most); old = b.n[value] {
		if atomic.Cas64(&b.n[value], old, uint64(most)) {
			return true
		}
	}
	return false
}

// noteLive notes the stacks of goroutines that have not ended.
func noteLive() {
	w := stopTheWorld(stwUnknown)
	ptr, n := atomicAllG()
	for i := range n {
		if gp := atomicAllGIndex(ptr, i); readgstatus(gp)&^_Gscan != _Gdead {
			noteStack(gp, noteStarted, 0)
		}
	}
	startTheWorld(w)
}

// stackPaint paints [lo, hi), which nobody uses.
//
//go:noinline
func stackPaint(lo, hi uintptr) {
	if stackPaints {
		for ; lo < hi; lo += goarch.PtrSize {
			*(*uintptr)(unsafe.Pointer(lo)) = notePaint
		}
	}
}
