// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/goarch"
	"internal/runtime/atomic"
	"unsafe"
)

// Parts of a kind: looking through wrappers
//
// Every goroutine of WaitGroup.Go has the same entry and the same go statement, and so have those of iter.Pull, errgroup
// and many a pool. When a kind turns out mixed, deep for some and shallow for others, it is taken apart by what tells its
// goroutines apart from outside: the function that called the one with the go statement, and the function that the
// entry's closure has captured. Each part then is a kind of its own.
//
// A kind's exits vote on whether it is mixed. When the whole has been found mixed it is taken apart, on trial; the first part
// to be judged decides: if it is mixed too, then this was no wrapper, and the kind is put together again, for good; if
// it is uniform, the division stands.
type kindParts uint16

const (
	kindWhole     kindParts = iota // not taken apart so far; of a part: not judged so far
	kindDivided                    // on trial
	kindProven                     // taken apart for good
	kindUndivided                  // never to be taken apart; of a part: judged
	kindState     kindParts = 3    // mask; what is above are votes
	kindUniform   kindParts = 1 << 4
	kindMixed     kindParts = 1 << 8
	kindVotesMask kindParts = 7
)

// It takes kindVotes more votes than the other side has to decide; one in kindVoteEvery sampled exits casts one, on average.
const (
	kindVotes     = 4
	kindVoteEvery = 8
)

func (p kindParts) divided() bool {
	return p&kindState == kindDivided || p&kindState == kindProven
}

// kindLookThrough is the advice of a kind that is taken apart: ask the part. Its sizes are out of range.
const kindLookThrough = stackAdvice(0xff)

// kindPartsMax is the number of table entries that parts may take: half of them.
const kindPartsMax = kindMax / 2

var kindPartCount atomic.Int32

// kindVote lets a sampled exit vote on k, and acts if that decides. k.busy is held.
func kindVote(k *stackKind) {
	mixed, uniform := k.history.verdict()
	if mixed == uniform || k.parts&kindState != kindWhole || cheaprandn(kindVoteEvery) != 0 {
		return
	}
	side, other := kindMixed, kindUniform
	if uniform {
		side, other = other, side
	}
	if k.parts/other&kindVotesMask > 0 {
		k.parts -= other
		return
	}
	k.parts += side
	if k.parts/side&kindVotesMask < kindVotes {
		return
	}
	switch {
	case k.whole != 0:
		k.parts = kindUndivided
		kindJudge(&stackKinds[k.whole], uniform)
	case uniform:
		k.parts = kindWhole // and the vote goes on
	case kindPartCount.Load() < kindPartsMax:
		k.parts = kindDivided
		k.advice.Store(uint32(kindLookThrough))
	}
}

// kindJudge decides on a kind on trial by what was found of one of its parts.
func kindJudge(k *stackKind, uniform bool) {
	if !k.busy.CompareAndSwap(0, 1) {
		return
	}
	if k.parts == kindDivided {
		k.parts = kindProven
		if !uniform {
			k.parts = kindUndivided
			k.advice.Store(uint32(k.history.advice()))
		}
	}
	k.busy.Store(0)
}

// kindPart returns the index of the part of kind i that a goroutine running fn, started by callergp at callerpc, belongs
// to; 0, of which nothing is known, if the table is full. It runs on the system stack, below newproc or newcoro.
func kindPart(i uint64, fn *funcval, callergp *g, callerpc uintptr) uint64 {
	k := &stackKinds[i]
	// Multiplied by odd numbers, so that the three can't cancel each other.
	key := uint64(k.key.Load()) ^ uint64(kindCaller(callergp, callerpc))*0x9e3779b97f4a7c15 ^ uint64(kindCaptured(fn))*0xc2b2ae3d27d4eb4f
	part := kindFind(uintptr(key))
	if p := &stackKinds[part]; part != 0 && p.whole == 0 {
		p.whole = uint16(i)
		p.user.Store(k.user.Load())
		kindPartCount.Add(1)
	}
	return part
}

// kindCaller returns the address in the caller of the function whose go statement, at pc, starts a goroutine, or 0. It
// follows frame pointers: from systemstack's frame to newproc's, to that function's.
func kindCaller(gp *g, pc uintptr) uintptr {
	if !framepointer_enabled {
		return 0
	}
	fp := kindFrame(gp, gp.sched.bp)
	if fp == 0 || *(*uintptr)(unsafe.Pointer(fp + goarch.PtrSize)) != pc {
		return 0
	}
	fp = kindFrame(gp, fp)
	if fp == 0 {
		return 0
	}
	return *(*uintptr)(unsafe.Pointer(fp + goarch.PtrSize))
}

// kindFrame returns the frame pointer that was saved at fp, or 0 if that is not a place in gp's stack.
func kindFrame(gp *g, fp uintptr) uintptr {
	if fp < gp.stack.lo || fp >= gp.stack.hi-2*goarch.PtrSize || fp%goarch.PtrSize != 0 {
		return 0
	}
	next := *(*uintptr)(unsafe.Pointer(fp))
	if next < gp.stack.lo || next >= gp.stack.hi-2*goarch.PtrSize || next%goarch.PtrSize != 0 {
		return 0
	}
	return next
}

// kindCaptured returns the entry of a function that fn's closure has captured, or 0. Captured words may be anything: one
// is followed only into memory that is sure to be readable, and what is found there is used only as a key.
func kindCaptured(fn *funcval) uintptr {
	size := kindReadable(uintptr(unsafe.Pointer(fn)))
	for off := uintptr(goarch.PtrSize); off < min(size, 6*goarch.PtrSize); off += goarch.PtrSize {
		word := *(*uintptr)(add(unsafe.Pointer(fn), off))
		if word%goarch.PtrSize != 0 || kindReadable(word) == 0 && !kindStatic(word) {
			continue
		}
		pc := *(*uintptr)(unsafe.Pointer(word))
		if firstmoduledata.text <= pc && pc < firstmoduledata.etext {
			return pc
		}
	}
	return 0
}

// kindReadable returns the size of the heap object that p points to the start of, or into, in bytes; 0 if p doesn't point
// into the heap.
func kindReadable(p uintptr) uintptr {
	s := spanOf(p)
	if s == nil || s.state.get() != mSpanInUse || p < s.base() || p >= s.limit {
		return 0
	}
	return s.elemsize
}

// kindStatic reports whether p points into the program's read-only data, where functions that capture nothing are.
func kindStatic(p uintptr) bool {
	return firstmoduledata.types <= p && p < firstmoduledata.etypes-goarch.PtrSize
}
