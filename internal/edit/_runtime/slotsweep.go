// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/runtime/atomic"
)

// The sweeper gives memory back that stacks have not used for a while
//
// It is a goroutine of the runtime that starts when there is something to give back for the first time, sleeps for
// slotSweepPeriod between rounds, and parks, without a timer, once there is nothing left. In a round it
//   - frees what the pool has held, unused, since the round before, and takes to the pool what idle Ps have not used;
//   - discards, in slots in use, pages that have lain below the bound since the round before. It does so with the
//     slot's hdr.busy held, so that the owner can't lower the bound meanwhile; it need not stop the owner.
//
// A page is thus kept for one to four periods after its last use, and not at all if memory is short.
const slotSweepPeriod = 1e9 // nanoseconds

var slotSweeper struct {
	g      *g           // nil until it runs
	idle   atomic.Bool  // it is about to park, or parked, or was not started
	lock   mutex        // guards parked
	parked bool         // or not started
	again  atomic.Bool  // a bound was raised: there are slots to look at
	round  uint32       // semaphore: one round at a time
	held   atomic.Int32 // dead goroutines that stackRelease is about to release, and the sweeper while it is parked
	freed  atomic.Int64 // bytes of address space discarded
}

func slotSweepForever() {
	s := &slotSweeper
	s.g = getg()
	for {
		s.idle.Store(true)
		if slotSweepCached() || slotSweepPooled() {
			s.idle.Store(false) // put there before idle was seen
		}
		lock(&s.lock)
		if s.idle.Load() {
			s.parked = true
			slotSweepAway(1)
			goparkunlock(&s.lock, waitReasonGCScavengeWait, traceBlockSystemGoroutine, 1)
			slotSweepAway(-1)
		} else {
			unlock(&s.lock)
		}
		for more := true; more; {
			slotSweepRest()
			semacquire(&s.round)
			more = slotSweep(slotSweepTight())
			semrelease(&s.round)
		}
	}
}

// slotSweepAway keeps the sweeper, while it is parked, out of the counts of goroutines: as if it were dead, n of them more.
func slotSweepAway(n int32) {
	slotSweeper.held.Add(n)
	sched.ngsys.Add(-n)
}

// slotSweepWake makes the sweeper run. It runs on the system stack, with a P, and without locks. Whoever finds parked set, and only that one,
// sees the sweeper's g, or that there is none and starts it. Starting it here means that newproc1 runs for a caller that is g0: system goroutines
// inherit nothing of their caller.
func slotSweepWake() {
	s := &slotSweeper
	if !s.idle.Load() {
		return
	}
	lock(&s.lock)
	s.idle.Store(false)
	parked := s.parked
	s.parked = false
	unlock(&s.lock)
	switch {
	case !parked:
	case s.g == nil:
		go slotSweepForever()
	default:
		ready(s.g, 0, false)
	}
}

// slotSweepAfterGC wakes the sweeper if a cycle of the collector, now over, has raised bounds, or if slots have become free where
// nobody could wake it: in copystack. On the system stack.
func slotSweepAfterGC() {
	if slotSweeper.again.Load() || slotSweepPooled() {
		slotSweepWake()
	}
}

// slotSweepNow gives back at once all that no goroutine uses, for debug.FreeOSMemory.
func slotSweepNow() {
	if stackLearns {
		semacquire(&slotSweeper.round)
		slotSweepBusy()
		slotSweep(true)
		semrelease(&slotSweeper.round)
	}
}

// slotSweep does one round and reports whether another one may find something. If all is set, it gives back what was
// used lately, too. The caller holds slotSweeper.round.
func slotSweep(all bool) (more bool) {
	if all {
		slotSweepCaches(true) // so that the pool has it
	}
	for c := range stackClasses {
		stackRelease(stackPoolOld(c))
		if all {
			stackRelease(stackPoolOld(c))
		}
	}
	for c := range looseSlots.class {
		if all {
			looseUnlock(c)
			looseRelease(c)
		}
		looseRelease(c)
	}
	if !all {
		slotSweepCaches(false)
	}
	if slotSweeper.again.Load() {
		slotSweeper.again.Store(false)
		if slotSweepLive(all) {
			slotSweeper.again.Store(true)
			more = true
		}
	}
	return more || slotSweepCached() || slotSweepPooled()
}

// slotSweepTight reports whether memory is short: then nothing is kept for later use.
func slotSweepTight() bool {
	limit := uint64(gcController.memoryLimit.Load())
	return gcController.mappedReady.Load()+stackKeptBytes() > limit/100*95
}

// stackPoolOld takes from the pool what has lain there for a round, and makes old what came since.
func stackPoolOld(c int) gList {
	pool := &stackPool[c]
	lock(&pool.lock)
	list := pool.old
	pool.old, pool.young = pool.young, gList{}
	slotSweeper.held.Add(list.size)
	unlock(&pool.lock)
	return list
}

// stackPoolYoung takes from the pool up to n of those that came last.
func stackPoolYoung(c int, n int32) (list gList) {
	pool := &stackPool[c]
	lock(&pool.lock)
	for ; n > 0 && !pool.young.empty(); n-- {
		list.push(pool.young.pop())
	}
	slotSweeper.held.Add(list.size)
	unlock(&pool.lock)
	return list
}

