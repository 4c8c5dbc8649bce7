// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"encoding/binary"
	"encoding/hex"
	"testing"
)

func TestDecodeAMD64(t *testing.T) {
	for _, test := range []struct {
		code string // the assembler's own encoding
		want instruction
	}{
		{"e8fb000000", instruction{size: 5, flow: calls, direct: true, target: 0x1100}},
		{"ffd0", instruction{size: 2, flow: calls}},   // CALL AX
		{"ff5018", instruction{size: 3, flow: calls}}, // CALL 24(AX)
		{"e9fbffffff", instruction{size: 5, flow: jumps, direct: true, target: 0x1000}},
		{"7410", instruction{size: 2, flow: branches, direct: true, target: 0x1012}},
		{"ffe0", instruction{size: 2, flow: jumps}},       // JMP AX
		{"ff24c8", instruction{size: 3, flow: switches}},  // JMP (AX)(CX*8)
		{"c3", instruction{size: 1, flow: stops}},         // RET
		{"0f0b", instruction{size: 2, flow: stops}},       // UD2
		{"90", instruction{size: 1, nop: true}},           // NOP
		{"55", instruction{size: 1, push: 8}},             // PUSHQ BP
		{"5d", instruction{size: 1, push: -8}},            // POPQ BP
		{"4883ec18", instruction{size: 4, push: 24}},      // SUBQ $24, SP
		{"4883c480", instruction{size: 4, push: 128}},     // ADDQ $-128, SP
		{"488d642478", instruction{size: 5, push: -120}},  // LEAQ 120(SP), SP
		{"4883e4f0", instruction{size: 4, movesSP: true}}, // ANDQ $~15, SP
		{"4889dc", instruction{size: 3, movesSP: true}},   // MOVQ BX, SP
		{"483b6610", instruction{size: 4}},                // CMPQ SP, 16(R14)
		{"4839dc", instruction{size: 3}},                  // CMPQ SP, BX
		{"c5f877", instruction{size: 3}},                  // VZEROUPPER
		{"c5fe6f06", instruction{size: 4}},                // VMOVDQU (SI), Y0
		{"c5fe6f442440", instruction{size: 6}},            // VMOVDQU 64(SP), Y0
		{"c5fd70c01b", instruction{size: 5}},              // VPSHUFD $27, Y0, Y0
		{"c4e27d00c1", instruction{size: 5}},              // VPSHUFB Y1, Y0, Y0
		{"c4e37d06c121", instruction{size: 6}},            // VPERM2F128 $33, Y1, Y0, Y0
		{"c4e2fbf7c0", instruction{size: 5}},              // SHRXQ AX, AX, AX
		{"62f1fe486f4601", instruction{size: 7}},          // VMOVDQU64 64(SI), Z0
		{"62f1fe486f8600100000", instruction{size: 10}},   // VMOVDQU64 4096(SI), Z0
		{"62f3fd480fc107", instruction{size: 7}},          // VPALIGNR $7 and the like
		{"c5fe6f0578563412", instruction{size: 8}},        // VMOVDQU relative to the program counter
		{"660f38f6c1", instruction{size: 5}},              // ADCXL CX, AX
		{"0f38c8c1", instruction{size: 4}},                // SHA1NEXTE X1, X0
		{"0f3accc101", instruction{size: 5}},              // SHA1RNDS4 $1, X1, X0
	} {
		code, err := hex.DecodeString(test.code)
		if err != nil {
			t.Fatal(err)
		}
		padded := append(code, 0xcc, 0xcc, 0xcc, 0xcc)
		if got, ok := decodeAMD64(padded, 0x1000); !ok || got != test.want {
			t.Errorf("%s: %+v, %v, want %+v", test.code, got, ok, test.want)
		}
	}
}

func TestDecodeARM64(t *testing.T) {
	for _, test := range []struct {
		word uint32
		want instruction
	}{
		{0x94000040, instruction{size: 4, flow: calls, direct: true, target: 0x1100}},
		{0x97ffffff, instruction{size: 4, flow: calls, direct: true, target: 0xffc}},
		{0x17fffffe, instruction{size: 4, flow: jumps, direct: true, target: 0xff8}},
		{0xd63f0020, instruction{size: 4, flow: calls}},    // BLR R1
		{0xd61f0020, instruction{size: 4, flow: jumps}},    // BR R1
		{0xd61f0360, instruction{size: 4, flow: switches}}, // BR R27
		{0xd65f03c0, instruction{size: 4, flow: stops}},    // RET
		{0x54000080, instruction{size: 4, flow: branches, direct: true, target: 0x1010}},
		{0xb4ffffe0, instruction{size: 4, flow: branches, direct: true, target: 0xffc}}, // CBZ R0
		{0x3707ffe0, instruction{size: 4, flow: branches, direct: true, target: 0xffc}}, // TBNZ R0, $0
		{0xd10083ff, instruction{size: 4}},                                              // SUB $32, RSP
	} {
		if got, ok := decodeARM64(binary.LittleEndian.AppendUint32(nil, test.word), 0x1000); !ok || got != test.want {
			t.Errorf("%#x: %+v, %v, want %+v", test.word, got, ok, test.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{0xe8, 0, 0, 0, 0})
	f.Add([]byte{0xc4, 0xe3, 0x7d, 0x06, 0xc1, 0x21})
	f.Fuzz(func(t *testing.T, code []byte) {
		for _, decode := range []machine{decodeAMD64, decodeARM64} {
			if i, ok := decode(code, 0); ok && (i.size <= 0 || i.size > len(code)) {
				t.Errorf("%x: %d bytes", code, i.size)
			}
		}
	})
}
