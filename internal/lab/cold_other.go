// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build !linux || !(amd64 || arm64)

package lab

import (
	"errors"
	"runtime"
)

// dropFromMemory has no way to do it here.
func dropFromMemory(string) error {
	return errors.New("dropping a file from memory is not known on " + runtime.GOOS + "/" + runtime.GOARCH)
}
