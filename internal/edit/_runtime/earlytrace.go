// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

var (
	earlyTracing   bool   // guarded by earlySema
	earlyTraceDone uint32 // semaphore: the reader has ended
)

func earlyTraceBegin() {
	objects := debug.traceallocfree.Swap(0) // they need the list of objects that a trace begins with
	earlyTracing = earlyStartTrace() == nil
	debug.traceallocfree.Store(objects)
	go earlyTraceRead()
}

// earlyTraceRead writes the trace until it ends.
func earlyTraceRead() {
	fd := earlyCreate(earlyTraceFile)
	for data := ReadTrace(); data != nil; data = ReadTrace() {
		fd = earlyWrite(fd, earlyTraceFile, data)
	}
	closefd(fd)
	semrelease(&earlyTraceDone)
}

func earlyTraceEnd() {
	semacquire(&earlySema)
	if earlyTracing {
		earlyTracing = false
		StopTrace()
		semacquire(&earlyTraceDone)
	}
	semrelease(&earlySema)
}

// traceMore is what only programs that start traces need of the tracer.
var traceMore func(step int, gen uintptr)

// Steps of traceMore.
const (
	traceMoreInit = iota
	traceMoreSnapshot
	traceMoreStart
	traceMoreRead
	traceMoreTypes
	traceMoreStop
)

// traceMoreFor takes a step. It is called in the place of what traceMore calls.
//
//go:noinline
func traceMoreFor(step int, gen uintptr) {
	if traceMore != nil {
		traceMore(step, gen)
	}
}

// traceMoreCPU is traceCPUSample, in programs that start traces. Like sigprof, it runs in signal handlers.
var traceMoreCPU func(gp *g, mp *m, pp *p, stack []uintptr)

func traceSample(gp *g, mp *m, pp *p, stack []uintptr) {
	if traceMoreCPU != nil {
		traceMoreCPU(gp, mp, pp, stackNoescape(&stack))
	}
}

// StartTrace ends the trace of the start, and starts one for the program.
func StartTrace() error {
	earlyTraceEnd()
	traceMoreCPU = traceCPUSample
	traceMore = func(step int, gen uintptr) {
		switch step {
		case traceMoreInit:
			traceInitReadCPU()
		case traceMoreSnapshot:
			traceSnapshotMemory(gen)
		case traceMoreStart:
			traceStartReadCPU()
		case traceMoreRead:
			traceReadCPU(gen)
		case traceMoreTypes:
			trace.typeTab[gen%2].dump(gen)
		case traceMoreStop:
			traceStopReadCPU()
		}
	}
	return earlyStartTrace()
}
