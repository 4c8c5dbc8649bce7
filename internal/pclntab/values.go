// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pclntab

import (
	"encoding/binary"
	"math"
)

// A Delta is how far the stack pointer is below its place on entry, at all program counters below End that no earlier Delta holds.
type Delta struct {
	End   uint64 // offset from the function's entry
	Bytes int64
}

// Deltas ranges over f's stack pointer deltas, in the order of the code. An error is the last element.
func (f Func) Deltas() func(yield func(Delta, error) bool) {
	return func(yield func(Delta, error) bool) {
		c := f.SP()
		for c.more() {
			if !yield(Delta{c.end, c.value}, nil) {
				return
			}
		}
		if c.err != nil {
			yield(Delta{}, c.err)
		}
	}
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

// A Cursor reads one of a function's sequences of values by program counter. Asked in the order of the code, it reads the sequence
// once.
type Cursor struct {
	quantum uint64
	whole   []byte
	rest    []byte
	start   uint64 // value holds from here
	end     uint64 // to here
	value   int64
	started bool
	err     error
}

func (t *Table) cursor(at uint32) *Cursor {
	c := &Cursor{quantum: t.quantum}
	switch {
	case at == 0: // none: a function of assembly without a table
	case uint64(at) >= uint64(len(t.values)):
		c.err = errShort
	default:
		c.whole = t.values[at:]
	}
	c.reset()
	return c
}

func (c *Cursor) reset() {
	c.rest, c.start, c.end, c.value, c.started = c.whole, 0, 0, -1, false
}

// more goes to the next value.
func (c *Cursor) more() bool {
	if c.err != nil || c.whole == nil {
		return false
	}
	change, n := binary.Uvarint(c.rest)
	if n > 0 && change == 0 && c.started {
		return false // the end of the sequence
	}
	var advance uint64
	m := 0
	if n > 0 {
		advance, m = binary.Uvarint(c.rest[n:])
	}
	if n <= 0 || m <= 0 || change > math.MaxUint32 || advance > math.MaxUint32 {
		c.err = errShort
		return false
	}
	c.started = true
	c.rest = c.rest[n+m:]
	c.value += int64(change>>1) ^ -int64(change&1) // zigzag
	c.start = c.end
	c.end += advance * c.quantum
	return true
}

// At returns the value at the program counter pc, an offset from the function's entry, and whether there is one.
func (c *Cursor) At(pc uint64) (int64, bool) {
	if pc < c.start {
		c.reset()
	}
	for !c.started || pc >= c.end {
		if !c.more() {
			c.reset()
			return 0, false
		}
	}
	return c.value, true
}

// Err is the error that reading stopped at, if one did.
func (c *Cursor) Err() error { return c.err }

// SP returns the stack pointer's distances from its place on entry, in bytes.
func (f Func) SP() *Cursor { return f.t.cursor(f.pcsp) }

// Places tells file and line of program counters of one function. Those of code that was inlined are the inlined function's.
type Places struct {
	f            Func
	files, lines *Cursor
	names        map[int64]string
}

// Places returns the places of f's code.
func (f Func) Places() *Places {
	return &Places{f, f.t.cursor(f.pcfile), f.t.cursor(f.pcline), map[int64]string{}}
}

// At returns the place of the program counter pc, an offset from the function's entry. The line is 0 if it is not known.
func (p *Places) At(pc uint64) (file string, line int) {
	number, ok := p.files.At(pc)
	at, found := p.lines.At(pc)
	if !ok || !found || number < 0 || at < 0 {
		return "", 0
	}
	file, known := p.names[number]
	if !known {
		file = p.f.file(uint64(number))
		p.names[number] = file
	}
	return file, int(at)
}

// File returns the file that f is in, or "" if all of f's code was inlined from other functions.
func (f Func) File() string {
	places, inlined := f.Places(), f.t.cursor(f.inlined)
	for pc := uint64(0); pc < f.End-f.Entry; pc = inlined.end {
		number, ok := inlined.At(pc)
		if ok && number >= 0 {
			continue
		}
		file, _ := places.At(pc)
		return file
	}
	return ""
}

// file is the name of file number n of f's compile unit, or "".
func (f Func) file(n uint64) string {
	at := (f.unit + n) * 4
	if at+4 > uint64(len(f.t.units)) {
		return ""
	}
	where := f.t.order.Uint32(f.t.units[at:])
	if known, ok := f.t.known.Load(where); ok {
		return known.(string)
	}
	name, err := stringAt(f.t.files, uint64(where))
	if err != nil {
		return ""
	}
	known, _ := f.t.known.LoadOrStore(where, name)
	return known.(string)
}
