// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "internal/stringslite"

// Counts of what stacks did, kept on each P and added up when someone asks.

// stackCounts are written by the P's owner only, on the system stack, and read by anyone, perhaps a little late.
type stackCounts struct {
	inplace uint64 // growths by lowering a bound
	moves   uint64 // growths and shrinkings by copying
	shrinks uint64 // shrinkings by copying
	copied  uint64 // bytes copied by either
	starts  uint64 // goroutines started in a slot
}

// stackCountsRest holds the counts of Ps that are gone (added with the world stopped) and of growths without a P (which
// may lose a count to one another).
var stackCountsRest stackCounts

func stackCount(pp *p) *stackCounts {
	if pp == nil {
		return &stackCountsRest
	}
	return &pp.stacks.stackCounts
}

func (c *stackCounts) add(d *stackCounts) {
	c.inplace += d.inplace
	c.moves += d.moves
	c.shrinks += d.shrinks
	c.copied += d.copied
	c.starts += d.starts
}

// copies returns the growths by copying.
func (c stackCounts) copies() uint64 { return c.moves - c.shrinks }

func (c stackCounts) growths() uint64 { return c.inplace + c.copies() }

// stackCountsRetire keeps the counts of pp, which is about to be destroyed.
func stackCountsRetire(pp *p) {
	stackCountsRest.add(&pp.stacks.stackCounts)
	pp.stacks.stackCounts = stackCounts{}
}

// stackCountsRead adds up the counts of all Ps.
func stackCountsRead() (sum stackCounts) {
	sum = stackCountsRest
	lock(&allpLock)
	for _, pp := range allp {
		sum.add(&pp.stacks.stackCounts)
	}
	unlock(&allpLock)
	return sum
}

// slotsUsed returns the number of slots in use.
func slotsUsed() uint64 {
	var taken uint64
	for c := range uint32(slotClasses) {
		slotEachTaken(c, func(hi uintptr) {
			if slotHead(hi).touched != 0 {
				taken++
			}
		})
	}
	return taken - min(slotsFree(), taken)
}

// slotsFree returns the number of free slots whose pages are kept.
func slotsFree() (n uint64) {
	for c := range slotClasses {
		pool := &stackPool[denseClasses+c]
		n += uint64(pool.young.size + pool.old.size)
	}
	lock(&looseSlots.lock)
	for c := range looseSlots.class {
		for _, hi := range [...]uintptr{looseSlots.class[c].young, looseSlots.class[c].old, looseSlots.class[c].locked} {
			for ; hi != 0; hi = slotHead(hi).next {
				n++
			}
		}
	}
	unlock(&looseSlots.lock)
	lock(&allpLock)
	for _, pp := range allp {
		for c := range slotClasses {
			n += uint64(pp.stacks.free[denseClasses+c].size)
		}
	}
	unlock(&allpLock)
	return n
}

// spadeMetrics adds spade's metrics to those of runtime/metrics. initMetrics calls it.
func spadeMetrics(all map[string]metricData) {
	set := func(name string, compute func(*statAggregate, *metricValue)) {
		all[name] = metricData{compute: compute}
	}
	set("/spade/stack/inplace:enabled", func(_ *statAggregate, out *metricValue) { out.setUint64(uint64(bool2int(slotsOn))) })
	set("/spade/stack/growths:growths", func(_ *statAggregate, out *metricValue) { out.setUint64(stackCountsRead().growths()) })
	set("/spade/stack/growths-inplace:growths", func(_ *statAggregate, out *metricValue) { out.setUint64(stackCountsRead().inplace) })
	set("/spade/stack/growths-copied:growths", func(_ *statAggregate, out *metricValue) { out.setUint64(stackCountsRead().copies()) })
	set("/spade/stack/copied:bytes", func(_ *statAggregate, out *metricValue) { out.setUint64(stackCountsRead().copied) })
	set("/spade/slots/starts:goroutines", func(_ *statAggregate, out *metricValue) { out.setUint64(stackCountsRead().starts) })
	set("/spade/slots/used:slots", func(_ *statAggregate, out *metricValue) { out.setUint64(slotsUsed()) })
	set("/spade/slots/free:slots", func(_ *statAggregate, out *metricValue) { out.setUint64(slotsFree()) })
	set("/spade/stack/kept:bytes", func(_ *statAggregate, out *metricValue) { out.setUint64(stackKeptBytes()) })
	set("/spade/slots/reserved:bytes", func(_ *statAggregate, out *metricValue) { out.setUint64(uint64(slotMem.size)) })
	set("/spade/slots/resident:bytes", func(_ *statAggregate, out *metricValue) { out.setUint64(slotResident()) })
	set("/spade/slots/discarded:bytes", func(_ *statAggregate, out *metricValue) { out.setUint64(uint64(slotSweeper.freed.Load())) })
}

// spadeUnlisted removes spade's metrics from the names that must stand in metrics.All: they can be read, not listed.
func spadeUnlisted(names []string) []string {
	kept := names[:0]
	for _, name := range names {
		if !stringslite.HasPrefix(name, "/spade/") {
			kept = append(kept, name)
		}
	}
	return kept
}

func (v *metricValue) setUint64(n uint64) {
	v.kind = metricKindUint64
	v.scalar = n
}

// spadePrintReport prints the counts on standard error, for GOSPADE=report=1.
func spadePrintReport() {
	c := stackCountsRead()
	reserved, opened := slotReserved()
	strategy := "copy"
	if slotsOn {
		strategy = "inplace"
	}
	print("spade: stacks=", strategy, "\n",
		"spade: growths ", c.growths(), ": ", c.inplace, " in place, ", c.copies(), " copied; ",
		c.shrinks, " shrunk by copying; ", c.copied, " bytes copied\n",
		"spade: goroutines started in a slot ", c.starts, "\n",
		"spade: slots ", slotsUsed(), " used, ", slotsFree(), " free; ", slotResident(), " bytes touched, ", opened, " open, ",
		reserved, " reserved, ", slotSweeper.freed.Load(), " given back\n")
}
