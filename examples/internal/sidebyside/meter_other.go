// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build !linux

package sidebyside

import "time"

// Neither is known here: they show as "-".

func processCPU() time.Duration { return 0 }

func residentBytes() float64 { return 0 }
