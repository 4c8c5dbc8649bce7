// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build !linux

package runtime

// earlyClock sets the rate of samples.
func earlyClock(hz int32) bool {
	setcpuprofilerate(hz)
	return true
}

// earlyThreadTime does not know.
func earlyThreadTime() int64 { return 0 }

// earlyOpen creates a file, named by a string that ends with 0.
func earlyOpen(name *byte) int32 {
	if !canCreateFile {
		return -1
	}
	return create(name, 0o644)
}
