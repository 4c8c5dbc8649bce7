// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "unsafe"

// reportStacks adds to a report in JSON a line for each call stack with which a goroutine has grown, from the innermost function on: addresses
// as distances from the start of the text. spade depth -observe compares them with what the program's source asserts.
func reportStacks(fd int32) {
	for i := range growthTable {
		for b := growthAt(growthTable[i]); b != nil; b = growthAt(b.next) {
			if b.what == growthEntry || b.depth == 0 {
				continue
			}
			before := "{`stack`:["
			for n := range b.depth {
				reportText(before)
				reportNumber(uint64(b.stk[n]-firstmoduledata.text), 0)
				before = ","
			}
			reportText("],`entry`:`")
			reportText(funcname(findfunc(b.entry)))
			reportText("`}\n")
			write(uintptr(fd), unsafe.Pointer(&reportLine[0]), int32(reportUsed))
			reportUsed = 0
		}
	}
}
