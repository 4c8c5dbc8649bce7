// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build !linux

package cli

func kernelRelease() string { return "" }

func rationed() string { return "" }

// checkLimits has nothing to look at: slots, which limits matter to, are for Linux.
func checkLimits() []check { return nil }
