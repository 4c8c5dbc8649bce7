// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package x86

import (
	"cmd/internal/obj"
	"cmd/internal/sys"
)

// stacksplitUnless is stacksplit for a function that has a stack check, and adds nothing for one that has none.
func stacksplitUnless(ctxt *obj.Link, cursym *obj.LSym, p *obj.Prog, newprog obj.ProgAlloc, framesize, textarg int32) *obj.Prog {
	if ctxt.Arch.Family == sys.AMD64 && ctxt.Flag_maymorestack == "" && obj.Unchecked(ctxt, cursym, framesize) {
		return p
	}
	return stacksplit(ctxt, cursym, p, newprog, framesize, textarg)
}
