// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import "syscall"

// smallPages keeps the kernel from serving memory in huge pages: a stack gets
// its pages one by one.
func smallPages(memory []byte) {
	const noHugePages = 15                   // MADV_NOHUGEPAGE
	_ = syscall.Madvise(memory, noHugePages) // a kernel without huge pages refuses, and need not be asked
}
