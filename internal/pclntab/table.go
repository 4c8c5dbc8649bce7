// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package pclntab reads the table by which a Go program's runtime knows its functions, as the linker of Go 1.20 and later
// writes it: the functions' names, and how far the stack pointer is below its place on entry at each program counter. It reads bytes and nothing else, trusts
// none of them, and never panics.
package pclntab

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// magic is the first word of a table that Go 1.20 or a later one wrote.
const magic = 0xfffffff1

// A Table is a table whose header was found to be sound.
type Table struct {
	order   binary.ByteOrder
	quantum uint64 // program counters are multiples of it
	ptrSize int
	count   int
	names   []byte
	values  []byte // encoded sequences of values by program counter
	funcs   []byte // the list of functions, and what it points into
}

// errShort is for a table that ends before what its header promises.
var errShort = errors.New("the table of functions ends too early")

// New reads the header of data, a binary's .gopclntab section.
func New(data []byte) (*Table, error) {
	if len(data) < 8 {
		return nil, errShort
	}
	t := &Table{order: binary.LittleEndian}
	if binary.BigEndian.Uint32(data) == magic {
		t.order = binary.BigEndian
	} else if got := t.order.Uint32(data); got != magic {
		return nil, fmt.Errorf("the table of functions has the unknown mark %#x: Go 1.20 and later write %#x", got, uint32(magic))
	}
	t.quantum, t.ptrSize = uint64(data[6]), int(data[7])
	if data[4] != 0 || data[5] != 0 || t.quantum != 1 && t.quantum != 2 && t.quantum != 4 || t.ptrSize != 4 && t.ptrSize != 8 {
		return nil, errors.New("the header of the table of functions is damaged")
	}
	if len(data) < 8+8*t.ptrSize {
		return nil, errShort
	}
	word := func(i int) uint64 {
		at := data[8+i*t.ptrSize:]
		if t.ptrSize == 4 {
			return uint64(t.order.Uint32(at))
		}
		return t.order.Uint64(at)
	}
	// The words: functions, files, (unused), and where names, compile units, files, values and functions start.
	for _, part := range []struct {
		into *[]byte
		word int
	}{{&t.names, 3}, {&t.values, 6}, {&t.funcs, 7}} {
		at := word(part.word)
		if at > uint64(len(data)) {
			return nil, errShort
		}
		*part.into = data[at:]
	}
	if n := word(0); n > uint64(len(t.funcs))/8 {
		return nil, errShort
	} else {
		t.count = int(n)
	}
	return t, nil
}

// A Func is one function of a table.
type Func struct {
	t    *Table
	Name string
	pcsp uint32 // where in values its stack pointer deltas start
}

// Len is the number of functions.
func (t *Table) Len() int { return t.count }

// Func returns the function number i, from 0 to Len-1, in the order of their addresses.
func (t *Table) Func(i int) (Func, error) {
	if i < 0 || i >= t.count {
		return Func{}, fmt.Errorf("there is no function %d: the table has %d", i, t.count)
	}
	at := uint64(t.order.Uint32(t.funcs[8*i+4:])) // each entry: offset of the code, offset of the record
	if at+20 > uint64(len(t.funcs)) {
		return Func{}, errShort
	}
	record := t.funcs[at:]
	name := uint64(t.order.Uint32(record[4:]))
	if name >= uint64(len(t.names)) {
		return Func{}, errShort
	}
	length := bytes.IndexByte(t.names[name:], 0)
	if length < 0 {
		return Func{}, errShort
	}
	return Func{t, string(t.names[name:][:length]), t.order.Uint32(record[16:])}, nil
}

// MaxDelta returns the largest distance, in bytes, of the stack pointer from its place on entry to f: the size of f's frame, without
// the return address that amd64 and 386 keep on the stack.
func (f Func) MaxDelta() (int64, error) {
	var most int64
	for d, err := range f.Deltas() {
		if err != nil {
			return 0, err
		}
		most = max(most, d.Bytes)
	}
	return most, nil
}

// A Delta is how far the stack pointer is below its place on entry, at all program counters below End that no earlier Delta holds.
type Delta struct {
	End   uint64 // offset from the function's entry
	Bytes int64
}

// Deltas ranges over f's stack pointer deltas, in the order of the code. An error is the last element.
func (f Func) Deltas() func(yield func(Delta, error) bool) {
	return func(yield func(Delta, error) bool) {
		if f.pcsp == 0 {
			return // a function of assembly without a table
		}
		if uint64(f.pcsp) >= uint64(len(f.t.values)) {
			yield(Delta{}, errShort)
			return
		}
		rest := f.t.values[f.pcsp:]
		pc, value := uint64(0), int64(-1)
		for first := true; ; first = false {
			change, n := binary.Uvarint(rest)
			if n > 0 && change == 0 && !first {
				return // the end of the sequence
			}
			var advance uint64
			m := 0
			if n > 0 {
				advance, m = binary.Uvarint(rest[n:])
			}
			if n <= 0 || m <= 0 || change > math.MaxUint32 || advance > math.MaxUint32 {
				yield(Delta{}, errShort)
				return
			}
			rest = rest[n+m:]
			value += int64(change>>1) ^ -int64(change&1) // zigzag
			pc += advance * f.t.quantum
			if !yield(Delta{pc, value}, nil) {
				return
			}
		}
	}
}
