// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/runtime/atomic"
)

// What slots hold, told to memstats, the pacer and the memory limit

// slotAccount tells memstats and the pacer that slots hold n bytes of stack more (or less), by logical bounds: like
// any stack they count as committed and ready memory whether or not each page was touched. pp's share is passed on
// once it is worth it.
func slotAccount(pp *p, n int64) {
	if pp == nil {
		slotAccountFlush(n)
		return
	}
	pp.stacks.bytes += n
	if b := pp.stacks.bytes; b > slotAccountSlack || b < -slotAccountSlack {
		slotAccountFlush(b)
		pp.stacks.bytes = 0
	}
}

// slotAccountSlack is the most that one P may be behind, in bytes.
const slotAccountSlack = 32 << 10

// slotAccountFlush moves the three figures that must agree whenever the world is stopped (see readmemstats_m). The caller
// can't be stopped in between: it runs on the system stack.
func slotAccountFlush(n int64) {
	if n == 0 {
		return
	}
	stats := memstats.heapStats.acquire()
	atomic.Xaddint64(&stats.committed, n)
	atomic.Xaddint64(&stats.inStacks, n)
	memstats.heapStats.release()
	gcController.mappedReady.Add(n)
}
