// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"os"
	"syscall"
)

// memoryUseOf returns what the kernel counted of an ended process.
func memoryUseOf(state *os.ProcessState) memoryUse {
	r, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return memoryUse{}
	}
	return memoryUse{known: true, faults: int64(r.Minflt), reads: int64(r.Majflt)}
}
