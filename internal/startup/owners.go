// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"cmp"
	"debug/elf"
	"path"
	"slices"
	"strings"
)

// An owned is a function or a variable in the program's file, and the package that it belongs to.
type owned struct {
	start, end uint64
	pkg        string // import path, but "main" for the main package
}

// addOwner notes who a symbol belongs to, if that can be seen.
func (m *image) addOwner(symbol string, start, end uint64) {
	if pkg := symbolPackage(symbol); pkg != "" && start < end {
		m.owners = append(m.owners, owned{start, end, pkg})
	}
}

// addOwners notes who the data belong to. A stripped file does not tell.
func (m *image) addOwners(f *elf.File, symbols []elf.Symbol) {
	for _, s := range symbols {
		if elf.ST_TYPE(s.Info) == elf.STT_OBJECT && int(s.Section) < len(f.Sections) && f.Sections[s.Section].Type != elf.SHT_NOBITS {
			m.addOwner(s.Name, s.Value, s.Value+s.Size)
		}
	}
}

// symbolPackage returns the import path of the package of a symbol, or "" for what the linker makes and for C.
func symbolPackage(symbol string) string {
	symbol, _, _ = strings.Cut(symbol, "[") // type arguments have packages of their own
	dir, last := path.Split(symbol)
	element, _, found := strings.Cut(last, ".")
	if !found || element == "" || strings.Contains(symbol, ":") {
		return ""
	}
	return unescape(dir + element)
}

// sortOwners makes owners ready for share.
func (m *image) sortOwners() {
	slices.SortFunc(m.owners, func(a, b owned) int { return cmp.Compare(a.start, b.start) })
	end := uint64(0)
	for i := range m.owners { // names for the middle of something
		o := &m.owners[i]
		o.start = min(max(o.start, end), o.end)
		end = max(end, o.end)
	}
}

// share calls yield with the packages of what lies between two addresses, and their bytes.
func (m *image) share(start, end uint64, yield func(pkg string, bytes int64)) {
	i, _ := slices.BinarySearchFunc(m.owners, start, func(o owned, start uint64) int {
		if o.end <= start {
			return -1
		}
		return 1
	})
	for ; i < len(m.owners) && m.owners[i].start < end; i++ {
		o := m.owners[i]
		if from, to := max(start, o.start), min(end, o.end); from < to {
			yield(o.pkg, int64(to-from))
		}
	}
}
