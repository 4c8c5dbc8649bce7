// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package main

import "testing"

// TestLongScript runs the scripts in testdata/long, which compile much of the standard library in ways of their own.
func TestLongScript(t *testing.T) { runScripts(t, "testdata/long") }
