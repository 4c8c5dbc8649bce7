// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

#include "funcdata.h"
#include "textflag.h"

// func callsAnything(f func())
TEXT ·callsAnything(SB), NOSPLIT, $16-8
	NO_LOCAL_POINTERS
	MOVQ f+0(FP), DX
	MOVQ (DX), AX
	CALL AX
	RET
