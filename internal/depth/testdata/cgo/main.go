// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Cgo calls C, which calls back.
package main

// extern void back(void);
// static inline void callBack(void) { back(); }
import "C"

import "github.com/spadego/spade/internal/depth/testdata/stack"

//export back
func back() { stack.Deep() }

// want lower bound C
func callsC() {
	C.callBack()
	stack.Done <- true
}

func main() {
	go callsC()
	stack.Report("main.callsC")
}
