// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pclntab

import (
	"debug/elf"
	"debug/macho"
	"errors"
	"fmt"
	"io"
)

// ErrNoTable is for a file that has no table of functions.
var ErrNoTable = errors.New("it is no ELF or Mach-O binary with a table of functions (a section named .gopclntab)")

// Section returns the bytes of the table of functions of a binary, stripped or not, and of how many bytes the return address is that
// a call leaves on the stack outside of the callee's frame.
func Section(r io.ReaderAt) (data []byte, returnAddress int64, err error) {
	if f, err := elf.NewFile(r); err == nil {
		if s := elfTable(f); s != nil {
			data, err := s.Data()
			return data, returnBytes(f.Machine == elf.EM_X86_64, f.Machine == elf.EM_386), sectionError(err)
		}
		return nil, 0, ErrNoTable
	}
	if f, err := macho.NewFile(r); err == nil {
		if s := f.Section("__gopclntab"); s != nil {
			data, err := s.Data()
			return data, returnBytes(f.Cpu == macho.CpuAmd64, f.Cpu == macho.Cpu386), sectionError(err)
		}
	}
	return nil, 0, ErrNoTable
}

func elfTable(f *elf.File) *elf.Section {
	for _, name := range []string{".gopclntab", ".data.rel.ro.gopclntab"} {
		if s := f.Section(name); s != nil {
			return s
		}
	}
	return nil
}

func returnBytes(amd64, i386 bool) int64 {
	switch {
	case amd64:
		return 8
	case i386:
		return 4
	}
	return 0 // the link register is saved inside of the frame
}

func sectionError(err error) error {
	if err != nil {
		return fmt.Errorf("its table of functions can't be read: %w", err)
	}
	return nil
}

// FrameSizes returns the frame size of every function of a binary by its name, including the return address, in bytes. Of functions
// of one name, as instances of a generic function have, it is the largest.
func FrameSizes(r io.ReaderAt) (map[string]int64, error) {
	data, returnAddress, err := Section(r)
	if err != nil {
		return nil, err
	}
	t, err := New(data)
	if err != nil {
		return nil, err
	}
	sizes := make(map[string]int64, t.Len())
	for i := range t.Len() {
		f, err := t.Func(i)
		if err != nil {
			return nil, err
		}
		most, err := f.MaxDelta()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		sizes[f.Name] = max(sizes[f.Name], most+returnAddress)
	}
	return sizes, nil
}
