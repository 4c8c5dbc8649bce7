// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/goarch"
	"internal/runtime/syscall/linux"
	"unsafe"
)

// The kernel looks at timers of CPU time at its ticks, which come 100 to 1000 times a second. Timers of real time are finer. The main
// thread, which runs all init functions, gets one: when it hasn't run between two signals, the second one makes no sample.

const clockMonotonic = 1

// profileClock is what timers go by that setThreadCPUProfiler makes.
var profileClock int32 = _CLOCK_THREAD_CPUTIME_ID

// sysClockGettime is 0 where times have 32 bits, or the number is not known: samples count for a period there.
const sysClockGettime = goarch.IsAmd64*228 + (goarch.IsArm64+goarch.IsLoong64+goarch.IsRiscv64)*113

// earlyClock sets the rate of samples on all threads, or stops them, if hz is 0. It reports whether it can.
func earlyClock(hz int32) bool {
	if handlingSig[_SIGPROF] == 0 {
		return false // a library in a program of another language
	}
	mp := acquirem()
	setThreadCPUProfiler(0) // no signal while signalLock is held
	for !prof.signalLock.CompareAndSwap(0, 1) {
		osyield()
	}
	prof.hz.Store(hz)
	prof.signalLock.Store(0)
	if hz != 0 {
		if sysClockGettime != 0 {
			profileClock = clockMonotonic
		}
		setThreadCPUProfiler(hz)
		profileClock = _CLOCK_THREAD_CPUTIME_ID
	}
	lock(&sched.lock)
	sched.profilehz = hz
	unlock(&sched.lock)
	releasem(mp)
	return true
}

// earlyThreadTime returns the CPU time of the calling thread, or 0.
func earlyThreadTime() int64 {
	var t timespec
	if sysClockGettime != 0 {
		linux.Syscall6(sysClockGettime, _CLOCK_THREAD_CPUTIME_ID, uintptr(noescape(unsafe.Pointer(&t))), 0, 0, 0, 0)
	}
	return int64(t.tv_sec)*1e9 + int64(t.tv_nsec)
}

// earlyOpen creates a file, named by a string that ends with 0. Programs that the process starts don't inherit it.
func earlyOpen(name *byte) int32 { return open(name, _O_WRONLY|_O_CREAT|_O_TRUNC|_O_CLOEXEC, 0o644) }
