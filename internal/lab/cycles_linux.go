// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"encoding/binary"
	"syscall"
	"unsafe"
)

// An event is what a processor or the kernel counts, by its numbers in perf_event_open.
type event struct{ kind, number uint64 }

var (
	cycles       = event{0, 0}
	instructions = event{0, 1}
	taskClock    = event{1, 1} // nanoseconds, which every kernel counts
)

// A counter counts an event in the programs that its thread starts, from exec to their end.
type counter int

// Bits of an event's attributes.
const (
	eventDisabled      = 1 << 0
	eventInherit       = 1 << 1
	eventWithoutKernel = 1 << 5
	eventFromExec      = 1 << 12
)

// count begins to count an event, if the machine does and lets us.
func (e event) count() (counter, bool) {
	attributes := struct {
		kind, size                uint32
		number                    uint64
		period, sample, read, bit uint64
		_                         [80]byte
	}{kind: uint32(e.kind), number: e.number, bit: eventDisabled | eventInherit | eventWithoutKernel | eventFromExec}
	attributes.size = uint32(unsafe.Sizeof(attributes))
	const thisThread, anyProcessor, noGroup, closeOnExec = 0, ^uintptr(0), ^uintptr(0), 8
	fd, _, errno := syscall.Syscall6(syscall.SYS_PERF_EVENT_OPEN, uintptr(unsafe.Pointer(&attributes)), thisThread, anyProcessor, noGroup, closeOnExec, 0)
	return counter(fd), errno == 0
}

// end returns what was counted.
func (c counter) end() (int64, bool) {
	defer syscall.Close(int(c))
	var value [8]byte
	n, err := syscall.Read(int(c), value[:])
	return int64(binary.NativeEndian.Uint64(value[:])), err == nil && n == len(value)
}
