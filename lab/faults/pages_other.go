// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build unix && !linux

package main

// smallPages has nothing to ask for here.
func smallPages([]byte) {}
