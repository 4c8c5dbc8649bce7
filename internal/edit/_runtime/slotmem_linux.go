// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build amd64 || arm64

package runtime

import (
	"internal/goarch"
	"internal/runtime/sys"
	"internal/runtime/syscall/linux"
	"unsafe"
)

// Where the slots' memory comes from.
//
// One reservation holds every class, one after the other. It is PROT_NONE at first, so that it costs neither commit
// charge nor RLIMIT_DATA nor, under mlockall, memory; from the low end of each class chunks are opened for reading and
// writing as slots are needed, always adjoining the chunk before. So there are at most two mappings a class, however
// many goroutines there are, and no system call per slot.
//
// Whatever the kernel refuses, the answer is the same: no slot, and the caller copies as stock does.

// slotCount is the number of slots reserved in each class.
var slotCount = [slotClasses]uintptr{1 << 20, 1 << 17, 1 << 13}

// slotBatch is the number of slots that a P takes from a class at once.
var slotBatch = [slotClasses]int{16, 4, 1}

// A slotArea is the part of the reservation that belongs to one class.
type slotArea struct {
	base   uintptr
	count  uintptr // slots reserved
	opened uintptr // slots readable and writable, from base up
	hint   uintptr // no word of taken below this one has a zero bit
}

// slotMemLock is a leaf lock: nothing else is locked while it is held.
var slotMemLock mutex

var slotAreas [slotClasses]slotArea

// slotTaken has a bit per slot, set while the slot is in use, in a cache, or in a list. A slot whose bit is clear has
// no pages. Only the parts that are used become resident. Guarded by slotMemLock.
var slotTaken struct {
	c0 [1 << 20 / 64]uint64
	c1 [1 << 17 / 64]uint64
	c2 [1 << 13 / 64]uint64
}

// slotRefused is set, with slotMemLock held, once the kernel has refused memory, or locked what it gave: no further
// slots are opened.
var slotRefused bool

func slotTakenBits(class uint32) []uint64 {
	switch class {
	case 0:
		return slotTaken.c0[:]
	case 1:
		return slotTaken.c1[:]
	}
	return slotTaken.c2[:]
}

// slotsPossible reports whether this process can use slots at all.
func slotsPossible() bool {
	return physPageSize == slotPage && stackFromSystem == 0
}

// slotReserve reserves the address space. If it can't, slots are off from now on. slotMemLock is held.
func slotReserve() {
	var size uintptr
	for c := range uint32(slotClasses) {
		size += slotCount[c] * slotStride(c)
	}
	v, err := unsafe.Pointer(nil), 1
	if !slotRationed() {
		v, err = mmap(nil, size, _PROT_NONE, _MAP_ANON|_MAP_PRIVATE|slotNoReserve, -1, 0)
	}
	if err != 0 {
		slotRefused = true
		slotsOn = false
		return
	}
	// A huge page would make 2 MB resident for a goroutine that needs 4 KB. The heap's own policy is not touched.
	madvise(v, size, _MADV_NOHUGEPAGE)
	base := uintptr(v)
	for c := range uint32(slotClasses) {
		slotAreas[c] = slotArea{base: base, count: slotCount[c]}
		base += slotCount[c] * slotStride(c)
	}
	slotMem.base, slotMem.size = uintptr(v), size
}

// slotRationed reports whether address space, data or committed memory is limited, so that slots, which take much of the
// first and some of the others before they use it, would take it from the heap, which can't do without.
func slotRationed() bool {
	return slotLimited(slotLimitAS) || slotLimited(slotLimitData) || slotOvercommitOff()
}

// Resource limits, and the system call that reads them.
const (
	slotLimitData = 2 // RLIMIT_DATA
	slotLimitAS   = 9 // RLIMIT_AS
	slotPrlimit   = goarch.IsAmd64*302 + goarch.IsArm64*261
)

// slotAnswer is where the kernel puts what it is asked for. Guarded by slotMemLock.
var slotAnswer struct {
	limit    [2]uint64 // struct rlimit64
	resident byte
	mode     byte
}

func slotLimited(resource uintptr) bool {
	const infinity = 1<<64 - 1
	_, _, errno := linux.Syscall6(slotPrlimit, 0, resource, 0, uintptr(unsafe.Pointer(&slotAnswer.limit)), 0, 0)
	return errno == 0 && slotAnswer.limit[0] != infinity
}

var slotOvercommitPath = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'y', 's', '/', 'v', 'm', '/',
	'o', 'v', 'e', 'r', 'c', 'o', 'm', 'm', 'i', 't', '_', 'm', 'e', 'm', 'o', 'r', 'y', 0}

// slotOvercommitOff reports whether the kernel commits no more memory than it has (mode 2).
func slotOvercommitOff() bool {
	fd := open(&slotOvercommitPath[0], _O_RDONLY|_O_CLOEXEC, 0)
	if fd < 0 {
		return false
	}
	n := read(fd, unsafe.Pointer(&slotAnswer.mode), 1)
	closefd(fd)
	return n == 1 && slotAnswer.mode == '2'
}

// MAP_NORESERVE, which the runtime does not define: open slots are not charged as committed before they are touched.
const slotNoReserve = 0x4000

