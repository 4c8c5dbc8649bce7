// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/abi"
	"internal/runtime/exithook"
	"internal/strconv"
	"unsafe"
)

// CPU profile and execution trace of the start: GOSPADE=startprofile=FILE and starttrace=FILE
//
// Both begin before the first init function of the program, and end when main.main is about to be called, startms=N milliseconds
// later, or when the program exits. When GOSPADE asks for one, the first and the last init task are replaced by earlyTasks, which carry
// those out as well; other programs execute nothing for it.
//
// All programs link this. So what of stock's profiler and tracer is needed for programs that use them by themselves is called through
// variables, which those programs set.

var (
	// earlyProfileFile and earlyTraceFile are what to write, or "".
	earlyProfileFile, earlyTraceFile string
	// earlyMillis is how long after the last init function both go on.
	earlyMillis int
	earlyTasks  [2]earlyTask
	// earlySema serializes what ends a profile or a trace.
	earlySema uint32 = 1
)

// An earlyTask is an init task with one function, which stands for another one.
type earlyTask struct {
	initTask
	pc    uintptr
	stock *initTask
}

// earlySetting takes a setting if its name is one of these.
//
//go:noinline
func earlySetting(key, value string) bool {
	file, number := &earlyProfileFile, &earlyMillis
	switch key {
	case "startprofile":
	case "starttrace":
		file = &earlyTraceFile
	case "startrate":
		number = &earlyRate
		fallthrough
	case "startms":
		if n, err := strconv.Atoi(value); err == nil && n > 0 && n <= 1e5 {
			*number = n
		} else {
			spadeUnknown(value, key, "1 to 100000")
		}
		return true
	default:
		return false
	}
	*file = value
	if first, last := firstmoduledata.inittasks, lastmoduledatap.inittasks; len(first) == 0 || len(last) == 0 {
		print("spade: GOSPADE: ", key, ": the program has no init functions\n")
	} else if earlyTasks[0].pc == 0 {
		earlyReplace(&first[0], &earlyTasks[0], abi.FuncPCABIInternal(earlyFirst))
		earlyReplace(&last[len(last)-1], &earlyTasks[1], abi.FuncPCABIInternal(earlyLast))
	}
	return true
}

//go:noinline
func earlyReplace(task **initTask, by *earlyTask, pc uintptr) {
	by.nfns, by.pc, by.stock = 1, pc, *task
	*task = &by.initTask
}

// earlyFirst is the first init function.
func earlyFirst() {
	exithook.Add(exithook.Hook{F: earlyEnd, RunOnFailure: true})
	if earlyTraceFile != "" {
		earlyTraceBegin()
	}
	if earlyProfileFile != "" {
		earlyProfileBegin()
	}
	doInit1(earlyTasks[0].stock)
}

// earlyLast is the last init function.
func earlyLast() {
	doInit1(earlyTasks[1].stock)
	if earlyMillis == 0 {
		earlyEnd()
	} else {
		go earlyLater()
	}
}

func earlyLater() {
	timeSleep(int64(earlyMillis) * 1e6)
	earlyEnd()
}

// earlyEnd ends what has not ended. It is an exit hook, too.
func earlyEnd() {
	earlyProfileEnd()
	earlyTraceEnd()
}

// earlyCreate creates a file, or returns -1 and says so.
//
//go:noinline
func earlyCreate(file string) int32 {
	var name [1024]byte
	copy(name[:len(name)-1], file)
	fd := earlyOpen(&name[0])
	if fd < 0 {
		earlyFailed(file)
	}
	return fd
}

// earlyFailed says that a file can't be written.
//
//go:noinline
func earlyFailed(file string) {
	print("spade: GOSPADE: can't write ", file, "\n")
}

// earlyWrite writes data. After an error, which it tells, it returns -1 in fd's place.
//
//go:noinline
func earlyWrite(fd int32, file string, data []byte) int32 {
	for len(data) > 0 && fd >= 0 {
		n := write(uintptr(fd), unsafe.Pointer(&data[0]), int32(len(data)))
		if n <= 0 {
			earlyFailed(file)
			closefd(fd)
			return -1
		}
		data = data[n:]
	}
	return fd
}
