// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build linux && (amd64 || arm64)

// Package pagecache has to do with the pages of files that the kernel keeps in memory.
package pagecache

import (
	"os"
	"syscall"
)

// Drop asks the kernel to forget the pages of a file that it has in memory. Pages that a process has mapped stay.
func Drop(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := file.Sync(); err != nil { // pages that are not on disk yet can't be dropped
		return err
	}
	const dontNeed = 4 // POSIX_FADV_DONTNEED
	if _, _, errno := syscall.Syscall6(syscall.SYS_FADVISE64, file.Fd(), 0, 0, dontNeed, 0, 0); errno != 0 {
		return os.NewSyscallError("fadvise", errno)
	}
	return nil
}
