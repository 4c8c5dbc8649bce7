// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build unix

package runtime

import (
	"internal/goarch"
	"internal/goos"
)

// reportOpen opens a file, named by a string that ends with 0, to append to it. It returns -1 if that can't be done.
func reportOpen(name *byte) int32 {
	const mips = goarch.IsMips + goarch.IsMipsle + goarch.IsMips64 + goarch.IsMips64le
	const toEnd = 0x400*goos.IsLinux*(1-mips) + 0x8*(1-goos.IsLinux*(1-mips)) // O_APPEND
	return open(name, _O_WRONLY|_O_CREAT|toEnd, 0o644)
}
