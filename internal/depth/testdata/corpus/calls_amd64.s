// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

#include "funcdata.h"
#include "textflag.h"

// func throughAssembly()
TEXT ·throughAssembly(SB), NOSPLIT, $64-0
	NO_LOCAL_POINTERS
	CALL ·deep(SB)
	RET

// func callsAnything(f func())
TEXT ·callsAnything(SB), NOSPLIT, $16-8
	NO_LOCAL_POINTERS
	MOVQ f+0(FP), DX
	MOVQ (DX), AX
	CALL AX
	RET

// func movesStack()
TEXT ·movesStack(SB), NOSPLIT, $0-0
	SUBQ $64, SP
	ADDQ $64, SP
	NOP SP
	RET

// func callsThenGrows()
TEXT ·callsThenGrows(SB), 0, $64-0
	NO_LOCAL_POINTERS
	CALL ·deep(SB)
	ADJSP $8192
	ADJSP $-8192
	RET

// func jumps()
TEXT ·jumps(SB), NOSPLIT, $0-0
	JMP ·deep(SB)

// func framePointer() uintptr
TEXT ·framePointer(SB), NOSPLIT|NOFRAME, $0-8
	MOVQ BP, ret+0(FP)
	RET

// func frameAt(pointer uintptr) (caller, pc uintptr)
TEXT ·frameAt(SB), NOSPLIT|NOFRAME, $0-24
	MOVQ pointer+0(FP), AX
	MOVQ 0(AX), BX
	MOVQ BX, caller+8(FP)
	MOVQ 8(AX), BX
	MOVQ BX, pc+16(FP)
	RET
