// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"encoding/binary"
)

// A cut is a place in the program where a record is written.
type cut struct {
	address uint64 // the function or instruction, in the file
	slot    uint64 // where the function's address is in the data; 0 for a cut within the code
	last    bool   // the program ends here
	counts  bool   // no record: it counts how often it is reached
}

// A region is the memory that joins the program: a head, a record for each cut, and the code that fills them.
type region struct {
	at     uint64 // its address in the program
	cuts   int
	counts bool // records hold what the process has used, not only the time
}

// The head's words, by offset.
const (
	headExec    = 0  // time stamp before execve
	headProbe   = 8  // time stamp before a trap
	headStarted = 16 // goroutines started so far
	headCurrent = 24 // number of the last cut
	headLoader  = 32 // time stamp before the loader's first instruction
	headSize    = 4096
)

// A record's words, by offset. All but the first are written only where the region counts.
const (
	recordTime       = 0
	recordGoroutines = 8
	recordCPU        = 16 // seconds, nanoseconds
	recordUsage      = 32 // struct rusage
	recordFaults     = recordUsage + 64
	recordReads      = recordUsage + 72
	recordAllocs     = 176
	recordBytes      = 184
	fullRecord       = 192
)

// Records that every region starts with.
const (
	recordEntry  = 0 // the program's first instruction
	recordAgain  = 1 // at once after it: what lies between the two is what a record costs
	recordsFirst = 2 // that of the first cut
)

func (r region) recordSize() uint64 {
	if r.counts {
		return fullRecord
	}
	return 8
}

func (r region) record(i int) uint64 { return headSize + uint64(i)*r.recordSize() }

// code is where the code starts: not in a page that is written to, which would make it slow.
func (r region) code() uint64 { return pageUp(r.record(r.cuts + recordsFirst)) }

// size is enough for the code of all cuts.
func (r region) size() uint64 { return pageUp(r.code() + 256*uint64(r.cuts+recordsFirst+3)) }

func pageUp(n uint64) uint64 { return (n + 4095) &^ 4095 }

// near is how far behind a program's end its region is. Memory that C code gets by brk lies in between.
const near = 512 << 20

// A patch is what becomes of some bytes of the program.
type patch struct {
	address uint64
	bytes   []byte
}

// A layout is what goes into the program for a run.
type layout struct {
	region  region
	code    []byte  // at region.code()
	patches []patch // addresses are those in the program
	start   uint64  // where the program starts
	probe   uint64  // code that writes a time stamp and traps
	loader  uint64  // code that writes a time stamp and goes on at the loader's start
}

// A writer writes the code of a layout.
type writer struct {
	assembly
	image  *image
	region region
	moved  uint64 // how far the program is from the addresses in the file
}

// lay makes the layout for a program that is loaded at a distance of moved. The loader's start is 0 if there is none. A cut that can't
// be made is an error; cuttable tells before.
func lay(m *image, r region, cuts []cut, moved, loader uint64) (*layout, error) {
	w := &writer{image: m, region: r, moved: moved}
	w.at = r.at + r.code()
	l := &layout{region: r}
	l.probe = w.here()
	w.stamp(headProbe)
	w.put(0xcc) // int3
	l.loader = w.here()
	if loader != 0 {
		w.stamp(headLoader)
		if err := w.jump(loader); err != nil {
			w.code = w.code[:len(w.code)-1]
			w.put(0x68) // push, and return: the loader is far away
			w.put32(uint32(loader))
			w.put(0xc7, 0x44, 0x24, 0x04) // mov dword [rsp+4], ...
			w.put32(uint32(loader >> 32))
			w.put(0xc3)
		}
	}
	l.start = w.here()
	for _, i := range []int{recordEntry, recordAgain} {
		if err := w.write(i, cut{}); err != nil {
			return nil, err
		}
	}
	if err := w.jump(m.entry + moved); err != nil {
		return nil, err
	}
	for i, c := range cuts {
		p, err := w.cut(i+recordsFirst, c)
		if err != nil {
			return nil, err
		}
		l.patches = append(l.patches, p)
	}
	l.code = w.code
	return l, nil
}

// stamp writes the time to a word of the head. It uses rax and rdx, which are put back.
func (w *writer) stamp(word uint64) {
	w.put(0x50, 0x52)             // push rax, rdx
	w.put(0x9c)                   // pushfq
	w.put(0x0f, 0x31)             // rdtsc
	w.put(0x48, 0xc1, 0xe2, 0x20) // shl rdx, 32
	w.put(0x48, 0x09, 0xd0)       // or rax, rdx
	w.put(0x48, 0x89, 0x05)       // mov [word], rax
	w.relative(w.region.at+word, 0)
	w.put(0x9d, 0x5a, 0x58) // popfq, pop rdx, rax
}

