// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

#include "funcdata.h"
#include "textflag.h"

#define PATTERN $0x5bdb5bdb5bdb5bdb

// func callFilled(f func()) uintptr
TEXT ·callFilled(SB), 0, $16-16
	NO_LOCAL_POINTERS
	MOVQ PATTERN, CX
	MOVQ (TLS), AX
	MOVQ 0(AX), BX // g.stack.lo
	MOVQ SP, AX
fill:
	SUBQ $8, AX
	MOVQ CX, (AX)
	CMPQ AX, BX
	JHI  fill
	MOVQ f+0(FP), DX
	MOVQ (DX), AX
	CALL AX
	MOVQ PATTERN, CX
	MOVQ (TLS), AX
	MOVQ 0(AX), BX
look:
	ADDQ $8, BX
	CMPQ CX, -8(BX)
	JEQ  look
	SUBQ $8, BX
	MOVQ SP, AX
	SUBQ $8, AX // where the return address was
	SUBQ BX, AX
	MOVQ AX, ret+8(FP)
	RET
