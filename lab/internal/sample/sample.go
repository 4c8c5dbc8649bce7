// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package sample measures a stretch of a workload program's work and prints it
// as one line of Go's benchmark format.
//
// A workload program is started once a sample: the runner reads the line that
// it prints and puts many together.
package sample

import (
	"io"
	"runtime"
	"time"
)

// A Stretch is the measured part of a workload, from Begin to End.
type Stretch struct {
	wall   time.Time
	usage  usage
	counts counts
}

// Begin starts a stretch. Garbage of the set-up is collected first, so that it
// isn't paid for by the work.
func Begin() *Stretch {
	runtime.GC()
	return BeginFresh()
}

// BeginFresh starts a stretch without the collection of Begin, which would also
// warm up what a workload wants to find cold.
func BeginFresh() *Stretch {
	return &Stretch{counts: readCounts(), usage: readUsage(), wall: time.Now()}
}

// End writes the stretch's line: n operations took what lies between Begin and
// now. Time is in nanoseconds, memory in bytes. It follows Go's rule that a
// name ends in the number of processors when it isn't 1. On spade's runtime the
// line has growths too, and inplace, which is 1 when that strategy is in force.
// Figures that the program took by itself stand at the end.
func (s *Stretch) End(w io.Writer, name string, n int, figures ...Figure) {
	wall := time.Since(s.wall)
	used := readUsage().since(s.usage)
	counts := readCounts().since(s.counts)

	line := newLine(name, n)
	line.add(float64(wall.Nanoseconds())/float64(n), "ns/op")
	line.add(float64(used.cpu.Nanoseconds())/float64(n), "cpu-ns/op")
	line.add(float64(used.system.Nanoseconds())/float64(n), "sys-ns/op")
	line.add(float64(used.minorFaults)/float64(n), "minflt/op")
	line.add(float64(used.switches)/float64(n), "ctxsw/op")
	line.add(float64(counts.collections), "gcs")
	line.add(float64(used.maxResident), "peak-bytes")
	if counts.spade {
		line.add(float64(counts.enabled), "inplace")
		line.add(float64(counts.growths)/float64(n), "growths/op")
		line.add(float64(counts.inPlace)/float64(n), "inplace-growths/op")
		line.add(float64(counts.copied)/float64(n), "copied-bytes/op")
	}
	line.figures(figures)
	line.print(w)
}

// Memory writes a line with what the process holds now, in bytes: resident
// pages, page tables, and the two together; how much address space it has, and
// in how many mappings. net is what is more than before, divided by n, the
// number of goroutines.
func Memory(w io.Writer, name string, n int, before Footprint) error {
	after, err := Look()
	if err != nil {
		return err
	}
	each := func(now, then int64) float64 { return float64(now-then) / float64(n) }
	line := newLine(name, n)
	line.add(float64(after.Held()), "held-bytes")
	line.add(float64(after.Resident), "resident-bytes")
	line.add(float64(after.Tables), "pagetable-bytes")
	line.add(float64(after.Reserved), "reserved-bytes")
	line.add(float64(after.Mappings), "mappings")
	line.add(each(after.Held(), 0), "held-bytes/op")
	line.add(each(after.Held(), before.Held()), "net-bytes/op")
	line.add(each(after.Resident, before.Resident), "net-resident-bytes/op")
	line.add(each(after.Tables, before.Tables), "net-pagetable-bytes/op")
	if now := readCounts(); now.spade {
		line.add(float64(now.enabled), "inplace")
		line.add(float64(now.growths)/float64(n), "growths/op")
		line.add(float64(now.inPlace)/float64(n), "inplace-growths/op")
		line.add(float64(now.slotsUsed), "used-slots")
		line.add(float64(now.slotsFree), "free-slots")
	}
	line.print(w)
	return nil
}
