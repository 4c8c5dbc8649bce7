// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build !linux

package lab

type (
	event   struct{}
	counter struct{}
)

var cycles, instructions event

func (event) count() (counter, bool) { return counter{}, false }

func (counter) end() (int64, bool) { return 0, false }
