// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"os"
	"syscall"
)

// dropFromMemory asks the kernel to forget the pages of a file that it has in memory.
func dropFromMemory(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := file.Sync(); err != nil { // pages that are not on disk yet can't be dropped
		return err
	}
	const dontNeed = 4 // POSIX_FADV_DONTNEED
	_, _, errno := syscall.Syscall6(syscall.SYS_FADVISE64, file.Fd(), 0, 0, dontNeed, 0, 0)
	if errno != 0 {
		return os.NewSyscallError("fadvise", errno)
	}
	return nil
}
