// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/runtime/sys"
)

// Dead goroutines that keep their stacks
//
// Stock keeps dead goroutines with stacks of the one starting size. Here goroutines start on stacks of several sizes,
// so those that die with another size are kept as well: last in, first out, on the P where they died, goroutine and
// stack together, so that the next one finds its pages warm. What is too much for a P goes to a list for all, half of
// it at a time, so that the list's lock is rare. The sweeper frees what has not been used for a while.

const (
	// denseClasses are stacks of 4, 8, 16 and 32 KiB from stackalloc; classes from there on are slots'.
	denseClasses = 4
	stackClasses = denseClasses + slotClasses
)

// stackCacheMax is the number of dead goroutines that a P keeps in each class: at most 1.75 MB of dense stacks.
var stackCacheMax = [stackClasses]int32{64, 64, 32, 16, 64, 16, 4}

// A stackCache is a P's part. It belongs to the P; the fields are used on the system stack or with preemption off.
type stackCache struct {
	word  uint64 // kind word of the goroutine that newproc1 is starting
	tick  int32  // starts until the next one is sampled
	bytes int64  // stack bytes in slots that memstats has not been told of
	free  [stackClasses]gList
	low   [stackClasses]int32 // fewest that free has held since the sweeper came by
	fresh [slotClasses]freshSlots
	stackCounts
}

// freshSlots are slots without pages that a P has taken to hand out.
type freshSlots struct {
	word uintptr
	mask uint64
}

// stackPool holds dead goroutines with their stacks for all Ps.
var stackPool [stackClasses]struct {
	lock  mutex // leaf
	young gList // put there since the sweeper came by
	old   gList // put there before: to be freed when it comes again
}

// stacksCached returns the number of dead goroutines kept with their stacks, for gcount. It may be a little off, like
// the other figures there.
func stacksCached() int32 {
	n := slotSweeper.held.Load()
	for c := range stackClasses {
		n += stackPool[c].young.size + stackPool[c].old.size
	}
	for _, pp := range allp {
		for c := range stackClasses {
			n += pp.stacks.free[c].size
		}
	}
	return n
}

// stackClassOf returns the class that dead goroutines with this stack are kept in, or -1.
func stackClassOf(s stack) int {
	if inSlots(s.hi) {
		return denseClasses + int(slotHead(s.hi).class)
	}
	for c, size := 0, s.hi-s.lo; c < denseClasses; c++ {
		if size == fixedStack<<(c+1) {
			return c
		}
	}
	return -1
}

// stackPut keeps the dead goroutine gp with its stack, and reports whether it did; else gfput, which calls it, does
// as stock does. pp is the current P.
func stackPut(pp *p, gp *g) bool {
	if !stackLearns || *kindWord(gp)&kindSampled == 0 && gp.stack.hi-gp.stack.lo == fixedStack && !inSlots(gp.stack.hi) {
		return false
	}
	return stackPutLearned(pp, gp)
}

func stackPutLearned(pp *p, gp *g) bool {
	kindEnded(pp, gp)
	size := gp.stack.hi - gp.stack.lo
	if size == fixedStack && !inSlots(gp.stack.hi) {
		return false
	}
	c := stackClassOf(gp.stack)
	if c < 0 {
		return false
	}
	list := &pp.stacks.free[c]
	if c >= denseClasses {
		slotAccount(pp, -int64(size)) // a free slot's bytes are no stack memory
		slotFill(gp.stack.lo, gp.stack.hi)
	} else if list.size >= stackCacheMax[c] {
		return false // stackalloc has caches of its own for these
	}
	list.push(gp)
	if list.size > stackCacheMax[c] {
		stackSpill(pp, c, list.size/2)
		if !stackKeepRoom() {
			stackRelease(stackPoolYoung(c, stackCacheMax[c]/2))
		}
	}
	slotSweepWake()
	return true
}

// stackSpill moves n dead goroutines of class c from pp to the pool.
func stackSpill(pp *p, c int, n int32) {
	var q gQueue
	list := &pp.stacks.free[c]
	for ; n > 0; n-- {
		gp := list.pop()
		stackKeep(gp.stack)
		q.pushBack(gp)
	}
	pp.stacks.low[c] = min(pp.stacks.low[c], list.size)
	pool := &stackPool[c]
	lock(&pool.lock)
	pool.young.pushAll(q)
	unlock(&pool.lock)
}

