// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"unsafe"
)

// Kinds: what is known of the goroutines that a program starts
//
// A kind is the set of goroutines with the same entry, or a part of it (spade_kindpart.go). Its history (spade_policy.go)
// says how much stack the next one should start with. Starting a goroutine reads one word of its kind, the advice; it
// takes no lock, and writes to memory that other Ps read only for the few goroutines that are sampled.
//
// What a goroutine's kind needs to know of it later lies in the kind word, in the 32 bytes that newproc1 leaves free
// above the first frame of every stack. Moving the stack moves the word along, so g needs no field for it.

const (
	kindSample = 16 // one in so many starts is sampled, on average
	kindRecall = 4  // of a kind that has an advice, one in so many of these
	kindBits   = 12
	kindMax    = 1 << kindBits // kinds in the table; more are not learned about
	kindProbes = 8             // table entries that a key may be found in
)

// The kind word: the kind's index, flags, and the start number of this goroutine.
const (
	kindIndexMask     = 1<<16 - 1
	kindSampled       = 1 << 16 // its exit is recorded
	kindObserved      = 1 << 17 // started on the smallest stack: what it outgrows is recorded
	kindUser          = 1 << 18 // not a system goroutine, now or ever
	kindNoted         = 1 << 19 // see spade_note.go
	kindReportedShift = 20      // 4 bits: the size index up to which that has been done
	kindReportedMask  = 0xf << kindReportedShift
	kindGiven         = 1 << 24 // observed, and in a slot from the start all the same, if there was one
	kindStartShift    = 32
)

// A stackKind is one entry of the table, a cache line. Entry 0 stands for all that found no place.
type stackKind struct {
	key     atomic.Uintptr // entry PC; 0 while free; never changes once set
	advice  atomic.Uint32  // a stackAdvice
	starts  atomic.Uint32  // observed starts: exact while there is an advice, else a multiple of kindSample
	user    atomic.Uint32  // kindUser once that is known, else 0
	busy    atomic.Uint32  // guards what follows; who finds it taken drops the observation
	parts   kindParts
	whole   uint16 // of a part: the index of the kind that it is a part of
	history stackHistory
	reached atomic.Uint32 // see kindReached
}

var stackKinds [kindMax]stackKind

// kindWord returns where gp's kind word lies. The caller owns gp's stack.
//
//go:nosplit
func kindWord(gp *g) *uint64 {
	return (*uint64)(unsafe.Pointer(gp.stack.hi - 8))
}

// kindSlot returns where the search for key starts in the table.
func kindSlot(key uintptr) uint64 {
	return uint64(key) * 0x9e3779b97f4a7c15 >> (64 - kindBits)
}

// kindFind returns the index of the kind with this key, making room for it in the table, or 0 if there is none.
//
//go:noinline
func kindFind(key uintptr) uint64 {
	for probe := range uint64(kindProbes) {
		i := (kindSlot(key) + probe) % kindMax
		k := &stackKinds[i]
		if i != 0 && k.key.Load() == 0 {
			k.key.CompareAndSwap(0, key)
		}
		if k.key.Load() == key {
			return i
		}
	}
	return 0
}

// stackGet returns a dead goroutine that newproc1 is to run fn on, with a stack that suits its kind, or nil if there is
// no dead one. It is called in place of gfget, on the system stack, and leaves the kind word for stackGot.
func stackGet(pp *p, fn *funcval, callergp *g, callerpc uintptr) *g {
	if !stackLearns {
		return hintGet(pp, fn, callerpc)
	}
	c := &pp.stacks
	i := kindSlot(fn.fn)
	k := &stackKinds[i]
	if k.key.Load() != fn.fn {
		i = hintKind(fn.fn, callerpc)
		k = &stackKinds[i]
	}
	c.tick--
	if advice := stackAdvice(k.advice.Load()); advice.warm() != 0 || c.tick < 0 {
		if advice == kindLookThrough {
			i = kindPart(i, fn, callergp, callerpc)
			advice = stackAdvice(stackKinds[i].advice.Load())
		}
		return stackGetAdvised(pp, i, advice)
	}
	c.word = i | kindObserved | uint64(k.user.Load()) | uint64(k.starts.Load())<<kindStartShift
	return gfget(pp)
}

