// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"debug/elf"
	"encoding/binary"

	"golang.org/x/arch/x86/x86asm"
)

// An instruction is what is needed to know of one.
type instruction struct {
	size int
	flow flow
	// direct calls and jumps have their target, as a distance from the start of the text
	direct bool
	target uint64
	// what the instruction does to the stack pointer: down by push bytes, or to nobody knows where
	push    int64
	movesSP bool
	nop     bool
}

type flow int

const (
	goesOn   flow = iota // to the next instruction
	calls                // and goes on
	jumps                // elsewhere
	branches             // elsewhere, or goes on
	switches             // by a table, within the function
	stops                // returns or traps
)

// A machine decodes instructions: code starts with one, at is its distance from the start of the text. It returns false if it can't.
type machine func(code []byte, at uint64) (instruction, bool)

func machineOf(m elf.Machine) machine {
	if m == elf.EM_AARCH64 {
		return decodeARM64
	}
	return decodeAMD64
}

func decodeAMD64(code []byte, at uint64) (instruction, bool) {
	if n, ok := vectorSize(code); ok {
		return instruction{size: n}, true
	}
	inst, err := x86asm.Decode(code, 64)
	if err != nil || inst.Op == 0 { // no instruction that x86asm knows, with or without a prefix
		n, ok := laterSize(code)
		return instruction{size: n}, ok
	}
	i := instruction{size: inst.Len}
	switch inst.Op {
	case x86asm.CALL, x86asm.LCALL:
		i.flow = calls
	case x86asm.JMP, x86asm.LJMP:
		i.flow = jumps
		if m, ok := inst.Args[0].(x86asm.Mem); ok && m.Index != 0 {
			i.flow = switches
		}
	case x86asm.RET, x86asm.LRET, x86asm.UD1, x86asm.UD2, x86asm.INT, x86asm.HLT, x86asm.IRET, x86asm.IRETQ, x86asm.SYSRET:
		i.flow = stops
	case x86asm.PUSH, x86asm.PUSHF, x86asm.PUSHFQ:
		i.push = 8
	case x86asm.POP, x86asm.POPF, x86asm.POPFQ:
		i.push = -8
		i.movesSP = inst.Args[0] == x86asm.RSP
	case x86asm.CMP, x86asm.TEST:
	case x86asm.NOP:
		i.nop = true
	default:
		i.push, i.movesSP = writeToSP(inst)
	}
	if rel, ok := inst.Args[0].(x86asm.Rel); ok {
		i.direct, i.target = true, at+uint64(inst.Len)+uint64(int64(rel))
		if i.flow == goesOn {
			i.flow = branches
		}
	}
	return i, true
}

// writeToSP is what an instruction does to the stack pointer that is neither a push nor a pop.
func writeToSP(inst x86asm.Inst) (push int64, unknown bool) {
	if inst.Op == x86asm.LEAVE || inst.Op == x86asm.ENTER {
		return 0, true
	}
	written := inst.Args[0]
	if inst.Op == x86asm.XCHG && inst.Args[1] == x86asm.RSP {
		written = x86asm.RSP
	}
	if written != x86asm.RSP && written != x86asm.ESP && written != x86asm.SPB {
		return 0, false
	}
	constant, isConstant := inst.Args[1].(x86asm.Imm)
	address, isAddress := inst.Args[1].(x86asm.Mem)
	switch {
	case written != x86asm.RSP:
	case inst.Op == x86asm.SUB && isConstant:
		return int64(constant), false
	case inst.Op == x86asm.ADD && isConstant:
		return -int64(constant), false
	case inst.Op == x86asm.LEA && isAddress && address.Base == x86asm.RSP && address.Index == 0:
		return -address.Disp, false
	}
	return 0, true
}

