// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// touch makes a run that finds out which pages of the program's file are used. The kernel maps pages around the one that is asked for, so
// that a page is mapped says little. All of them are mapped before the program starts, and the marks that the processor sets when a page is
// used are cleared.
func touch(ctx context.Context, t *tracer, list []*measured, o Options) error {
	for _, m := range list {
		o.Progress("%s: which pages it uses", m.subject.Name)
		var seen []Touched
		var failure error // not of the program's
		_, err := m.run(ctx, t, o, plan{cuts: m.image.onlyMain().cuts, watch: func(a *attempt, prepared bool) error {
			if failure != nil {
				return nil
			}
			if prepared {
				failure = a.clearUse()
			} else {
				seen, failure = a.readUse()
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
		m.touched = seen
	}
	return nil
}

// Advice that package syscall doesn't have.
const (
	adviseDontDump     = 16
	advisePopulateRead = 22
)

// clearUse maps the sections, each as a mapping of its own, and clears the marks of use.
func (a *attempt) clearUse() error {
	moved := a.entry - a.command.image.entry
	instruction, err := a.process.systemCall(a.command.image, moved)
	if err != nil {
		return err
	}
	advise := func(start, end, advice uint64) error {
		_, err := a.process.call(a.registers, instruction, syscall.SYS_MADVISE, start, end-start, advice)
		return os.NewSyscallError("madvise in the program", err)
	}
	for i, p := range a.command.image.pages() {
		if err := advise(p.start+moved, p.end+moved, advisePopulateRead); err != nil {
			return err
		}
		if i%2 == 0 { // mappings that differ in anything are apart
			if err := advise(p.start+moved, p.end+moved, adviseDontDump); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", a.process.pid), []byte("1"), 0)
}

// readUse adds up the pages that were used.
func (a *attempt) readUse() ([]Touched, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps", a.process.pid))
	if err != nil {
		return nil, err
	}
	moved := a.entry - a.command.image.entry
	var list []Touched
	used := referenced(data)
	for _, p := range a.command.image.pages() {
		t := Touched{Section: p.section.name, Size: int64(p.section.size)}
		for start, bytes := range used {
			if p.start <= start-moved && start-moved < p.end {
				t.Bytes += bytes
			}
		}
		t.Bytes = min(t.Bytes, t.Size)
		list = append(list, t)
	}
	return list, nil
}

// referenced reads from smaps how many bytes of each mapping were used, by the mapping's address.
func referenced(smaps []byte) map[uint64]int64 {
	used := map[uint64]int64{}
	start := uint64(0)
	for lines := bufio.NewScanner(bytes.NewReader(smaps)); lines.Scan(); {
		var from, to uint64
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); n == 2 {
			start = from
		} else if rest, ok := strings.CutPrefix(lines.Text(), "Referenced:"); ok {
			var kilobytes int64
			fmt.Sscanf(rest, "%d kB", &kilobytes)
			used[start] = kilobytes << 10
		}
	}
	return used
}
