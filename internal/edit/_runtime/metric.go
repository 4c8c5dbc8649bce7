// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/runtime/sys"
	"unsafe"
)

// Figures for package runtime/metrics, which lists and describes them in a file of its own, and for the report
//
// Settings of GODEBUG register a metric when they are first used, in nearly every program, and stock then makes the table of all metrics.
// Here they are kept in a list until something is read. So the table, and the functions in it, are linked only by programs that
// import runtime/metrics.

// metricsLater are metrics that have been registered before there was a table. The metrics' lock guards it.
var metricsLater []struct {
	name string
	read metricReader
}

// metricLater notes a metric for the table to come. The metrics' lock is held.
func metricLater(name string, read func() uint64) {
	metricsLater = append(metricsLater, struct {
		name string
		read metricReader
	}{name, read})
}

// spadeMetricNames are the metrics that spadeMetric knows, by their index.
var spadeMetricNames = [...]string{
	"/spade/goroutines/stack-size:bytes",
	"/spade/slots/discarded:bytes",
	"/spade/slots/free:slots",
	"/spade/slots/reserved:bytes",
	"/spade/slots/resident:bytes",
	"/spade/slots/starts:goroutines",
	"/spade/slots/unneeded:goroutines",
	"/spade/slots/used:slots",
	"/spade/stack/copied:bytes",
	"/spade/stack/growths-copied:growths",
	"/spade/stack/growths-inplace:growths",
	"/spade/stack/growths:growths",
	"/spade/stack/inplace:enabled",
	"/spade/stack/kept:bytes",
	"/spade/stack/outgrown:goroutines",
}

// stackSizeBuckets bound the histogram of stack sizes: the stock sizes, a bucket each.
var stackSizeBuckets [20]float64

// spadeMetrics adds to the new table of all metrics spade's, and those that have been registered. The metrics' lock is held.
func spadeMetrics() {
	for _, later := range metricsLater {
		d, ok := metrics[later.name]
		if !ok {
			throw("runtime: unexpected metric registration for " + later.name)
		}
		d.compute = later.read.compute
		metrics[later.name] = d
	}
	for i := range stackSizeBuckets {
		stackSizeBuckets[i] = float64(uint64(2048) << i)
	}
	stackSizeBuckets[len(stackSizeBuckets)-1] = float64Inf()
	for _, name := range spadeMetricNames {
		metrics[name] = metricData{compute: spadeMetricCompute}
	}
}

// spadeMetricCompute finds the metric's name beside the value, where readMetricsLocked has both.
func spadeMetricCompute(_ *statAggregate, out *metricValue) {
	sample := (*metricSample)(unsafe.Pointer(uintptr(unsafe.Pointer(out)) - unsafe.Offsetof(metricSample{}.value)))
	if sample.name == spadeMetricNames[0] {
		spadeStackSizes(out.float64HistOrInit(stackSizeBuckets[:]).counts)
		return
	}
	out.kind = metricKindUint64
	for i, name := range spadeMetricNames {
		if name == sample.name {
			out.scalar = spadeMetric(i)
		}
	}
}

// spadeStackSizes counts live goroutines by the size of their stacks, and returns how many are in slots. They run on: one that
// grows meanwhile may be counted as either size.
func spadeStackSizes(counts []uint64) (slots uint64) {
	clear(counts)
	ptr, n := atomicAllG()
	for i := range n {
		gp := atomicAllGIndex(ptr, i)
		s := gp.stack
		if status := readgstatus(gp) &^ _Gscan; status == _Gidle || status == _Gdead || status == _Gdeadextra || s.lo == 0 {
			continue
		}
		if inSlots(s.hi) {
			slots++
		}
		if size := sys.Len64(uint64((s.hi - s.lo) / 4096)); counts != nil {
			counts[min(size, len(counts)-1)]++
		}
	}
	return slots
}

// spadeMetric returns the metric with that index in spadeMetricNames.
func spadeMetric(i int) uint64 {
	c := stackCountsRead()
	switch i {
	case 1:
		return uint64(slotSweeper.freed.Load())
	case 2, 4, 7:
		used, touched, resident := spadeStackSizes(nil), uint64(0), uint64(0)
		for c := range uint32(slotClasses) {
			slotEachTaken(c, func(hi uintptr) {
				if t := slotHead(hi).touched; t != 0 {
					touched++
					resident += uint64(slotTop(hi) - t&^(slotPage-1))
				}
			})
		}
		return [...]uint64{touched - min(touched, used), 0, resident, 0, 0, used}[i-2]
	case 3:
		return uint64(slotMem.size)
	case 5:
		return c.starts
	case 6:
		return c.unneeded
	case 8:
		return c.copied
	case 9:
		return c.copies
	case 10:
		return c.inplace
	case 11:
		return c.inplace + c.copies
	case 12:
		return uint64(bool2int(slotsOn))
	case 13:
		return stackKeptBytes()
	}
	return c.outgrown
}
