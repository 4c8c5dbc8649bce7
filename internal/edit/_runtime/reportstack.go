// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "unsafe"

// reportStacks adds to a report in JSON a line for each call stack with which a goroutine has grown, from the innermost function on: addresses
// as distances from the start of the text. So it does for calls at the deepest places, with where frames lie: see growthCalls. Of those for which
// there was no room the list is empty. spade depth -observe compares them with what it knows of the program.
func reportStacks(fd int32) {
	for i := range growthTable {
		for b := growthAt(growthTable[i]); b != nil; b = growthAt(b.next) {
			start, before := firstmoduledata.text, "{`stack`:["
			if b.what == growthDeepest {
				start, before = 0, "{`frames`:["
			} else if b.what == growthEntry || b.depth == 0 {
				continue
			}
			reportText(before)
			for n := range b.depth {
				if n > 0 {
					reportByte(',')
				}
				reportNumber(uint64(b.stk[n]-start), 0)
			}
			reportText("],`entry`:`")
			reportText(funcname(findfunc(b.entry)))
			reportText("`}\n")
			write(uintptr(fd), unsafe.Pointer(&reportLine[0]), int32(reportUsed))
			reportUsed = 0
		}
	}
}
