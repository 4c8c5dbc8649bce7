// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build !linux

package sample

import (
	"errors"
	"runtime"
)

// readUsage has no figures here: CPU time and faults show as 0.
func readUsage() usage { return usage{} }

func look() (Footprint, error) {
	return Footprint{}, errors.New("not known on " + runtime.GOOS + ": run this on linux")
}
