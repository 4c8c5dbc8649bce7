// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package pclntab reads the table by which a Go program's runtime knows its functions, as the linker of Go 1.20 and later
// writes it: the functions' names and where their code lies, and for each program counter the line that it comes from and how far
// the stack pointer is below its place on entry. It reads bytes and nothing else, trusts none of them, and never panics.
package pclntab

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
	"sync"
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
	units   []byte // of each compile unit, where its files' names are in files
	files   []byte
	values  []byte // encoded sequences of values by program counter
	funcs   []byte // the list of functions, and what it points into

	known sync.Map // names of files, by where they are in files: each is asked for many times
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
	}{{&t.names, 3}, {&t.units, 4}, {&t.files, 5}, {&t.values, 6}, {&t.funcs, 7}} {
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

// Len is the number of functions.
func (t *Table) Len() int { return t.count }

// A Func is one function of a table. Entry and End are where its code starts and ends, as distances from the start of the text.
// Padding after the function counts as part of it.
type Func struct {
	Name       string
	Entry, End uint64
	StartLine  int  // line of the func keyword or of the TEXT directive; 0 if unknown
	Defers     bool // it has a call of deferreturn
	MovesSP    bool // it gives the stack pointer a value that the table does not tell
	Assembly   bool

	t                    *Table
	unit                 uint64
	inlined              uint32 // where in values the numbers of inlined calls start
	tree                 uint32 // where in the trees of inlined calls its own starts, or noData
	pcsp, pcfile, pcline uint32 // where in values the sequences start; 0 for none
}

// Bits of a function's flag.
const (
	flagMovesSP  = 2
	flagAssembly = 4
)

// inlinedAt is which of the sequences that follow a record has the numbers of inlined calls, -1 for code of the function itself
// (abi.PCDATA_InlTreeIndex).
const inlinedAt = 2

// recordSize is how many bytes of a function's record are read.
const recordSize = 44

// Func returns the function number i, from 0 to Len-1, in the order of their addresses.
func (t *Table) Func(i int) (Func, error) {
	if i < 0 || i >= t.count {
		return Func{}, fmt.Errorf("there is no function %d: the table has %d", i, t.count)
	}
	f := Func{t: t, Entry: t.start(i), End: t.start(i + 1)}
	at := uint64(t.order.Uint32(t.funcs[8*i+4:])) // each entry: offset of the code, offset of the record
	if at+recordSize > uint64(len(t.funcs)) || f.End < f.Entry {
		return Func{}, errShort
	}
	record := t.funcs[at:]
	word := func(i int) uint32 { return t.order.Uint32(record[4*i:]) }
	var err error
	if f.Name, err = stringAt(t.names, uint64(word(1))); err != nil {
		return Func{}, err
	}
	f.Defers = word(3) != 0
	f.pcsp, f.pcfile, f.pcline = word(4), word(5), word(6)
	f.unit = uint64(word(8))
	f.StartLine = int(int32(word(9)))
	f.tree = noData
	more := func(i uint32) (uint32, bool) { // of the words that follow the record
		from := at + recordSize + 4*uint64(i)
		if from+4 > uint64(len(t.funcs)) {
			return 0, false
		}
		return t.order.Uint32(t.funcs[from:]), true
	}
	ok, also := true, true
	sequences, data := word(7), record[43]
	if sequences > inlinedAt {
		f.inlined, ok = more(inlinedAt)
	}
	if data > inlineTree {
		f.tree, also = more(sequences + inlineTree)
	}
	if !ok || !also {
		return Func{}, errShort
	}
	f.MovesSP, f.Assembly = record[41]&flagMovesSP != 0, record[41]&flagAssembly != 0
	return f, nil
}

// start is where the code of function i starts; that of function Len is where the text ends.
func (t *Table) start(i int) uint64 {
	if at := 8 * i; at+4 <= len(t.funcs) {
		return uint64(t.order.Uint32(t.funcs[at:]))
	}
	return 0
}

// Find returns the number of the function whose code holds the given distance from the start of the text.
func (t *Table) Find(pc uint64) (int, bool) {
	i := sort.Search(t.count, func(i int) bool { return t.start(i) > pc }) - 1
	if i < 0 || pc >= t.start(i+1) {
		return 0, false
	}
	return i, true
}

func stringAt(data []byte, at uint64) (string, error) {
	if at >= uint64(len(data)) {
		return "", errShort
	}
	length := bytes.IndexByte(data[at:], 0)
	if length < 0 {
		return "", errShort
	}
	return string(data[at:][:length]), nil
}