// stackGetAdvised is stackGet where there is something to decide or to write down.
func stackGetAdvised(pp *p, i uint64, advice stackAdvice) *g {
	c := &pp.stacks
	k := &stackKinds[i]
	c.word = i | uint64(k.user.Load())
	observed := false
	switch {
	case c.tick < 0:
		c.tick = int32(cheaprandn(2 * kindSample))
		n := int32(kindSample) // all those since the last sample are observed
		if advice.warm() != 0 {
			n = 1 // only this one is
		}
		if observed = (n > 1 || cheaprandn(kindRecall) == 0) && advice&hintAdvice == 0; observed {
			c.word |= kindSampled | kindObserved | uint64(k.starts.Add(n))<<kindStartShift
		}
	case advice.warm() == 0:
		c.word |= kindObserved | uint64(k.starts.Load())<<kindStartShift
	}
	always, warm := kindSize(advice.always()), kindSize(advice.warm())
	var gp *g
	if warm > fixedStack {
		gp = stackStart(pp, warm, observed, true, false)
	}
	if gp == nil && always > fixedStack {
		gp = stackStart(pp, always, observed, false, advice.sure())
	}
	if gp == nil {
		gp = gfget(pp)
	}
	return gp
}

// stackGot notes down newg's kind, once newproc1 has set up newg's stack.
func stackGot(pp *p, newg *g) {
	*kindWord(newg) = pp.stacks.word
}

// kindSize returns the bytes of a size index, at most the largest class and what debug.SetMaxStack allows.
func kindSize(i int) uintptr {
	limit := uintptr(fixedStack << denseClasses)
	if slotsOn {
		limit = slotClassSize[slotClasses-1]
	}
	size := min(fixedStack<<i, limit)
	for size > maxstacksize && size > fixedStack {
		size /= 2
	}
	return size
}

// kindSizeIndex returns the size index of a stack of size bytes, a power of two.
func kindSizeIndex(size uintptr) int {
	return min(sys.TrailingZeros64(uint64(size/fixedStack)), stackSizes-1)
}

// kindOf returns the kind of gp, or entry 0, of which nothing is known. The caller owns gp's stack. A goroutine that
// newproc1 did not start (the current one of a thread made by C) may have any word there.
func kindOf(gp *g) *stackKind {
	return &stackKinds[*kindWord(gp)&kindIndexMask%kindMax]
}

// kindOutgrew records that gp is about to grow. The caller owns gp's stack and runs on g0, perhaps with locks held
// by gp: this takes none.
func kindOutgrew(gp *g, oldsize, newsize uintptr) {
	kindReached(gp, newsize)
	w := *kindWord(gp)
	reported := int(w & kindReportedMask >> kindReportedShift)
	to := kindSizeIndex(newsize)
	if w&kindObserved == 0 {
		if stackLearns && reported == 0 && oldsize > fixedStack && newsize > kindReach(gp) {
			*kindWord(gp) = w | uint64(to)<<kindReportedShift
			stackCount(getg().m.p.ptr()).outgrown++
		}
		return
	}
	if to <= reported {
		return // it was shrunk and grows again
	}
	*kindWord(gp) = w&^kindReportedMask | uint64(to)<<kindReportedShift
	if k := kindOf(gp); kindLearn(k) {
		k.history.outgrew(uint32(w>>kindStartShift), max(reported, kindSizeIndex(oldsize)), to)
		kindLearned(k)
	}
}

// kindReached raises the high-water estimate of gp's entry: gp is about to grow to newsize bytes.
//
// The estimate is always on, counts every growth, and has two bounds: what was in use when a goroutine grew to the largest stack, which
// is at most the true mark, and that largest stack, which is at least the mark. Whoever starts on a larger stack than the smallest one, and
// does not outgrow it, raises neither: it was advised that because others of its entry have grown to it, or by a hint. (Under
// stacks=copy stock's average may have given a stack that is larger than any that its entry has grown to.) In the word are the
// larger bound, as a power of two, above the smaller one, in units of 8 bytes. So the largest word has the largest stack.
//
//go:noinline
func kindReached(gp *g, newsize uintptr) {
	k := kindOfEntry(gp)
	used := min(uint32((gp.stack.hi-gp.sched.sp)/8), 1<<kindReachedShift-1)
	reached := uint32(sys.TrailingZeros64(uint64(newsize)))<<kindReachedShift | used
	for old := k.reached.Load(); old < reached && !k.reached.CompareAndSwap(old, reached); old = k.reached.Load() {
	}
}

const kindReachedShift = 27 // up to a stack of 1 GiB

