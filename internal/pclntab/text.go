// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pclntab

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A Text is the machine code of a binary with the table of its functions.
type Text struct {
	*Table
	Machine       elf.Machine
	Start         uint64 // address of what distances in the table are counted from
	Code          []byte // from Start
	ReturnAddress int64  // bytes that a call leaves on the stack outside of the callee's frame
	trees         []byte // of inlined calls
}

// ErrNoText is for a binary whose table of functions was found, but not where their code starts.
var ErrNoText = errors.New("it can't be seen where the code of its Go functions starts")

// ReadText reads an ELF binary of amd64 or arm64: stripped or not, linked by Go or by a C linker, at a fixed address or not.
func ReadText(r io.ReaderAt) (*Text, error) {
	f, err := elf.NewFile(r)
	if err != nil {
		return nil, ErrNoTable
	}
	if f.Machine != elf.EM_X86_64 && f.Machine != elf.EM_AARCH64 || f.ByteOrder != binary.LittleEndian {
		return nil, fmt.Errorf("its code is for %v, not for amd64 or arm64", f.Machine)
	}
	section := elfTable(f)
	if section == nil {
		return nil, ErrNoTable
	}
	data, err := section.Data()
	if err != nil {
		return nil, sectionError(err)
	}
	t := &Text{Machine: f.Machine, ReturnAddress: returnBytes(f.Machine == elf.EM_X86_64, false)}
	if t.Table, err = New(data); err != nil {
		return nil, err
	}
	module := findModule(f, section.Addr, t.Table)
	if module == nil {
		return nil, ErrNoText
	}
	t.Start, _ = module(wordText)
	t.trees = readTrees(f, section, module)
	t.Code, err = codeAt(f, t.Start, t.start(t.Len()))
	return t, err
}

// codeAt returns the size bytes of code from the address start.
func codeAt(f *elf.File, start, size uint64) ([]byte, error) {
	for _, s := range f.Sections {
		if s.Flags&elf.SHF_EXECINSTR == 0 || s.Type != elf.SHT_PROGBITS || start < s.Addr || start-s.Addr > s.Size || size > s.Size-(start-s.Addr) {
			continue
		}
		code := make([]byte, size)
		_, err := s.ReadAt(code, int64(start-s.Addr))
		return code, sectionError(err)
	}
	return nil, ErrNoText
}

// Words of the runtime's moduledata: that the structure was found is checked by the first function's address, in two of them.
const (
	wordTable = 0 // the table of functions
	wordMinPC = 20
	wordText  = 22
)

// findModule finds the runtime's moduledata, by its first word, which is the address of the table, and returns a function for its words,
// by number.
func findModule(f *elf.File, table uint64, t *Table) func(i int) (uint64, bool) {
	relocated := RelativeWords(f)
	for _, s := range f.Sections {
		if s.Type != elf.SHT_PROGBITS || s.Flags&elf.SHF_WRITE == 0 || s.Addr%8 != 0 {
			continue
		}
		data, err := s.Data()
		if err != nil {
			continue
		}
		word := func(at int) (uint64, bool) {
			if v, ok := relocated[s.Addr+uint64(at)]; ok {
				return v, true
			}
			if at+8 > len(data) {
				return 0, false
			}
			return binary.LittleEndian.Uint64(data[at:]), true
		}
		for at := 0; at+8*(wordText+1) <= len(data); at += 8 {
			if first, _ := word(at + 8*wordTable); first != table {
				continue
			}
			text, _ := word(at + 8*wordText)
			if lowest, _ := word(at + 8*wordMinPC); text != 0 && lowest == text+t.start(0) {
				return func(i int) (uint64, bool) { return word(at + 8*i) }
			}
		}
	}
	return nil
}

// RelativeWords returns the words, by their addresses, that a position-independent binary has filled in when it is loaded, as if it
// were loaded at 0.
func RelativeWords(f *elf.File) map[uint64]uint64 {
	kind := uint64(elf.R_X86_64_RELATIVE)
	if f.Machine == elf.EM_AARCH64 {
		kind = uint64(elf.R_AARCH64_RELATIVE)
	}
	words := map[uint64]uint64{}
	for _, s := range f.Sections {
		if s.Type != elf.SHT_RELA {
			continue
		}
		data, err := s.Data()
		if err != nil {
			continue
		}
		for ; len(data) >= 24; data = data[24:] { // offset, kind and symbol, addend
			if binary.LittleEndian.Uint64(data[8:]) == kind {
				words[binary.LittleEndian.Uint64(data)] = binary.LittleEndian.Uint64(data[16:])
			}
		}
	}
	return words
}
