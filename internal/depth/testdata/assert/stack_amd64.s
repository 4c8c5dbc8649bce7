// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

#include "funcdata.h"
#include "textflag.h"

// func used() uintptr
TEXT ·used(SB), NOSPLIT, $0-8
	MOVQ (TLS), AX
	MOVQ 8(AX), AX // g.stack.hi
	LEAQ ret+0(FP), BX
	SUBQ BX, AX
	ADDQ $8, AX // the return address
	MOVQ AX, ret+0(FP)
	RET

// func callsAnything(f func())
TEXT ·callsAnything(SB), NOSPLIT, $16-8
	NO_LOCAL_POINTERS
	MOVQ f+0(FP), DX
	MOVQ (DX), AX
	CALL AX
	RET
