// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"unsafe"
)

// Growths, recorded: what the profile stackgrowth and the report are made of
//
// A goroutine may grow anywhere in Go code: inside malloc, with locks of the runtime held. So who records takes no lock, allocates
// nothing from the heap, and runs on g0, where nothing grows. The record is a table with a list of buckets per hash; a bucket
// is added at the front of its list, with a compare-and-swap, and stays for ever, and its counts are added to atomically.
// Readers just walk the lists. Buckets come from persistentalloc, which takes no lock either on an M with a P, as every M has
// whose goroutine grows, and which no goroutine can have been inside when it grew, because it works on the system stack.
//
// The call stack is read off the frame pointers, in a few nanoseconds a frame.

const (
	growthHeads = 1 << 12
	growthMax   = 32 << 20 // bytes that buckets with call stacks may take; growths after that are counted without theirs
	growthDepth = 128      // calls kept of a stack
)

// What a bucket counts: the low byte of growthBucket.what. Above it are the size indexes of a growth, from and to, a byte each.
const (
	growthCopied = 1 + iota
	growthInPlace
	growthEntry   // no growth but the goroutines of one entry and go site: see spade_note.go
	growthDeepest // no growth but calls with which a goroutine was deeper than others: see spade_notedeep.go
)

// growthRate: one growth in so many is recorded, on average, and counts for so many; 0 is none. Constant after start.
//
// By default that is one in 64. A recorded growth takes some 400 ns, so on average 6 ns more: an hundredth of the cheapest
// copy, and a sixth of a growth in place, of which there is about one per goroutine that was not foreseen.
var growthRate uint32 = 64

// A growthBucket counts the growths with the same key. Package runtime/pprof has a copy of this type.
type growthBucket struct {
	_    sys.NotInHeap
	n    [7]uint64 // added to atomically, read as they are
	next uintptr   // address of the next bucket in the list
	done bool      // the report has it
	growthKey
}

type growthKey struct {
	entry, site uintptr // the goroutine's startpc and gopc
	what        uint32
	depth       uint32
	stk         [growthDepth]uintptr // see growthCalls; only depth of them are there
}

// The indexes of n: of growths, and (spade_note.go) of goroutines.
const (
	growthEvents = iota
	growthBytes
	growthNanos
)

var growthTable [growthHeads]uintptr // changed by compare-and-swap

var growthBytesTaken uintptr

// growthStart returns the time if the growth that now starts is to be recorded, else 0. growthRate is not 0.
//
//go:noinline
func growthStart() int64 {
	if growthRate > 1 && cheaprandn(growthRate) != 0 {
		return 0
	}
	return nanotime()
}

// growthCopy is copystack for newstack's growth, recorded. callerpc is where the function that needs more returns to.
func growthCopy(gp *g, newsize, callerpc uintptr) {
	if growthRate == 0 {
		copystack(gp, newsize)
		return
	}
	start, oldsize := growthStart(), gp.stack.hi-gp.stack.lo
	copystack(gp, newsize)
	gp.stackguard0 = gp.stack.lo + stackArmed // might clobber a preempt request, as copystack might
	if start != 0 && newsize != oldsize {
		growthRecord(gp, start, callerpc, growthCopied, oldsize)
	}
}

// growthRecord records that gp, which the caller owns and whose stack has not run since, has grown from oldsize. It runs on g0.
//
//go:noinline
func growthRecord(gp *g, start int64, callerpc uintptr, how uint32, oldsize uintptr) {
	ns := nanotime() - start
	newsize := gp.stack.hi - gp.stack.lo
	what := how | uint32(sys.TrailingZeros64(uint64(oldsize)))<<8 | uint32(sys.TrailingZeros64(uint64(newsize)))<<16
	key := growthKey{entry: gp.startpc, site: gp.gopc, what: what}
	growthCalls((*growthKey)(abi.NoEscape(unsafe.Pointer(&key))), gp, callerpc)
	var copied int64
	rate := int64(growthRate)
	if how == growthCopied {
		copied = int64(gp.stack.hi-gp.sched.sp) * rate
	}
	b := growthFind((*growthKey)(abi.NoEscape(unsafe.Pointer(&key))))
	atomic.Xadd64(&b.n[growthEvents], rate)
	atomic.Xadd64(&b.n[growthBytes], copied)
	atomic.Xadd64(&b.n[growthNanos], ns*rate)
	if stackNotes {
		noteStack(gp, noteGrowths, rate)
		noteStack(gp, noteCopied, copied)
	}
}

// growthCalls reads gp's call stack into key: the address in the function that grows, and the return addresses from callerpc on, without
// inlined calls. The caller owns gp's stack.
//
// With growthDeepest they are distances from the start of the text, and in the upper half of each word is how far below the stack's upper end
// the stack pointer is in the first function, and in the others the frame pointer; 0 if it has none that leads up the stack.
//
//go:noinline
func growthCalls(key *growthKey, gp *g, callerpc uintptr) {
	pc, at := gp.sched.pc, gp.stack.hi-gp.sched.sp
	for fp, low := gp.sched.bp, gp.stack.lo; key.depth < growthDepth; {
		if key.what == growthDeepest {
			pc = min(pc-firstmoduledata.text, 1<<(4*goarch.PtrSize)-1) | at<<(4*goarch.PtrSize)
		}
		key.stk[key.depth] = pc
		if key.depth++; at == 0 {
			break
		}
		pc, callerpc, at = callerpc, 0, 0
		if framepointer_enabled && fp >= low && fp < gp.stack.hi-goarch.PtrSize && fp%goarch.PtrSize == 0 {
			at = gp.stack.hi - fp
			callerpc = *(*uintptr)(unsafe.Pointer(fp + goarch.PtrSize))
			low, fp = fp+1, *(*uintptr)(unsafe.Pointer(fp))
		}
	}
}

// growthFind returns the bucket with this key, made if it is not there. It may run anywhere, and be interrupted by itself.
func growthFind(key *growthKey) *growthBucket {
	size := unsafe.Offsetof(key.stk) + uintptr(key.depth)*goarch.PtrSize
	head := &growthTable[memhash(unsafe.Pointer(key), 0, size)%growthHeads]
	var own *growthBucket
	for {
		first := atomic.Loaduintptr(head)
		for b := growthAt(first); b != nil; b = growthAt(b.next) {
			if b.depth == key.depth && memequal(unsafe.Pointer(&b.growthKey), unsafe.Pointer(key), size) {
				return b
			}
		}
		if own == nil {
			if key.depth > 0 && atomic.Xadduintptr(&growthBytesTaken, size) > growthMax {
				key.depth = 0
				return growthFind(key)
			}
			own = (*growthBucket)(persistentalloc(unsafe.Offsetof(own.growthKey)+size, 8, &memstats.buckhash_sys))
			memmove(unsafe.Pointer(&own.growthKey), unsafe.Pointer(key), size)
		}
		own.next = first
		if atomic.Casuintptr(head, first, uintptr(unsafe.Pointer(own))) {
			return own
		}
	}
}

func growthAt(p uintptr) *growthBucket { return (*growthBucket)(unsafe.Pointer(p)) }

// growthEach calls f for every bucket, and returns growthRate. Package runtime/pprof calls it as well.
//
//go:linkname growthEach runtime/pprof.runtime_growthEach
func growthEach(f func(b *growthBucket)) uint32 {
	for i := range growthTable {
		for b := growthAt(atomic.Loaduintptr(&growthTable[i])); b != nil; b = growthAt(b.next) {
			f(b)
		}
	}
	return growthRate
}
