// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pprof

import (
	"cmp"
	"fmt"
	"internal/abi"
	"io"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
)

// stackGrowthProfile is the profile of the growths of goroutine stacks, as spade's runtime records them.
var stackGrowthProfile = &Profile{
	name:  "stackgrowth",
	count: countStackGrowth,
	write: writeStackGrowth,
}

// A growthBucket is what package runtime's spade_growth.go has under that name.
type growthBucket struct {
	n           [7]uint64
	next        uintptr
	done        bool
	entry, site uintptr
	what        uint32
	depth       uint32
	stk         [1 << 10]uintptr // only depth of them are there
}

const (
	growthCopied  = 1
	growthInPlace = 2
)

// runtime_growthEach calls f for every bucket, which belongs to the runtime and is added to meanwhile, and returns the rate of sampling.
func runtime_growthEach(f func(b *growthBucket)) uint32

// A stackGrowth is a bucket as it was for a moment.
type stackGrowth struct {
	events, bytes, nanos int64
	*growthBucket
}

// stackGrowths returns the growths recorded so far, most events first, and the rate of sampling.
func stackGrowths() (all []stackGrowth, rate int64) {
	rate = int64(runtime_growthEach(func(b *growthBucket) {
		if how := b.what & 0xff; how == growthCopied || how == growthInPlace {
			// Who records adds to the events first: read last, they are not fewer than what the other two are of.
			nanos, bytes := atomic.LoadUint64(&b.n[2]), atomic.LoadUint64(&b.n[1])
			all = append(all, stackGrowth{int64(atomic.LoadUint64(&b.n[0])), int64(bytes), int64(nanos), b})
		}
	}))
	slices.SortStableFunc(all, func(a, b stackGrowth) int { return cmp.Compare(b.events, a.events) })
	return all, rate
}

func countStackGrowth() int {
	all, _ := stackGrowths()
	return len(all)
}

// calls returns the call stack of g with inlined calls, leaf first. It says so if there was no room for it.
func (g stackGrowth) calls() []uintptr {
	if g.depth == 0 {
		return []uintptr{abi.FuncPCABIInternal(lostProfileEvent) + 1} // a return address
	}
	physical := append([]uintptr{0}, g.stk[:g.depth]...)
	logical := make([]uintptr, 8*len(physical))
	return logical[:pprof_fpunwindExpand(logical, physical)]
}

// how, from and to tell about the growth; sizes are in bytes.
func (g stackGrowth) how() string {
	if g.what&0xff == growthInPlace {
		return "in place"
	}
	return "copied"
}

func (g stackGrowth) from() int64 { return 1 << (g.what >> 8 & 0xff) }
func (g stackGrowth) to() int64   { return 1 << (g.what >> 16) }

// entryName returns the name of the function that a goroutine's go statement started, siteName where the statement is.
func entryName(pc uintptr) string {
	if f := runtime.FuncForPC(pc); f != nil {
		return f.Name()
	}
	return ""
}

func (g stackGrowth) siteName() string {
	if frames, _ := allFrames(g.site); g.site != 0 && len(frames) > 0 {
		return frames[0].File + ":" + strconv.Itoa(frames[0].Line)
	}
	return ""
}

// runtime_kindEachReached calls f for every entry of goroutines that have grown, with bounds of its high-water mark, in bytes.
func runtime_kindEachReached(f func(entry, used, size uintptr))

// highWaterEstimates returns a line for each entry of goroutines that have grown, the deepest first.
func highWaterEstimates() (lines []string) {
	type estimate struct{ entry, used, size uintptr }
	var all []estimate
	runtime_kindEachReached(func(entry, used, size uintptr) { all = append(all, estimate{entry, used, size}) })
	slices.SortFunc(all, func(a, b estimate) int { return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(b.used, a.used)) })
	for _, e := range all {
		name := "(others)" // without a place in the runtime's table
		if e.entry != 0 {
			name = entryName(e.entry)
		}
		lines = append(lines, fmt.Sprintf("high-water estimate: from %d to %d bytes, entry %s", e.used, e.size, name))
	}
	return lines
}

func writeStackGrowth(w io.Writer, debug int) error {
	all, rate := stackGrowths()
	if debug > 0 {
		return printStackGrowth(w, all, rate)
	}
	b := newProfileBuilder(w)
	b.pbValueType(tagProfile_PeriodType, "growths", "count")
	b.pb.int64Opt(tagProfile_Period, rate)
	b.pbValueType(tagProfile_SampleType, "growths", "count")
	b.pbValueType(tagProfile_SampleType, "copied", "bytes")
	b.pbValueType(tagProfile_SampleType, "time", "nanoseconds")
	b.pb.int64Opt(tagProfile_DefaultSampleType, b.stringIndex("time"))
	for _, line := range highWaterEstimates() {
		b.pb.int64Opt(tagProfile_Comment, b.stringIndex(line))
	}
	var locs []uint64
	for _, g := range all {
		locs = b.appendLocsForStack(locs[:0], g.calls())
		b.pbSample([]int64{g.events, g.bytes, g.nanos}, locs, func() {
			b.pbLabel(tagSample_Label, "growth", g.how(), 0)
			b.growthText("entry", entryName(g.entry))
			b.growthText("gosite", g.siteName())
			b.growthSize("from", g.from())
			b.growthSize("to", g.to())
		})
	}
	return b.build()
}

// growthText writes a label, unless there is nothing to say.
func (b *profileBuilder) growthText(key, value string) {
	if value != "" {
		b.pbLabel(tagSample_Label, key, value, 0)
	}
}

// growthSize writes a label in bytes.
func (b *profileBuilder) growthSize(key string, bytes int64) {
	const numUnit = 4 // of message Label
	start := b.pb.startMessage()
	b.pb.int64Opt(tagLabel_Key, b.stringIndex(key))
	b.pb.int64Opt(tagLabel_Num, bytes)
	b.pb.int64Opt(numUnit, b.stringIndex("bytes"))
	b.pb.endMessage(tagSample_Label, start)
}

// printStackGrowth writes the profile as text.
func printStackGrowth(w io.Writer, all []stackGrowth, rate int64) error {
	_, err := fmt.Fprintf(w, "stackgrowth profile: one growth in %d is recorded; each record counts for so many\n", rate)
	for _, line := range highWaterEstimates() {
		fmt.Fprintln(w, "#", line)
	}
	for _, g := range all {
		stk := g.calls()
		fmt.Fprintf(w, "%d growths %s, %d bytes copied, %d ns, from %d to %d bytes, entry %s, go site %s @", g.events, g.how(), g.bytes, g.nanos, g.from(), g.to(), entryName(g.entry), g.siteName())
		for _, pc := range stk {
			fmt.Fprintf(w, " %#x", pc)
		}
		_, err = fmt.Fprintln(w)
		printStackRecord(w, stk, true)
	}
	return err
}
