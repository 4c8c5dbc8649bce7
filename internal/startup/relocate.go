// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"golang.org/x/arch/x86/x86asm"
)

// jumpSize is the size of the jump that takes the place of instructions at a cut.
const jumpSize = 5

var (
	errFar   = errors.New("too far away for a jump")
	errShort = errors.New("the code ends")
)

// relocate returns instructions for the address at that do what those at the start of code do, which is at the address from, and then go on
// behind them. It takes as many as the jump to them will overwrite; replaced is their size.
func relocate(code []byte, from, at uint64) (moved []byte, replaced int, err error) {
	for replaced < jumpSize {
		if replaced >= len(code) {
			return nil, 0, errShort
		}
		inst, err := decode(code[replaced:])
		if err != nil {
			return nil, 0, err
		}
		a := assembly{code: moved, at: at}
		goesOn, err := a.instruction(inst, code[replaced:][:inst.Len], from+uint64(replaced))
		if err != nil {
			return nil, 0, err
		}
		moved = a.code
		replaced += inst.Len
		if !goesOn {
			if replaced < jumpSize {
				return nil, 0, errors.New("the code ends in a jump")
			}
			return moved, replaced, nil
		}
	}
	a := assembly{code: moved, at: at}
	if err := a.jump(from + uint64(replaced)); err != nil {
		return nil, 0, err
	}
	return a.code, replaced, nil
}

// longest is more than the bytes of any instruction.
const longest = 16

// decode returns the instruction at the start of code. At the end of its input x86asm may take the beginning of an instruction for a
// whole one, so there is always something behind; and for a prefix alone it returns an instruction that is none.
func decode(code []byte) (x86asm.Inst, error) {
	padded := code
	if len(code) < longest {
		padded = append(slices.Clone(code), make([]byte, longest)...)
	}
	inst, err := x86asm.Decode(padded[:min(len(padded), 2*longest)], 64)
	if err == nil && (inst.Op == 0 || inst.Len == 0 || inst.Len > len(code)) {
		err = errShort
	}
	return inst, err
}

// An assembly is code that is being written for an address.
type assembly struct {
	code []byte
	at   uint64 // where the code starts
}

func (a *assembly) put(bytes ...byte) { a.code = append(a.code, bytes...) }

func (a *assembly) put32(v uint32) { a.code = binary.LittleEndian.AppendUint32(a.code, v) }

func (a *assembly) put64(v uint64) { a.code = binary.LittleEndian.AppendUint64(a.code, v) }

// here is the address of the next byte.
func (a *assembly) here() uint64 { return a.at + uint64(len(a.code)) }

// relative puts the distance of target from the end of an instruction that ends rest bytes behind these four.
func (a *assembly) relative(target uint64, rest int) error {
	distance := int64(target - (a.here() + 4 + uint64(rest)))
	if distance < math.MinInt32 || distance > math.MaxInt32 {
		return errFar
	}
	a.put32(uint32(distance))
	return nil
}

// jump goes on at target.
func (a *assembly) jump(target uint64) error {
	a.put(0xe9)
	return a.relative(target, 0)
}

// instruction puts an instruction that was at the address from. It reports whether the instruction behind it may be reached from it
// here: a call returns to where it was.
func (a *assembly) instruction(inst x86asm.Inst, bytes []byte, from uint64) (goesOn bool, err error) {
	target, isBranch := branchTarget(inst, from)
	switch {
	case isBranch && inst.Op == x86asm.CALL:
		back := from + uint64(inst.Len)
		a.put(0x48, 0x8d, 0x64, 0x24, 0xf8) // lea rsp, [rsp-8]
		a.put(0xc7, 0x04, 0x24)             // mov dword [rsp], ...
		a.put32(uint32(back))
		a.put(0xc7, 0x44, 0x24, 0x04) // mov dword [rsp+4], ...
		a.put32(uint32(back >> 32))
		return false, a.jump(target)
	case isBranch && inst.Op == x86asm.JMP:
		return false, a.jump(target)
	case isBranch:
		condition, err := conditionOf(bytes)
		if err != nil {
			return false, err
		}
		a.put(0x0f, 0x80|condition)
		return true, a.relative(target, 0)
	case inst.Op == x86asm.CALL:
		return false, errors.New("an indirect call")
	case inst.PCRel == 0:
		a.put(bytes...)
		return inst.Op != x86asm.RET && inst.Op != x86asm.JMP, nil
	case inst.PCRel != 4:
		return false, fmt.Errorf("an address of %d bytes", inst.PCRel)
	}
	old := int32(binary.LittleEndian.Uint32(bytes[inst.PCRelOff:]))
	rest := inst.Len - inst.PCRelOff - 4
	a.put(bytes[:inst.PCRelOff]...)
	if err := a.relative(from+uint64(inst.Len)+uint64(int64(old)), rest); err != nil {
		return false, err
	}
	a.put(bytes[inst.Len-rest:]...)
	return true, nil
}

// branchTarget returns where a jump or call with a fixed target goes.
func branchTarget(inst x86asm.Inst, from uint64) (uint64, bool) {
	if rel, ok := inst.Args[0].(x86asm.Rel); ok {
		return from + uint64(inst.Len) + uint64(int64(rel)), true
	}
	return 0, false
}

// conditionOf returns the condition of a conditional jump, as its opcode has it.
func conditionOf(bytes []byte) (byte, error) {
	for len(bytes) > 2 && (bytes[0] == 0x2e || bytes[0] == 0x3e) { // predictions
		bytes = bytes[1:]
	}
	switch {
	case len(bytes) == 2 && bytes[0]&0xf0 == 0x70:
		return bytes[0] & 0x0f, nil
	case len(bytes) == 6 && bytes[0] == 0x0f && bytes[1]&0xf0 == 0x80:
		return bytes[1] & 0x0f, nil
	}
	return 0, errors.New("a jump that counts")
}
