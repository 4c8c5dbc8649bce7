// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package escape

import (
	"cmd/compile/internal/ir"
	"cmd/internal/obj"
)

// noteCycle tells the assembler which functions may come back to themselves by static calls. fns are mutually recursive if
// recursive is set, or else a function and its closures.
func noteCycle(fns []*ir.Func, recursive bool) {
	if !recursive {
		return
	}
	for _, fn := range fns {
		obj.NoteCycle(fn.Linksym().Name)
	}
}