// kindOfEntry returns the kind of all goroutines with gp's entry, whether it has been taken apart or not.
func kindOfEntry(gp *g) *stackKind {
	if gp.startpc == 0 {
		return &stackKinds[0]
	}
	return &stackKinds[kindFind(gp.startpc)]
}

// kindEachReached calls f for every entry whose goroutines may have outgrown the smallest stack, with the bounds of its high-water
// estimate in bytes. Entry 0 stands for those that found no place in the table. Package runtime/pprof calls it.
//
//go:linkname kindEachReached runtime/pprof.runtime_kindEachReached
func kindEachReached(f func(entry, used, size uintptr)) {
	for i := range stackKinds {
		k := &stackKinds[i]
		advice := stackAdvice(k.advice.Load())
		if advice == kindLookThrough {
			advice = 0
		}
		r := k.reached.Load()
		used, size := uintptr(r%(1<<kindReachedShift))*8, max(1<<(r>>kindReachedShift), kindSize(advice.warm()))
		if size > fixedStack && k.whole == 0 {
			f(k.key.Load(), used, size)
		}
	}
}

// kindWarm reports whether gp may grow to size bytes in one step, because their pages are warm. One that is observed has been that large
// before; of the entry of one that isn't, some goroutine has been, so that the entry's high-water estimate stays true.
func kindWarm(gp *g, size uintptr) bool {
	w := *kindWord(gp)
	if w&kindObserved == 0 {
		return kindOfEntry(gp).reached.Load()>>kindReachedShift >= uint32(sys.TrailingZeros64(uint64(size)))
	}
	return int(w&kindReportedMask>>kindReportedShift) >= kindSizeIndex(size)
}

// kindEnded records the exit of the dead goroutine gp on pp, if it is a sampled one.
func kindEnded(pp *p, gp *g) {
	w := *kindWord(gp)
	if w&kindSampled == 0 {
		return
	}
	if w&kindGiven != 0 && inSlots(gp.stack.hi) && fixedStack<<(w&kindReportedMask>>kindReportedShift) <= denseMax(true) {
		pp.stacks.unneeded += kindSample * kindRecall
	}
	if k := kindOf(gp); kindLearn(k) {
		k.history.ended(uint32(w>>kindStartShift), int(w&kindReportedMask>>kindReportedShift))
		kindVote(k)
		kindLearned(k)
	}
}

// kindLearn takes k's history for an observation, and reports whether it could; then kindLearned must follow.
func kindLearn(k *stackKind) bool {
	return k.key.Load() != 0 && k.busy.CompareAndSwap(0, 1)
}

// kindLearned makes an advice of k's history, and leaves it.
func kindLearned(k *stackKind) {
	if advice := k.history.advice(); !k.parts.divided() && stackAdvice(k.advice.Load()) != advice {
		k.advice.Store(uint32(advice))
	}
	k.busy.Store(0)
}

// kindStaysDense reports whether a stack of size bytes for gp should be a dense one although it could be a slot.
func kindStaysDense(gp *g, size uintptr) bool {
	return size <= denseMax(true) && kindAdvice(gp).dense()
}

// kindReach returns how large stacks of gp's kind are known to get, in bytes.
func kindReach(gp *g) uintptr {
	return kindSize(kindAdvice(gp).warm())
}

// kindAdvice returns the advice of gp's kind; none if that has been taken apart since gp started.
func kindAdvice(gp *g) stackAdvice {
	if advice := stackAdvice(kindOf(gp).advice.Load()); advice != kindLookThrough {
		return advice
	}
	return 0
}

// kindIsSystem is isSystemGoroutine for newproc1 and gdestroy, which ask about every goroutine: what is true of one
// holds for its kind, except for those that run finalizers and cleanups.
func kindIsSystem(gp *g) bool {
	if !kindsAsked {
		return isSystemGoroutine(gp, false)
	}
	return *kindWord(gp)&kindUser == 0 && kindAskSystem(gp)
}

func kindAskSystem(gp *g) bool {
	if stackNotes {
		noteGoroutine(gp)
	}
	if isSystemGoroutine(gp, false) {
		return true
	}
	if stackNotes {
		return false // the next one is to come here, too
	}
	if k := kindOf(gp); k.key.Load() == gp.startpc {
		if f := findfunc(gp.startpc); f.valid() && f.funcID != abi.FuncID_runFinalizers && f.funcID != abi.FuncID_runCleanups {
			k.user.Store(kindUser)
		}
	}
	return false
}
