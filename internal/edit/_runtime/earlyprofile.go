// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "unsafe"

// Samples are collected in memory. A sample has the CPU time that its thread has used since the one before, where the system tells, so
// that samples need not come in regular intervals. At the end they are written in the format of pprof, functions' names included.

// earlyRate is how many samples are taken in a second.
var earlyRate = 5000

// earlyProfile is guarded by prof.signalLock while samples are taken.
var earlyProfile struct {
	on      bool // guarded by earlySema, too
	samples *[earlyWords]uintptr
	used    int // of samples
	lost    int // samples for which there was no room
	period  int64
	began   int64
	times   [64]int64 // CPU time up to the last sample, by the number of the thread
}

// earlyWords is the room for samples: each has two words more than calls.
const earlyWords = 16 << 20 / unsafe.Sizeof(uintptr(0))

func earlyProfileBegin() {
	p := &earlyProfile
	p.samples = (*[earlyWords]uintptr)(sysAlloc(unsafe.Sizeof(*p.samples), &memstats.other_sys, "profile of the start"))
	p.period, p.began = 1e9/int64(earlyRate), nanotime()
	p.times[getg().m.id] = earlyThreadTime() // of the main thread
	p.on = p.samples != nil && earlyClock(int32(earlyRate))
	if !p.on {
		earlyFailed(earlyProfileFile)
	}
}

// earlyProfileEnd ends the profile if it is on, and writes it.
func earlyProfileEnd() {
	semacquire(&earlySema)
	if p := &earlyProfile; p.on {
		earlyClock(0)
		p.on = false
		cpuprof.numExtra, cpuprof.lostExtra = 0, 0 // what C threads did is not for the next profile
		earlyWriteProfile(&protoWriter{fd: earlyCreate(earlyProfileFile)}, nanotime()-p.began)
		if p.lost != 0 {
			print("spade: GOSPADE: no room for ", p.lost, " samples\n")
		}
		sysFree(unsafe.Pointer(p.samples), unsafe.Sizeof(*p.samples), &memstats.other_sys)
	}
	semrelease(&earlySema)
}

// profileMore is what only programs that profile themselves need of the profiler. Like sigprof, it runs in signal handlers.
var profileMore func(tag *unsafe.Pointer, stack []uintptr)

// profileRate is called before the program sets the rate of a profile of its own, which ends that of the start.
func profileRate(hz int) {
	if hz > 0 {
		earlyProfileEnd()
		profileMore = func(tag *unsafe.Pointer, stack []uintptr) { cpuprof.add(tag, stack) }
	}
}

// profileSample takes a sample. It is called in the place of cpuprof.add.
//
//go:nowritebarrierrec
func profileSample(tag *unsafe.Pointer, stack []uintptr) {
	for !prof.signalLock.CompareAndSwap(0, 1) {
		osyield()
	}
	on := earlyProfile.on
	if on && prof.hz.Load() != 0 {
		earlySample(stack)
	}
	prof.signalLock.Store(0)
	if !on && profileMore != nil {
		profileMore(tag, stackNoescape(&stack))
	}
}

// stackNoescape returns a call stack that only the called function uses.
func stackNoescape(stack *[]uintptr) []uintptr { return *(*[]uintptr)(noescape(unsafe.Pointer(stack))) }

// earlySample takes a sample of the calling thread. prof.signalLock is held.
//
//go:nowritebarrierrec
func earlySample(stack []uintptr) {
	p := &earlyProfile
	took := p.period
	if now, id := earlyThreadTime(), getg().m.id; now != 0 && id < int64(len(p.times)) {
		if took = now - p.times[id]; took < p.period/2 {
			return // it has hardly run
		}
		p.times[id] = now
	}
	room := p.samples[p.used:]
	if len(room) < 2+len(stack) {
		p.lost++
		return
	}
	room[0], room[1] = uintptr(len(stack)), uintptr(took)
	p.used += 2 + copy(room[2:], stack)
}

// earlyWriteProfile writes what was collected in duration nanoseconds. The number of a function and of a place in it is the place's offset
// in the text.
func earlyWriteProfile(w *protoWriter, duration int64) {
	p := &earlyProfile
	text := firstmoduledata.text
	length := firstmoduledata.etext - text
	seen := sysAlloc(length/8+1, &memstats.other_sys, "profile of the start")
	strings := uint64(0)
	for _, s := range [...]string{"", "samples", "count", "cpu", "nanoseconds"} {
		w.text(pprofString, s)
		strings++
	}
	m := w.open(pprofMapping)
	w.number(pprofMappingID, 1)
	w.number(pprofMappingStart, uint64(text))
	w.number(pprofMappingLimit, uint64(text+length))
	w.number(pprofMappingFile, strings)
	for named := byte(pprofMappingNamed); named < pprofMappingNamed+4; named++ {
		w.number(named, 1)
	}
	w.close(m)
	w.text(pprofString, earlyProgram())
	strings++
	w.pair(pprofSampleType, 1, 2)
	w.pair(pprofSampleType, 3, 4)
	w.pair(pprofPeriodType, 3, 4)
	w.number(pprofPeriod, uint64(p.period))
	w.number(pprofDuration, uint64(duration))
	for samples := p.samples[:p.used]; len(samples) > 0; {
		stack := samples[2:][:samples[0]]
		for i, pc := range stack {
			f, at := findfunc(pc-1), pc-text
			stack[i] = at
			if at >= length || !f.valid() {
				stack[i] = 0 // nobody knows its name
			} else if b := (*byte)(add(seen, at/8)); *b&(1<<(at%8)) == 0 {
				*b |= 1 << (at % 8)
				earlyWritePlace(w, f, pc-1, uint64(at), strings)
				strings += 2
			}
		}
		w.flush(protoLongest)
		m = w.open(pprofSample)
		for _, at := range stack {
			if at != 0 {
				w.number(pprofSampleLocation, uint64(at))
			}
		}
		w.number(pprofSampleValue, 1)
		w.number(pprofSampleValue, uint64(samples[1]))
		w.close(m)
		samples = samples[2+len(stack):]
	}
	w.flush(len(w.data))
	closefd(w.fd)
	sysFree(seen, length/8+1, &memstats.other_sys)
}

// earlyProgram is the program's name, as far as it is known.
func earlyProgram() string {
	if len(argslice) == 0 {
		return "" // in a library
	}
	return argslice[0]
}

// earlyWritePlace writes the place pc in f and, as strings of the number n on, the names of function and file.
func earlyWritePlace(w *protoWriter, f funcInfo, pc uintptr, id, n uint64) {
	w.flush(3 * protoLongest)
	u, uf := newInlineUnwinder(f, pc)
	function := u.srcFunc(uf)
	file, line := u.fileLine(uf)
	w.text(pprofString, function.name())
	w.text(pprofString, file)
	m := w.open(pprofFunction)
	w.number(pprofFunctionID, id)
	w.number(pprofFunctionName, n)
	w.number(pprofFunctionFile, n+1)
	w.number(pprofFunctionLine, uint64(function.startLine))
	w.close(m)
	m = w.open(pprofLocation)
	w.number(pprofLocationID, id)
	w.number(pprofLocationMapping, 1)
	w.number(pprofLocationAddress, uint64(pc))
	w.pair(pprofLocationLine, id, uint64(line))
	w.close(m)
}
