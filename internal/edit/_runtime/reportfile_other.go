// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build !unix

package runtime

// reportOpen opens no file on this system.
func reportOpen(*byte) int32 { return -1 }
