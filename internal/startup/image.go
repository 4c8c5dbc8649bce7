// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/pclntab"
)

// An image is a program's file, as far as starting it is concerned. Addresses are those in the file; a position-independent program
// is loaded at a distance from them.
type image struct {
	path     string
	text     *pclntab.Text
	entry    uint64 // where the program starts
	end      uint64 // behind its last byte in memory
	moves    bool   // it is position-independent
	loader   bool   // the kernel starts ld.so, which starts the program
	sections []section
	stops    map[string]uint64 // functions of the runtime where a stage begins, and main.main
	inits    []initFunc        // in the order of their addresses
	symbols  map[string]uint64 // of data, as far as they are wanted and the file has them
	owners   []owned           // sorted

	hasSymbols bool
}

// A section is a part of the file that is in the program's memory.
type section struct {
	name        string
	start, size uint64
	write       bool
}

// An initFunc is a function that the runtime calls before main.main. The first one of a package initializes its variables; the others
// are the init functions of its source.
type initFunc struct {
	number  int    // in the table of functions
	pkg     string // import path
	name    string // "init" for the variables, or "init.0", "init.1" ...
	address uint64
	slot    uint64 // where its address is in the program's data
}

// isVariables reports whether f initializes a package's variables.
func (f initFunc) isVariables() bool { return f.name == "init" }

// Names of what is looked for in the program.
const (
	mainName      = "main.main"
	newprocName   = "runtime.newproc1"
	inittraceName = "runtime.inittrace"
)

// A stage is a part of the runtime's own start. It lasts from its function to the next cut.
type stage struct{ function, name string }

// stages are in the order in which they happen.
var stages = []stage{
	{"runtime.schedinit", "runtime: scheduler and heap"},
	{"runtime.main", "runtime: main goroutine"},
	{"runtime.gcenable", "runtime: garbage collector"},
}

// Stages that have no function of their own.
const (
	stageExec    = "exec and mapping"
	stageLoader  = "loader and relocations"
	stageRuntime = "runtime: first instructions"
)

// ErrNoCuts is for a binary in which the initialization functions were not found.
var ErrNoCuts = errors.New("its initialization functions are not where a Go program has them")

// openImage reads a binary.
func openImage(name string) (*image, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	f, err := elf.NewFile(file)
	if err != nil {
		return nil, fmt.Errorf("it is no ELF binary: %w", err)
	}
	m := &image{path: name, entry: f.Entry, moves: f.Type == elf.ET_DYN, stops: map[string]uint64{}, symbols: map[string]uint64{}}
	if f.Machine != elf.EM_X86_64 {
		return nil, fmt.Errorf("it is for %v, not for amd64", f.Machine)
	}
	if m.text, err = pclntab.ReadText(file); err != nil {
		return nil, err
	}
	for _, p := range f.Progs {
		switch p.Type {
		case elf.PT_INTERP:
			m.loader = true
		case elf.PT_LOAD:
			m.end = max(m.end, p.Vaddr+p.Memsz)
		}
	}
	for _, s := range f.Sections {
		if s.Flags&elf.SHF_ALLOC != 0 && s.Type != elf.SHT_NOBITS && s.Size > 0 {
			m.sections = append(m.sections, section{s.Name, s.Addr, s.Size, s.Flags&elf.SHF_WRITE != 0})
		}
	}
	if err := m.readFunctions(); err != nil {
		return nil, err
	}
	m.readSymbols(f)
	m.sortOwners()
	return m, m.findSlots(f)
}

// readFunctions finds the functions of interest by their names.
func (m *image) readFunctions() error {
	for i := range m.text.Len() {
		f, err := m.text.Func(i)
		if err != nil {
			return err
		}
		address := m.text.Start + f.Entry
		m.addOwner(f.Name, address, m.text.Start+f.End)
		if pkg, name, ok := initName(f.Name); ok {
			m.inits = append(m.inits, initFunc{number: i, pkg: pkg, name: name, address: address})
		}
		if f.Name == mainName || f.Name == newprocName || slices.ContainsFunc(stages, func(s stage) bool { return s.function == f.Name }) {
			m.stops[f.Name] = address
		}
	}
	if m.stops[mainName] == 0 {
		return errors.New("it has no function main.main")
	}
	return nil
}

