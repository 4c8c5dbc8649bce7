// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"golang.org/x/arch/x86/x86asm"
)

// unhex reads bytes that are written with spaces.
func unhex(t testing.TB, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// disassemble writes code in Go's syntax, with addresses in the place of distances.
func disassemble(t testing.TB, code []byte, at uint64) string {
	t.Helper()
	var list []string
	for len(code) > 0 {
		inst, err := x86asm.Decode(code, 64)
		if err != nil {
			t.Fatalf("%x: %v", code, err)
		}
		list = append(list, x86asm.GoSyntax(inst, at, nil))
		code, at = code[inst.Len:], at+uint64(inst.Len)
	}
	return strings.Join(list, "; ")
}

func TestRelocate(t *testing.T) {
	const from, to = 0x401000, 0x20401000
	for _, test := range []struct {
		name, code string
		replaced   int
		want       string
	}{
		{"lea", "48 8d 05 00 10 00 00", 7, "LEAQ 0xe0001000(IP), AX; JMP 0x401007"}, // 0x402007 from either
		{"plain", "48 89 e5 48 83 ec 58", 7, "MOVQ SP, BP; SUBQ $0x58, SP; JMP 0x401007"},
		{"prologue", "49 3b 66 10 76 50 55", 6, "CMPQ SP, 0x10(R14); JBE 0x401056; JMP 0x401006"},
		{"long condition", "49 3b 66 10 0f 86 9d 01 00 00", 10, "CMPQ SP, 0x10(R14); JBE 0x4011a7; JMP 0x40100a"},
		{"call", "e8 00 01 00 00 90", 5, "LEAQ -0x8(SP), SP; MOVL $0x401005, 0(SP); MOVL $0x0, 0x4(SP); JMP 0x401105"},
		{"plain, call", "31 c9 e8 fb 00 00 00", 7, "XORL CX, CX; LEAQ -0x8(SP), SP; MOVL $0x401007, 0(SP); MOVL $0x0, 0x4(SP); JMP 0x401102"},
		{"jump", "48 89 c8 eb 10", 5, "MOVQ CX, AX; JMP 0x401015"},
		{"compare with an immediate", "83 3d 54 e3 27 00 00", 7, "CMPL 0xe027e354(IP), $0x0; JMP 0x401007"},
	} {
		moved, replaced, err := relocate(unhex(t, test.code), from, to)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := disassemble(t, moved, to); got != test.want || replaced != test.replaced {
			t.Errorf("%s: %d bytes became\n%s, want %d and\n%s", test.name, replaced, got, test.replaced, test.want)
		}
	}
}

func TestNotRelocated(t *testing.T) {
	for name, code := range map[string]string{
		"short":         "90 90 90",
		"ends":          "eb 10 90 90 90 90",
		"loop":          "e2 f0 90 90 90 90",
		"indirect call": "ff d0 90 90 90 90",
		"no code":       "06 06 06 06 06 06",
		"empty":         "",
	} {
		if moved, _, err := relocate(unhex(t, code), 0x401000, 0x20401000); err == nil {
			t.Errorf("%s: became %x", name, moved)
		}
	}
	if _, _, err := relocate(unhex(t, "e8 00 01 00 00"), 0x401000, 0x401000+1<<32); err != errFar {
		t.Errorf("a call to another place than here: %v", err)
	}
}

// FuzzRelocate moves any bytes. What comes out decodes, and what it refers to is what it referred to.
func FuzzRelocate(f *testing.F) {
	for _, code := range []string{
		"48 8d 05 00 10 00 00", "49 3b 66 10 76 50 55", "e8 00 01 00 00 90", "ff d0 90 90 90 90", "66 0f 1f 44 00 00", "83 3d 54 e3 27 00 00",
		"2e 74 05 90 90 90 90", "c5 f8 77 90 90", "eb fe", "f0 48 0f b1 0d 00 00 00 00", "62 f1 7c 48 10 05 00 00 00 00",
	} {
		f.Add(unhex(f, code))
	}
	f.Fuzz(func(t *testing.T, code []byte) {
		const from, to = 0x401000, 0x20401000
		moved, replaced, err := relocate(code, from, to)
		if err != nil {
			return
		}
		if replaced < jumpSize || replaced > len(code) {
			t.Fatalf("%d of %d bytes are replaced", replaced, len(code))
		}
		was, is := references(t, code[:replaced], from, false), references(t, moved, to, true)
		for target := range was {
			if !is[target] {
				t.Fatalf("%x refers to %#x, %x does not", code[:replaced], target, moved)
			}
		}
	})
}

// references returns what code refers to by distances.
func references(t *testing.T, code []byte, at uint64, must bool) map[uint64]bool {
	found := map[uint64]bool{}
	for len(code) > 0 {
		inst, err := decode(code)
		if err != nil {
			if must {
				t.Fatalf("%x: %v", code, err)
			}
			break
		}
		if target, ok := branchTarget(inst, at); ok {
			found[target] = true
		} else if inst.PCRel == 4 {
			found[at+uint64(inst.Len)+uint64(int64(int32(binary.LittleEndian.Uint32(code[inst.PCRelOff:]))))] = true
		}
		code, at = code[inst.Len:], at+uint64(inst.Len)
	}
	return found
}
