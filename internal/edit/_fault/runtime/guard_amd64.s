// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

#include "go_asm.h"
#include "go_tls.h"
#include "textflag.h"

// guardOverflowed is entered as if from nowhere: see guardOverflow.
TEXT ·guardOverflowed(SB),NOSPLIT|NOFRAME,$0-0
	get_tls(CX)
	MOVQ	g(CX), BX
	MOVQ	g_m(BX), BX
	MOVQ	m_g0(BX), BX
	MOVQ	BX, g(CX)
	MOVQ	(g_sched+gobuf_sp)(BX), SP
	MOVQ	$0, BP
	CALL	·guardThrow(SB)
	CALL	runtime·abort(SB)
	RET

TEXT ·guardProbe(SB),NOSPLIT|NOFRAME,$0-0
	TESTQ	AX, -16384(SP)
	RET
