// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/stringslite"
	"unsafe"
)

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

// spadeMetricNames are the metrics that spadeMetric knows, by their index.
var spadeMetricNames = [...]string{
	"/spade/stack/inplace:enabled",
	"/spade/stack/growths:growths",
	"/spade/stack/growths-inplace:growths",
	"/spade/stack/growths-copied:growths",
	"/spade/stack/copied:bytes",
	"/spade/stack/kept:bytes",
	"/spade/slots/starts:goroutines",
	"/spade/slots/used:slots",
	"/spade/slots/free:slots",
	"/spade/slots/reserved:bytes",
	"/spade/slots/resident:bytes",
	"/spade/slots/discarded:bytes",
}

// spadeMetrics adds spade's metrics to those of runtime/metrics. initMetrics calls it. One function computes them all: each function
// more takes half a kilobyte of every binary, in tables.
func spadeMetrics(all map[string]metricData) {
	for _, name := range spadeMetricNames {
		all[name] = metricData{compute: spadeMetricCompute}
	}
}

// spadeMetricCompute finds the metric's name beside the value, where readMetricsLocked has both.
func spadeMetricCompute(_ *statAggregate, out *metricValue) {
	sample := (*metricSample)(unsafe.Pointer(uintptr(unsafe.Pointer(out)) - unsafe.Offsetof(metricSample{}.value)))
	out.kind = metricKindUint64
	for i, name := range spadeMetricNames {
		if name == sample.name {
			out.scalar = spadeMetric(i)
		}
	}
}

// spadeMetric returns the metric with that index in spadeMetricNames.
func spadeMetric(i int) uint64 {
	c := stackCountsRead()
	switch i {
	case 0:
		return uint64(bool2int(slotsOn))
	case 1:
		return c.growths()
	case 2:
		return c.inplace
	case 3:
		return c.copies()
	case 4:
		return c.copied
	case 5:
		return stackKeptBytes()
	case 6:
		return c.starts
	case 7:
		return slotsUsed()
	case 8:
		return slotsFree()
	case 9:
		return uint64(slotMem.size)
	case 10:
		return slotResident()
	}
	return uint64(slotSweeper.freed.Load())
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