// slotOpen makes the first n slots of an area usable, and a few more. slotMemLock is held.
func slotOpen(class uint32, n uintptr) bool {
	a := &slotAreas[class]
	if n <= a.opened {
		return true
	}
	if n > a.count || slotRefused || slotLimited(slotLimitData) {
		return false // what is opened counts as data, touched or not
	}
	stride := slotStride(class)
	ahead := min(a.opened/4, 32<<20/stride)
	n = min(n+ahead, a.count)
	from := a.base + a.opened*stride
	if ret, _ := mprotect(unsafe.Pointer(from), (n-a.opened)*stride, _PROT_READ|_PROT_WRITE); ret != 0 {
		slotRefused = true
		return false
	}
	// Under mlockall(MCL_FUTURE) the new slots are resident by now, and always would be.
	if mincore(unsafe.Pointer(from), slotPage, &slotAnswer.resident) == 0 && slotAnswer.resident&1 != 0 {
		slotRefused = true
		madvise(unsafe.Pointer(from), (n-a.opened)*stride, _MADV_DONTNEED)
		return false
	}
	a.opened = n
	return true
}

// slotTake takes up to slotBatch[class] slots without pages. It returns them as bits of a word: slot number
// word*64 + bit. No bits: there are none to have.
func slotTake(class uint32) (word uintptr, mask uint64) {
	lock(&slotMemLock)
	if slotMem.size == 0 && !slotRefused {
		slotReserve()
	}
	a := &slotAreas[class]
	taken := slotTakenBits(class)
	for w := a.hint; w < a.count/64; w++ {
		if taken[w] == ^uint64(0) {
			a.hint = w + 1
			continue
		}
		free := ^taken[w]
		for i := 0; i < slotBatch[class] && free != 0; i++ {
			bit := free & -free
			if !slotOpen(class, w*64+uintptr(sys.TrailingZeros64(bit))+1) {
				break
			}
			free &^= bit
			mask |= bit
		}
		taken[w] |= mask
		word = w
		break
	}
	unlock(&slotMemLock)
	return word, mask
}

// slotNumber returns the number within its class of the slot whose stack ends at hi.
func slotNumber(class uint32, hi uintptr) uintptr {
	return (hi - 1 - slotAreas[class].base) / slotStride(class)
}

// slotHiOf returns where the stack of a class's i-th slot ends.
func slotHiOf(class uint32, i uintptr) uintptr {
	return slotHi(slotAreas[class].base+(i+1)*slotStride(class), i)
}

// slotUntake makes slots available again. They must have no pages (slotDiscard) and no owner.
func slotUntake(class uint32, word uintptr, mask uint64) {
	lock(&slotMemLock)
	a := &slotAreas[class]
	slotTakenBits(class)[word] &^= mask
	a.hint = min(a.hint, word)
	unlock(&slotMemLock)
}

// slotDiscard gives the pages of [lo, hi) back to the kernel; what is read there later is zero. Both are rounded
// down to pages. It fails if the process has locked its memory, and then there is nothing to be done about it.
func slotDiscard(lo, hi uintptr) bool {
	lo &^= slotPage - 1
	hi &^= slotPage - 1
	return lo >= hi || madvise(unsafe.Pointer(lo), hi-lo, _MADV_DONTNEED) == 0
}

// slotPopulate commits the pages of a fresh slot that will be touched for sure, all at once: about a third cheaper than
// a fault for each. Linux can do it since 5.14; where it can't, the faults come as they come.
func slotPopulate(lo, hi uintptr) {
	lo &^= slotPage - 1
	if !slotNoPopulate && madvise(unsafe.Pointer(lo), slotTop(hi)-lo, slotPopulateWrite) != 0 {
		slotNoPopulate = true
	}
}

const slotPopulateWrite = 23 // MADV_POPULATE_WRITE

// slotNoPopulate is set, by whoever finds out first, if this kernel can't populate.
var slotNoPopulate bool

// slotReserved returns the bytes of address space reserved, and those of them that are open.
func slotReserved() (reserved, opened uintptr) {
	for c := range uint32(slotClasses) {
		opened += slotAreas[c].opened * slotStride(c)
	}
	return slotMem.size, opened
}

// slotEachTaken calls fn with the end of the stack of every slot of a class that is taken, in address order, without
// a lock: the caller must expect slots that come and go.
func slotEachTaken(class uint32, fn func(hi uintptr)) {
	opened := slotAreas[class].opened
	for w, bits := range slotTakenBits(class)[:(opened+63)/64] {
		for ; bits != 0; bits &= bits - 1 {
			i := uintptr(w)*64 + uintptr(sys.TrailingZeros64(bits))
			if i < opened {
				fn(slotHiOf(class, i))
			}
		}
	}
}

var slotSweepNote note

// slotSweepRest lets slotSweepPeriod pass. It gives up its P and sleeps in the kernel, on a thread, rather than with a timer: while a P has
// timers its scheduler reads the clock each time it chooses a goroutine.
func slotSweepRest() {
	noteclear(&slotSweepNote)
	notetsleepg(&slotSweepNote, slotSweepPeriod)
}