// stackFetch moves up to half a P's worth of dead goroutines of class c from the pool to pp.
func stackFetch(pp *p, c int) {
	pool := &stackPool[c]
	if pool.young.head == 0 && pool.old.head == 0 {
		return // racy, but a miss costs only warmth
	}
	lock(&pool.lock)
	for n := (stackCacheMax[c] + 1) / 2; n > 0; n-- {
		gp := pool.young.pop()
		if gp == nil {
			gp = pool.old.pop()
		}
		if gp == nil {
			break
		}
		stackUnkeep(gp.stack)
		pp.stacks.free[c].push(gp)
	}
	unlock(&pool.lock)
}

// stackReuse returns a dead goroutine with a stack of class c, its bound not yet set, or nil.
func stackReuse(pp *p, c int) *g {
	list := &pp.stacks.free[c]
	if list.empty() {
		stackFetch(pp, c)
	}
	gp := list.pop()
	if gp != nil {
		pp.stacks.low[c] = min(pp.stacks.low[c], list.size)
	}
	return gp
}

// stackStart returns a dead goroutine with size bytes of stack, or nil. One that is to be observed has the smallest
// stack at first: in a slot, where growing costs little; otherwise it is left to the caller. If warm is set, only one
// that has kept its stack will do. If sure is set, more than half of size will be used. It runs on the system stack.
func stackStart(pp *p, size uintptr, observed, warm, sure bool) *g {
	if size <= denseMax(slotsOn) {
		if observed {
			return nil
		}
		gp := stackReuse(pp, stackClassDense(size))
		if gp == nil && !warm {
			gp = stackBare(pp)
			gp.stack = stackalloc(uint32(size))
			stackPublish(gp)
		}
		if gp != nil {
			gp.stackguard0 = gp.stack.lo + stackGuard
		}
		return gp
	}
	class, ok := slotClassFor(size)
	if !ok || !slotsOn {
		return nil
	}
	bound := size
	if observed {
		bound = fixedStack
		pp.stacks.word |= kindGiven
	}
	gp := stackReuse(pp, denseClasses+int(class))
	if gp == nil && !warm {
		hi := slotFresh(pp, class)
		if hi == 0 {
			return nil
		}
		gp = stackBare(pp)
		if sure {
			slotPopulate(hi-size/2, hi)
		}
		slotInit(class, hi, bound)
		gp.stack = stack{hi - bound, hi}
		stackPublish(gp)
	}
	if gp != nil {
		hi := gp.stack.hi
		slotSetLo(slotHead(hi), hi-bound)
		gp.stack.lo = hi - bound
		gp.stackguard0 = gp.stack.lo + stackGuard
		slotAccount(pp, int64(bound))
		pp.stacks.starts++
	}
	return gp
}

// denseMax is the largest start, in bytes, that is served with a dense stack: a slot's smallest unit is a page or two.
func denseMax(slots bool) uintptr {
	if slots {
		return 4 * fixedStack
	}
	return fixedStack << denseClasses
}

// stackClassDense returns the dense class of stacks of size bytes, a power of two.
func stackClassDense(size uintptr) int {
	return sys.TrailingZeros64(uint64(size/fixedStack)) - 1
}

// stackBare returns a dead goroutine without a stack. If it is a new one, it is not in allgs yet: see stackPublish.
func stackBare(pp *p) *g {
	gp := gfget(pp)
	if gp == nil {
		gp = malg(-1)
		gp.stackguard1 = ^uintptr(0)
		return gp
	}
	stackfree(gp.stack)
	gp.stack = stack{}
	return gp
}

// stackPublish lets the collector see a goroutine that stackBare has made, now that it has a stack.
func stackPublish(gp *g) {
	if readgstatus(gp) == _Gidle {
		casgstatus(gp, _Gidle, _Gdead)
		allgadd(gp)
	}
}

// stackStrip takes the stack, which now is another's, from a dead goroutine.
func stackStrip(gp *g) {
	gp.stack = stack{}
	gp.stackguard0 = 0
}

// stackPurge empties pp, which is about to be destroyed, into the lists for all.
func stackPurge(pp *p) {
	for c := range stackClasses {
		if n := pp.stacks.free[c].size; n > 0 {
			stackSpill(pp, c, n)
		}
	}
	for c := range uint32(slotClasses) {
		if f := &pp.stacks.fresh[c]; f.mask != 0 {
			slotUntake(c, f.word, f.mask)
			f.mask = 0
		}
	}
	slotAccountFlush(pp.stacks.bytes)
	pp.stacks.bytes = 0
	stackCountsRetire(pp)
}
