// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"golang.org/x/arch/x86/x86asm"

	"github.com/spadego/spade/internal/pclntab"
)

// syntheticImage is a program of a few instructions at 0x401000.
func syntheticImage(t *testing.T) *image {
	return &image{
		entry: 0x401000, end: 0x403000, symbols: map[string]uint64{inittraceName: 0x402100},
		text: &pclntab.Text{Start: 0x401000, Code: unhex(t, "48 8d 05 00 10 00 00 e8 00 01 00 00 90 90 90 90 90 90 90")},
	}
}

// TestTrampolines follows the code of cuts: what is pushed is popped in the opposite order, nothing but rax, rdx and what is pushed is
// written to, and what is written to in memory lies in the region, or is the slot.
func TestTrampolines(t *testing.T) {
	m := syntheticImage(t)
	cuts := []cut{{address: 0x401000}, {address: 0x401007, slot: 0x402000}, {address: 0x401007, counts: true}, {address: 0x40100c, last: true}}
	for _, counts := range []bool{false, true} {
		r := region{at: pageUp(m.end) + near, cuts: len(cuts), counts: counts}
		l, err := lay(m, r, cuts, 0x1000, 0)
		if err != nil {
			t.Fatal(err)
		}
		if size := uint64(len(l.code)); size > r.size()-r.code() {
			t.Errorf("%d bytes of code in %d", size, r.size()-r.code())
		}
		follow(t, l)
		slot := l.patches[1]
		if slot.address != 0x403000 || !within([]uint64{binary.LittleEndian.Uint64(slot.bytes)}, r.at+r.code()-1, len(l.code)) {
			t.Errorf("the slot at %#x gets %x", slot.address, slot.bytes)
		}
		for i, p := range []patch{l.patches[0], l.patches[2], l.patches[3]} {
			target := p.address + 5 + uint64(int64(int32(binary.LittleEndian.Uint32(p.bytes[1:]))))
			if want := []uint64{0x402000, 0x402007, 0x40200c}[i]; p.address != want || p.bytes[0] != 0xe9 || target < r.at+r.code() {
				t.Errorf("at %#x is %x, which jumps to %#x", p.address, p.bytes, target)
			}
		}
	}
}

// follow goes through the code of a layout from its start on, which is one piece of code after the other.
func follow(t *testing.T, l *layout) {
	t.Helper()
	var pushed []string
	at := l.region.at + l.region.code()
	for code := l.code; len(code) > 0; {
		inst, err := decode(code)
		if err != nil {
			t.Fatalf("%x: %v", code, err)
		}
		switch text := x86asm.IntelSyntax(inst, at, nil); {
		case inst.Op == x86asm.PUSH:
			pushed = append(pushed, text[len("push "):])
		case inst.Op == x86asm.PUSHFQ:
			pushed = append(pushed, "flags")
		case inst.Op == x86asm.POP || inst.Op == x86asm.POPFQ:
			want := "flags"
			if inst.Op == x86asm.POP {
				want = text[len("pop "):]
			}
			if len(pushed) == 0 || pushed[len(pushed)-1] != want {
				t.Fatalf("%s with %q pushed", text, pushed)
			}
			pushed = pushed[:len(pushed)-1]
		case inst.Op == x86asm.JMP && len(pushed) > 0:
			t.Fatalf("%s with %q pushed", text, pushed)
		default:
			changes(t, inst, text, pushed)
		}
		code, at = code[inst.Len:], at+uint64(inst.Len)
	}
	if len(pushed) > 0 {
		t.Errorf("at the end %q is pushed", pushed)
	}
}

// changes checks that an instruction of ours changes nothing that is not put back. Outside of pushes and pops there are only the program's
// own instructions, and the end of the program.
func changes(t *testing.T, inst x86asm.Inst, text string, pushed []string) {
	t.Helper()
	if len(pushed) == 0 {
		return
	}
	saved := append([]string{}, pushed...)
	if inst.Op == x86asm.RDTSC && !(slices.Contains(saved, "rax") && slices.Contains(saved, "rdx")) {
		t.Errorf("%s with %q pushed", text, pushed)
	}
	if inst.Op == x86asm.SYSCALL && !(slices.Contains(saved, "rcx") && slices.Contains(saved, "r11") && slices.Contains(saved, "rax")) {
		t.Errorf("%s with %q pushed", text, pushed)
	}
	reg, ok := inst.Args[0].(x86asm.Reg)
	if !ok || inst.Op == x86asm.CMP {
		return
	}
	name := strings.ToLower(reg.String())
	if strings.HasPrefix(name, "e") {
		name = "r" + name[1:]
	}
	if !slices.Contains(saved, name) {
		t.Errorf("%s with %q pushed", text, pushed)
	}
}

func TestWithin(t *testing.T) {
	targets := []uint64{0x100, 0x105, 0x200}
	for _, test := range []struct {
		start uint64
		size  int
		want  bool
	}{{0x100, 5, false}, {0x100, 6, true}, {0xff, 2, true}, {0x1fc, 5, true}, {0x1fb, 5, false}, {0x200, 9, false}} {
		if got := within(targets, test.start, test.size); got != test.want {
			t.Errorf("a jump goes into %d bytes from %#x: %v", test.size, test.start, got)
		}
	}
}
