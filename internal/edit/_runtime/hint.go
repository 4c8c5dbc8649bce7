// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "internal/runtime/atomic"

// Stack hints: comments //spade:stack in the program's source
//
// spade go hands them to the linker, which sets spadeHints. A hint is about a place, a go statement or a function. The places of a
// kind's entry and of the go statement that starts its first goroutine are looked up once, when the kind is made. From then on
// the hint is the kind's advice: it learns nothing, and starting its goroutines takes no longer than if it had learned that.

// spadeHints has hintBytes for each hint: the key of its place in hexadecimal digits, and a letter, a for size index 0.
var spadeHints string

const hintBytes = 16 + 1

// hintAdvice marks the advice of a kind with a hint.
const hintAdvice stackAdvice = 1 << 10

// hintAsked has a bit for each kind whose places were looked up.
var hintAsked [kindMax / 32]atomic.Uint32

// hintKind is kindFind for the kind of goroutines that enter at pc and are started at callerpc. It gives the kind its hint.
func hintKind(pc, callerpc uintptr) uint64 {
	i := kindFind(pc)
	asked, bit := &hintAsked[i/32], uint32(1)<<(i%32)
	if spadeHints == "" || i == 0 || asked.Load()&bit != 0 {
		return i
	}
	if size := hintOf(pc, callerpc); size >= 0 {
		k := &stackKinds[i]
		for !k.busy.CompareAndSwap(0, 1) { // for good: nothing is recorded any more
			if stackAdvice(k.advice.Load())&hintAdvice != 0 {
				return i // another P was faster
			}
			osyield()
		}
		k.advice.Store(uint32(hintAdvice) | uint32(size)*0x11)
	}
	asked.Or(bit)
	return i
}

// hintGet is stackGet where kinds don't learn: only hints count.
func hintGet(pp *p, fn *funcval, callerpc uintptr) *g {
	if spadeHints != "" {
		advice := stackAdvice(stackKinds[hintKind(fn.fn, callerpc)].advice.Load())
		if size := kindSize(advice.always()); size > fixedStack {
			return stackStart(pp, size, false, false, false)
		}
	}
	return gfget(pp)
}

// hintOf returns the size index that a go statement, or else the function that it starts, has a hint of, or -1.
func hintOf(pc, callerpc uintptr) int {
	if size := hintFind('g', callerpc-1, -1); size >= 0 {
		return size
	}
	return hintFind('f', pc, findfunc(pc).startLine)
}

// hintFind returns the size index of the hint on the go statement ('g') or the function ('f') in the line of the file that pc is in, or -1. A
// line below 0 is that of pc.
func hintFind(what byte, pc uintptr, line int32) int {
	file, at := funcline1(findfunc(pc), pc, false)
	if line < 0 {
		line = at
	}
	start := len(file)
	for slashes := 0; start > 0; start-- {
		if file[start-1] == '/' {
			if slashes++; slashes == 2 {
				break
			}
		}
	}
	// The key is a hash (FNV-1a) of what has the hint, the line, the file's name and that of its directory.
	key := uint64(14695981039346656037)
	for n := uint64(line)<<8 | uint64(what); n != 0; n >>= 8 {
		key = (key ^ n&0xff) * 1099511628211
	}
	for ; start < len(file); start++ {
		key = (key ^ uint64(file[start])) * 1099511628211
	}
search:
	for list := spadeHints; len(list) >= hintBytes; list = list[hintBytes:] {
		for i := range 16 {
			if list[i] != "0123456789abcdef"[key>>(60-4*i)&0xf] {
				continue search
			}
		}
		return int(list[16] - 'a')
	}
	return -1
}