// vectorSize returns the size of an instruction with a VEX or EVEX prefix: x86asm does not know them. None of them calls, jumps or
// moves the stack pointer.
func vectorSize(code []byte) (int, bool) {
	if len(code) < 4 {
		return 0, false
	}
	var opcode int // where it is
	set := byte(1) // of opcodes: 1 for 0F, 2 for 0F38, 3 for 0F3A
	switch code[0] {
	case 0xC5:
		opcode = 2
	case 0xC4:
		opcode, set = 3, code[1]&0x1f
	case 0x62:
		opcode, set = 4, code[1]&0x07
	default:
		return 0, false
	}
	if opcode >= len(code) {
		return 0, false
	}
	op := code[opcode]
	if set == 1 && op == 0x77 && code[0] != 0x62 {
		return opcode + 1, true // VZEROUPPER has no operand
	}
	size, ok := operandSize(code, opcode+1)
	if set == 3 || set == 1 && (op >= 0x70 && op <= 0x73 || op == 0xC2 || op >= 0xC4 && op <= 0xC6) {
		size++ // an immediate byte
	}
	return size, ok && size <= len(code)
}

// laterSize returns the size of an instruction of the opcode sets 0F38 and 0F3A that x86asm does not know.
func laterSize(code []byte) (int, bool) {
	at := 0
	for at < len(code) && (code[at] == 0x66 || code[at] == 0xF2 || code[at] == 0xF3 || code[at] == 0xF0) {
		at++
	}
	if at < len(code) && code[at]&0xF0 == 0x40 {
		at++
	}
	if at+3 >= len(code) || code[at] != 0x0F || code[at+1] != 0x38 && code[at+1] != 0x3A {
		return 0, false
	}
	size, ok := operandSize(code, at+3)
	if code[at+1] == 0x3A {
		size++
	}
	return size, ok && size <= len(code)
}

// operandSize returns where the operand ends that is encoded from at on: the byte ModRM, and what follows it.
func operandSize(code []byte, at int) (int, bool) {
	if at >= len(code) {
		return 0, false
	}
	mode, low := code[at]>>6, code[at]&7
	at++
	if mode == 3 {
		return at, true
	}
	if low == 4 { // SIB
		if at >= len(code) {
			return 0, false
		}
		low = code[at] & 7
		at++
	} else if mode == 0 && low == 5 {
		return at + 4, true // relative to the program counter
	}
	switch {
	case mode == 1:
		at++
	case mode == 2, mode == 0 && low == 5:
		at += 4
	}
	return at, true
}

// decodeARM64 knows calls, jumps and the ways in which Go's compiler and assembler move the stack pointer.
func decodeARM64(code []byte, at uint64) (instruction, bool) {
	if len(code) < 4 {
		return instruction{}, false
	}
	w := binary.LittleEndian.Uint32(code)
	i := instruction{size: 4}
	relative := func(bits uint) {
		shifted := int64(int32(w<<(32-bits))) >> (32 - bits)
		i.direct, i.target = true, at+uint64(4*shifted)
	}
	switch {
	case w&0xFC000000 == 0x94000000: // BL
		i.flow = calls
		relative(26)
	case w&0xFC000000 == 0x14000000: // B
		i.flow = jumps
		relative(26)
	case w&0xFFFFFC1F == 0xD63F0000: // BLR
		i.flow = calls
	case w&0xFFFFFC1F == 0xD61F0000: // BR
		i.flow = jumps
		if w>>5&31 == 27 {
			i.flow = switches // the compiler's register for tables of jumps
		}
	case w&0xFFFFFC1F == 0xD65F0000, w&0xFFE0001F == 0xD4200000, w&0xFFFF0000 == 0: // RET, BRK, UDF
		i.flow = stops
	case w&0xFF000010 == 0x54000000, w&0x7E000000 == 0x34000000: // B.cond, CBZ and CBNZ
		i.flow = branches
		w >>= 5
		relative(19)
	case w&0x7E000000 == 0x36000000: // TBZ and TBNZ
		i.flow = branches
		w >>= 5
		relative(14)
	}
	return i, true
}