// cut writes the code for a cut and returns what leads there.
func (w *writer) cut(i int, c cut) (patch, error) {
	start, address := w.here(), c.address+w.moved
	if c.counts {
		w.put(0x9c, 0xf0, 0x48, 0xff, 0x05) // pushfq; lock inc qword [started]
		w.relative(w.region.at+headStarted, 0)
		w.put(0x9d)
	} else if err := w.write(i, c); err != nil {
		return patch{}, err
	}
	switch {
	case c.last:
		w.put(0x31, 0xff, 0xb8, 231, 0, 0, 0, 0x0f, 0x05) // xor edi, edi; mov eax, exit_group; syscall
		return w.jumpTo(start, address)
	case c.slot != 0:
		if err := w.jump(address); err != nil {
			return patch{}, err
		}
		return patch{c.slot + w.moved, binary.LittleEndian.AppendUint64(nil, start)}, nil
	}
	moved, _, err := relocate(w.image.code(c.address), address, w.here())
	if err != nil {
		return patch{}, err
	}
	w.put(moved...)
	return w.jumpTo(start, address)
}

// jumpTo returns the patch that makes a jump of the instructions at an address.
func (w *writer) jumpTo(start, address uint64) (patch, error) {
	a := assembly{at: address}
	err := a.jump(start)
	return patch{address, a.code}, err
}

// write writes record i, unless it is written already, and puts back all registers.
func (w *writer) write(i int, c cut) error {
	record := w.region.at + w.region.record(i)
	w.put(0x50, 0x52, 0x9c) // push rax, rdx; pushfq
	if c.slot != 0 {
		w.put(0x48, 0xb8) // mov rax, the function
		w.put64(c.address + w.moved)
		w.put(0x48, 0xa3) // mov [slot], rax
		w.put64(c.slot + w.moved)
	}
	w.put(0x48, 0x83, 0x3d) // cmp qword [record], 0
	if err := w.relative(record, 1); err != nil {
		return err
	}
	w.put(0, 0x0f, 0x85) // jne
	skip := len(w.code)
	w.put32(0)
	w.put(0x0f, 0x31)             // rdtsc
	w.put(0x48, 0xc1, 0xe2, 0x20) // shl rdx, 32
	w.put(0x48, 0x09, 0xd0)       // or rax, rdx
	w.put(0x48, 0x89, 0x05)       // mov [record], rax
	w.relative(record, 0)
	w.put(0xc7, 0x05) // mov dword [current], i
	w.relative(w.region.at+headCurrent, 4)
	w.put32(uint32(i))
	if w.region.counts {
		w.use(record)
	}
	binary.LittleEndian.PutUint32(w.code[skip:], uint32(len(w.code)-skip-4))
	w.put(0x9d, 0x5a, 0x58) // popfq; pop rdx, rax
	return nil
}

// use writes down what the process has used so far. It may change rax and rdx.
func (w *writer) use(record uint64) {
	w.put(0x51, 0x41, 0x53, 0x57, 0x56) // push rcx, r11, rdi, rsi
	w.put(0x31, 0xff)                   // xor edi, edi
	w.call(98, record+recordUsage)      // getrusage(RUSAGE_SELF, ...)
	w.put(0xbf, 2, 0, 0, 0)             // mov edi, CLOCK_PROCESS_CPUTIME_ID
	w.call(228, record+recordCPU)       // clock_gettime
	w.put(0x48, 0x8b, 0x05)             // mov rax, [started]
	w.relative(w.region.at+headStarted, 0)
	w.put(0x48, 0x89, 0x05) // mov [record+...], rax
	w.relative(record+recordGoroutines, 0)
	if counters := w.image.symbols[inittraceName]; counters != 0 {
		for i, to := range []uint64{recordAllocs, recordBytes} { // behind two words of other use
			w.put(0x48, 0xa1) // mov rax, [counter]
			w.put64(counters + w.moved + 8*uint64(i+2))
			w.put(0x48, 0x89, 0x05)
			w.relative(record+to, 0)
		}
	}
	w.put(0x5e, 0x5f, 0x41, 0x5b, 0x59) // pop rsi, rdi, r11, rcx
}

// call makes a system call with a second argument in the region.
func (w *writer) call(number byte, argument uint64) {
	w.put(0x48, 0x8d, 0x35) // lea rsi, [argument]
	w.relative(argument, 0)
	w.put(0xb8, number, 0, 0, 0, 0x0f, 0x05) // mov eax, number; syscall
}

// cuttable reports whether a cut can be made within the code at an address, and how many bytes it takes.
func cuttable(m *image, address uint64) (size int, err error) {
	_, size, err = relocate(m.code(address), address, m.end+near)
	return size, err
}
