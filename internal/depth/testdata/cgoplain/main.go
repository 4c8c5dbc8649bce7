// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Cgoplain calls C, which has no Go function to call back.
package main

// static int twice(int n) { return 2 * n; }
import "C"

import "github.com/spadego/spade/internal/depth/testdata/stack"

var sink C.int

// want exact
func callsPlainC() {
	sink = C.twice(sink)
	stack.Deep()
	stack.Done <- true
}

func main() {
	go callsPlainC()
	stack.Report("main.callsPlainC")
}
