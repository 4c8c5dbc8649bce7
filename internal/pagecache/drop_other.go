// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build !linux || !(amd64 || arm64)

package pagecache

import (
	"errors"
	"runtime"
)

// Drop has no way to do it here.
func Drop(string) error {
	return errors.New("dropping a file from memory is not known on " + runtime.GOOS + "/" + runtime.GOARCH)
}
