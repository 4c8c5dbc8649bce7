// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

#include "textflag.h"

// func Used() uintptr
TEXT ·Used(SB), NOSPLIT, $0-8
	MOVQ (TLS), AX
	MOVQ 8(AX), AX // g.stack.hi
	LEAQ ret+0(FP), BX
	SUBQ BX, AX
	ADDQ $8, AX // the return address
	MOVQ AX, ret+0(FP)
	RET

// func Size() uintptr
TEXT ·Size(SB), NOSPLIT, $0-8
	MOVQ (TLS), AX
	MOVQ 8(AX), BX
	SUBQ 0(AX), BX // g.stack.lo
	MOVQ BX, ret+0(FP)
	RET
