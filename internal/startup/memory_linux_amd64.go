// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// touch makes a run that finds out which pages of the program's file are used. The kernel maps pages around the one that is asked for, so
// that a page is mapped says little. All of them are mapped before the program starts, and the marks that the processor sets when a page is
// used are cleared.
func touch(ctx context.Context, t *tracer, list []*measured, o Options) error {
	for _, m := range list {
		o.Progress("%s: which pages it uses", m.subject.Name)
		var used map[uint64]pageUse
		var failure error // not of the program's
		_, err := m.run(ctx, t, o, plan{cuts: m.image.onlyMain().cuts, watch: func(a *attempt, prepared bool) error {
			if failure != nil {
				return nil
			}
			if prepared {
				failure = a.clearUse()
			} else {
				used, failure = a.readUse()
			}
			return nil
		}})
		if err != nil {
			return err
		}
		if failure != nil {
			m.unseen = append(m.unseen, fmt.Sprintf("bytes of the file in use: %v", failure))
			continue
		}
		if !m.image.hasSymbols {
			m.unseen = append(m.unseen, "which packages the data in use belong to: the binary has no table of symbols")
		}
		m.touched = m.image.touched(used)
	}
	return nil
}

// Advice that package syscall doesn't have.
const (
	adviseDontDump     = 16
	advisePopulateRead = 22
)

// mostMappings is how many mappings are made of the file, well below the kernel's limit.
const mostMappings = 30_000

// pieces divides the pages of the sections into ranges that are looked at by themselves, single pages unless there are too many.
func (m *image) pieces() []pageRange {
	sections := m.pages()
	all := uint64(0)
	for _, p := range sections {
		all += p.end - p.start
	}
	size := pageUp(max(all/mostMappings, 1))
	var list []pageRange
	for _, p := range sections {
		for start := p.start; start < p.end; start += size {
			list = append(list, pageRange{p.section, start, min(start+size, p.end)})
		}
	}
	return list
}

// clearUse maps the sections, each piece as a mapping of its own, and clears the marks of use.
func (a *attempt) clearUse() error {
	moved := a.entry - a.command.image.entry
	instruction, err := a.process.systemCall(a.command.image, moved)
	if err != nil {
		return err
	}
	advise := func(p pageRange, advice uint64) error {
		_, err := a.process.call(a.registers, instruction, syscall.SYS_MADVISE, p.start+moved, p.end-p.start, advice)
		return os.NewSyscallError("madvise in the program", err)
	}
	for _, p := range a.command.image.pages() {
		if err := advise(p, advisePopulateRead); err != nil {
			return err
		}
	}
	for i, p := range a.command.image.pieces() {
		if i%2 == 0 { // mappings that differ in anything are apart
			if err := advise(p, adviseDontDump); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", a.process.pid), []byte("1"), 0)
}

// A pageUse is how many bytes of a mapping were used, and how many of them were copied because they were written to.
type pageUse struct{ used, written int64 }

// readUse returns how mappings were used, by their addresses in the file.
func (a *attempt) readUse() (map[uint64]pageUse, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps", a.process.pid))
	if err != nil {
		return nil, err
	}
	moved := a.entry - a.command.image.entry
	used := map[uint64]pageUse{}
	for start, u := range readSmaps(data) {
		used[start-moved] = u
	}
	return used, nil
}

// touched adds up the mappings that were used, by section, and by the packages in each.
func (m *image) touched(used map[uint64]pageUse) []Touched {
	pieces := m.pieces()
	sections := map[string]*Touched{}
	type key struct{ pkg, section string }
	packages := map[key]*Touched{}
	var list []Touched
	for _, s := range m.pages() {
		sections[s.section.name] = &Touched{Section: s.section.name, Size: int64(s.section.size)}
	}
	for start, u := range used {
		i, found := slices.BinarySearchFunc(pieces, start, func(p pageRange, start uint64) int { return cmp.Compare(p.start, start) })
		if !found && i > 0 {
			i--
		}
		if i == len(pieces) || start < pieces[i].start || start >= pieces[i].end {
			continue // not of the file
		}
		p := pieces[i]
		s := sections[p.section.name]
		s.Bytes = min(s.Bytes+u.used, s.Size)
		s.Written = min(s.Written+u.written, s.Size)
		if u.used == 0 {
			continue
		}
		m.share(max(p.start, p.section.start), min(p.end, p.section.start+p.section.size), func(pkg string, bytes int64) {
			k := key{pkg, p.section.name}
			if packages[k] == nil {
				packages[k] = &Touched{Section: p.section.name, Package: pkg}
			}
			packages[k].Bytes += bytes
			if u.written > 0 {
				packages[k].Written += bytes
			}
		})
	}
	for _, s := range m.pages() {
		m.share(s.section.start, s.section.start+s.section.size, func(pkg string, bytes int64) {
			if t := packages[key{pkg, s.section.name}]; t != nil {
				t.Size += bytes
			}
		})
		list = append(list, *sections[s.section.name])
	}
	for _, k := range slices.SortedFunc(maps.Keys(packages), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.pkg, b.pkg), cmp.Compare(a.section, b.section))
	}) {
		list = append(list, *packages[k])
	}
	return list
}

// readSmaps reads from smaps how each mapping was used, by the mapping's address.
func readSmaps(smaps []byte) map[uint64]pageUse {
	used := map[uint64]pageUse{}
	start := uint64(0)
	for lines := bufio.NewScanner(bytes.NewReader(smaps)); lines.Scan(); {
		if from, _, found := strings.Cut(lines.Text(), "-"); found {
			if at, err := strconv.ParseUint(from, 16, 64); err == nil {
				start = at
				used[start] = pageUse{}
				continue
			}
		}
		name, value, _ := strings.Cut(lines.Text(), ":")
		u := used[start]
		switch name {
		case "Referenced":
			u.used = kilobytes(value)
		case "Anonymous":
			u.written = kilobytes(value)
		default:
			continue
		}
		used[start] = u
	}
	return used
}

func kilobytes(value string) int64 {
	var n int64
	fmt.Sscanf(value, "%d kB", &n)
	return n << 10
}