// slotSweepCaches takes from this P and from idle ones to the pool what they have not used since the last round, or all. What busy Ps keep
// is bounded, and in use. It does not wait for them to come to a safe point: who never does may be waiting for a goroutine that needs this P,
// which would be kept meanwhile.
func slotSweepCaches(all bool) {
	if !slotSweepCached() {
		return
	}
	systemstack(func() {
		slotSweepCache(getg().m.p.ptr(), all)
		lock(&sched.lock)
		for pp := sched.pidle.ptr(); pp != nil; pp = pp.link.ptr() {
			slotSweepCache(pp, all)
		}
		unlock(&sched.lock)
	})
}

// slotSweepBusy takes from all Ps what they have, and waits for busy ones as a collection would.
func slotSweepBusy() {
	semacquire(&worldsema)
	forEachP(waitReasonFlushProcCaches, func(pp *p) { slotSweepCache(pp, true) })
	semrelease(&worldsema)
}

// slotSweepCache is slotSweepCaches for one P: this thread's, or an idle one with sched.lock held. On the system stack.
func slotSweepCache(pp *p, all bool) {
	for c := range stackClasses {
		n := pp.stacks.low[c]
		if all {
			n = pp.stacks.free[c].size
		}
		if n > 0 {
			stackSpill(pp, c, n)
		}
		pp.stacks.low[c] = pp.stacks.free[c].size
	}
}

// slotSweepCached reports whether any P has dead goroutines with stacks. Racy: for a hint.
func slotSweepCached() bool {
	found := false
	lock(&allpLock)
	for _, pp := range allp {
		for c := range stackClasses {
			found = found || pp.stacks.free[c].head != 0
		}
	}
	unlock(&allpLock)
	return found
}

// slotSweepPooled reports whether the lists for all hold free stacks that the kernel can have back. Racy: for a hint.
func slotSweepPooled() bool {
	for c := range stackClasses {
		if stackPool[c].young.head != 0 || stackPool[c].old.head != 0 {
			return true
		}
	}
	for c := range looseSlots.class {
		if looseSlots.class[c].young != 0 || looseSlots.class[c].old != 0 {
			return true
		}
	}
	return false
}

// stackRelease frees the stacks of dead goroutines, which the pool had kept, and hands the goroutines to stock's list.
func stackRelease(list gList) {
	for gp := list.pop(); gp != nil; gp = list.pop() {
		s := gp.stack
		stackUnkeep(s)
		stackStrip(gp)
		if inSlots(s.hi) {
			slotRelease(s.hi)
		} else {
			systemstack(func() { stackfree(s) })
		}
		lock(&sched.gFree.lock)
		sched.gFree.noStack.push(gp)
		unlock(&sched.gFree.lock)
		slotSweeper.held.Add(-1)
	}
}

// looseRelease releases the slots without a goroutine that have been free for a round.
func looseRelease(c int) {
	loose := &looseSlots.class[c]
	lock(&looseSlots.lock)
	hi := loose.old
	loose.old, loose.young = loose.young, 0
	unlock(&looseSlots.lock)
	for hi != 0 {
		next := slotHead(hi).next
		stackUnkeep(stack{hi: hi})
		slotRelease(hi)
		hi = next
	}
}

// looseUnlock lets the next round try again with the slots whose memory was locked.
func looseUnlock(c int) {
	loose := &looseSlots.class[c]
	lock(&looseSlots.lock)
	for hi := loose.locked; hi != 0; hi = loose.locked {
		hdr := slotHead(hi)
		stackKeep(stack{hi: hi})
		loose.locked, hdr.next, loose.old = hdr.next, loose.old, hi
	}
	unlock(&looseSlots.lock)
}

// slotRelease gives the pages of a slot without an owner back and makes the slot available.
func slotRelease(hi uintptr) {
	class := slotHead(hi).class
	top := slotTop(hi)
	if !slotDiscard(top-slotStride(class), top) {
		loosePut(hi, &looseSlots.class[class].locked)
		return
	}
	slotSweeper.freed.Add(int64(slotStride(class)))
	i := slotNumber(class, hi)
	slotUntake(class, i/64, 1<<(i%64))
}

// slotSweepLive discards the cold pages of slots in use, those that are merely unused as well if all is set, and reports
// whether there are some left for the next round.
func slotSweepLive(all bool) (more bool) {
	for c := range uint32(slotClasses) {
		slotEachTaken(c, func(hi uintptr) {
			if hdr := slotHead(hi); hdr.touched != hdr.lo {
				// Who wants to grow waits for busy on its g0: the holder must not be preempted by the scheduler.
				systemstack(func() { slotSweepOne(hdr, all) })
				more = more || hdr.touched < hdr.lo
			}
		})
	}
	return more
}

func slotSweepOne(hdr *slotHeader, all bool) {
	slotLock(hdr)
	if all {
		hdr.recent = hdr.lo
	}
	if hdr.touched < hdr.recent && slotDiscard(hdr.touched, hdr.recent) {
		slotSweeper.freed.Add(int64(hdr.recent - hdr.touched))
		hdr.touched = hdr.recent
	}
	hdr.recent = hdr.lo
	slotUnlock(hdr)
}
