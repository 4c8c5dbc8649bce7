// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pclntab

import (
	"bytes"
	"encoding/binary"
	"os"
	"slices"
	"strings"
	"testing"
)

// small is a table of one function, "f", whose stack pointer is 0 bytes down for 4 bytes of code and 24 for 12 more, and whose code is
// line 7 of f.go, where it starts, and line 9 from byte 8 on, where g is inlined.
func small(order binary.AppendByteOrder, ptrSize byte) []byte {
	names := []byte("\x00f\x00g\x00")
	files := []byte("f.go\x00")
	values := []byte{0,
		2, 4, 48, 12, 0, // from -1: +1 over 4, +24 over 12, end
		2, 16, 0, // the first file over 16
		16, 8, 4, 8, 0, // +8 over 8, +2 over 8
		0, 8, 2, 8, 0, // no inlined call over 8, the first one over 8
	}
	record := make([]byte, 0, 80)
	// code, name, arguments, deferreturn, then where SP, file and line start in values, pcdata, compile unit, start line
	for _, word := range []uint32{0, 1, 0, 0, 1, 6, 9, inlinedAt + 1, 0, 7} {
		record = order.AppendUint32(record, word)
	}
	record = append(record, 0, flagAssembly, 0, inlineTree+1)
	for _, word := range []uint32{0, 0, 14, noData, noData, noData, 16} { // where sequences start, and other data
		record = order.AppendUint32(record, word)
	}
	funcs := order.AppendUint32(order.AppendUint32(order.AppendUint32(nil, 0), 12), 16)
	funcs = append(funcs, record...)

	data := append(order.AppendUint32(nil, magic), 0, 0, 1, ptrSize)
	start := uint64(8 + 8*int(ptrSize))
	words := []uint64{1, 1, 0}
	for _, part := range [][]byte{names, {0, 0, 0, 0}, files, values, funcs} {
		words = append(words, start)
		start += uint64(len(part))
	}
	for _, word := range words {
		if ptrSize == 4 {
			data = order.AppendUint32(data, uint32(word))
		} else {
			data = order.AppendUint64(data, word)
		}
	}
	return slices.Concat(data, names, []byte{0, 0, 0, 0}, files, values, funcs)
}

// smallTrees has g in f, called at byte 2, after a call of another tree.
func smallTrees(order binary.AppendByteOrder) []byte {
	trees := make([]byte, inlinedSize)
	for _, word := range []uint32{0, 3, 2, 20} {
		trees = order.AppendUint32(trees, word)
	}
	return trees
}

func TestSmallTable(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, ptrSize := range []byte{4, 8} {
			table, err := New(small(order, ptrSize))
			if err != nil {
				t.Fatal(err)
			}
			f, err := table.Func(0)
			if err != nil || f.Name != "f" || table.Len() != 1 {
				t.Fatalf("%d functions, the first %q, %v", table.Len(), f.Name, err)
			}
			if frames := framesAt(f, smallTrees(order), f.Places(), 12); !slices.Equal(frames, []Frame{{"g", 20, "f.go", 9}, {"f", 7, "f.go", 7}}) {
				t.Errorf("%+v", frames)
			}
			if f.Entry != 0 || f.End != 16 || f.StartLine != 7 || f.Defers || f.MovesSP || !f.Assembly {
				t.Errorf("%+v", f)
			}
			var got []Delta
			for d, err := range f.Deltas() {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, d)
			}
			if want := []Delta{{4, 0}, {16, 24}}; !slices.Equal(got, want) {
				t.Errorf("%v, %d: deltas %v, want %v", order, ptrSize, got, want)
			}
			if most, err := f.MaxDelta(); most != 24 || err != nil {
				t.Errorf("largest %d, %v", most, err)
			}
		}
	}
}

// TestCutTable cuts a table everywhere: each time that is an error, and no more.
func TestCutTable(t *testing.T) {
	whole := small(binary.LittleEndian, 8)
	for n := range whole {
		if err := readAll(whole[:n]); err == nil {
			t.Errorf("no error from the first %d bytes", n)
		}
	}
	if err := readAll(whole); err != nil {
		t.Error(err)
	}
	old := bytes.Clone(whole)
	old[0] = 0xf0
	if err := readAll(old); err == nil || !strings.Contains(err.Error(), "unknown mark 0xfffffff0") {
		t.Errorf("the table of Go 1.18: %v", err)
	}
}

func readAll(data []byte) error {
	table, err := New(data)
	if err != nil {
		return err
	}
	for i := range table.Len() {
		f, err := table.Func(i)
		if err != nil {
			return err
		}
		if _, err := f.MaxDelta(); err != nil {
			return err
		}
		for pc := range uint64(20) {
			f.Places().At(pc)
			f.SP().At(pc)
			table.Find(pc)
			framesAt(f, data, f.Places(), pc)
		}
	}
	return nil
}

func TestPlaces(t *testing.T) {
	table, err := New(small(binary.LittleEndian, 8))
	if err != nil {
		t.Fatal(err)
	}
	f, err := table.Func(0)
	if err != nil {
		t.Fatal(err)
	}
	places, sp := f.Places(), f.SP()
	for _, pc := range []uint64{0, 5, 4, 15, 7, 8, 16, 3} { // back and forth
		wantLine, wantSP, wantFile := 7, int64(0), "f.go"
		if pc >= 8 {
			wantLine = 9
		}
		if pc >= 4 {
			wantSP = 24
		}
		if pc >= 16 {
			wantLine, wantSP, wantFile = 0, 0, ""
		}
		file, line := places.At(pc)
		if height, ok := sp.At(pc); file != wantFile || line != wantLine || height != wantSP || ok != (pc < 16) {
			t.Errorf("at %d: %s:%d, %d bytes (%v)", pc, file, line, height, ok)
		}
		if i, ok := table.Find(pc); i != 0 || ok != (pc < 16) {
			t.Errorf("at %d: function %d, %v", pc, i, ok)
		}
	}
}

//go:noinline
func bigFrame(n int) byte {
	var b [5000]byte
	b[n] = 1
	return b[n/2]
}

// TestOwnBinary reads the binary of this test.
func TestOwnBinary(t *testing.T) {
	bigFrame(1)
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sizes, err := FrameSizes(f)
	if err != nil {
		t.Fatal(err)
	}
	if n := sizes["github.com/spadego/spade/internal/pclntab.bigFrame"]; n < 5000 || n > 5100 {
		t.Errorf("bigFrame has %d bytes", n)
	}
	if _, found := sizes["runtime.newstack"]; !found || len(sizes) < 1000 {
		t.Errorf("%d functions, runtime.newstack among them: %v", len(sizes), found)
	}
}

func TestNoBinary(t *testing.T) {
	if _, err := FrameSizes(strings.NewReader("#!/bin/sh\n")); err != ErrNoTable {
		t.Errorf("error %v", err)
	}
}

func FuzzTable(f *testing.F) {
	f.Add(small(binary.LittleEndian, 8))
	f.Add(small(binary.BigEndian, 4))
	f.Fuzz(func(t *testing.T, data []byte) { readAll(data) })
}