// initName takes the name of an initialization function apart.
func initName(function string) (pkg, name string, ok bool) {
	dir, last := path.Split(function)
	element, name, found := strings.Cut(last, ".")
	number, isNumbered := strings.CutPrefix(name, "init.")
	isNumbered = isNumbered && number != "" && strings.Trim(number, "0123456789") == ""
	if !found || name != "init" && !isNumbered {
		return "", "", false
	}
	return unescape(dir + element), name, true
}

// unescape undoes what the compiler does to import paths that hold dots in their last element, and some other characters.
func unescape(importPath string) string {
	if !strings.Contains(importPath, "%") {
		return importPath
	}
	var b strings.Builder
	for i := 0; i < len(importPath); i++ {
		var c byte
		if importPath[i] == '%' && i+2 < len(importPath) {
			if n, _ := fmt.Sscanf(importPath[i+1:i+3], "%02x", &c); n == 1 {
				b.WriteByte(c)
				i += 2
				continue
			}
		}
		b.WriteByte(importPath[i])
	}
	return b.String()
}

func (m *image) readSymbols(f *elf.File) {
	symbols, err := f.Symbols()
	if err != nil {
		return // stripped
	}
	m.hasSymbols = true
	m.addOwners(f, symbols)
	for _, s := range symbols {
		if s.Name == inittraceName {
			m.symbols[s.Name] = s.Value
		}
	}
}

// findSlots finds where the addresses of the initialization functions are in the data. For each package, the linker has put
// down a word with the number of functions in its upper half, and the functions.
func (m *image) findSlots(f *elf.File) error {
	byAddress := map[uint64]int{}
	for i, f := range m.inits {
		byAddress[f.address] = i
	}
	relocated := pclntab.RelativeWords(f)
	found := 0
	for _, s := range f.Sections {
		if s.Type != elf.SHT_PROGBITS || s.Flags&elf.SHF_WRITE == 0 || s.Addr%8 != 0 {
			continue
		}
		data, err := s.Data()
		if err != nil {
			return err
		}
		word := func(at int) uint64 {
			if value, ok := relocated[s.Addr+uint64(at)]; ok {
				return value
			}
			return binary.LittleEndian.Uint64(data[at:])
		}
		for at := 0; at+16 <= len(data); at += 8 {
			for _, i := range taskAt(word, byAddress, at, len(data)) {
				at += 8
				m.inits[i].slot = s.Addr + uint64(at)
				found++
			}
		}
	}
	m.inits = slices.DeleteFunc(m.inits, func(f initFunc) bool { return f.slot == 0 })
	if found == 0 {
		return ErrNoCuts
	}
	return nil
}

// taskAt returns the numbers of the functions in the list at a place in the data, or nil if there is none.
func taskAt(word func(int) uint64, byAddress map[uint64]int, at, end int) []int {
	head := word(at)
	count := int(head >> 32)
	if head&0xffffffff != 0 || count == 0 || count > (end-at)/8-1 {
		return nil
	}
	functions := make([]int, 0, 4)
	for k := 1; k <= count; k++ {
		i, ok := byAddress[word(at+8*k)]
		if !ok {
			return nil
		}
		functions = append(functions, i)
	}
	return functions
}

// code returns the code from an address of the file to the end of the text.
func (m *image) code(address uint64) []byte {
	at := address - m.text.Start
	if at >= uint64(len(m.text.Code)) {
		return nil
	}
	return m.text.Code[at:]
}

// A pageRange is the pages of a section. A page of two sections belongs to the first.
type pageRange struct {
	section    section
	start, end uint64
}

// pages returns the pages of the sections that the runtime reads from the file.
func (m *image) pages() []pageRange {
	var list []pageRange
	free := uint64(0)
	for _, s := range m.sections {
		start, end := max(s.start&^4095, free), pageUp(s.start+s.size)
		if start < end {
			list = append(list, pageRange{s, start, end})
			free = end
		}
	}
	return list
}
