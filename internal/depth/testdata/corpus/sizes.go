// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"unsafe"
)

var ended int32

// sized calls nothing that asks for more stack, so that its own frame decides how large the stack is.
//
//go:noinline
func sized[T any]() {
	var t T
	touch(unsafe.Pointer(&t))
	atomic.StoreInt32(&ended, 1)
}

//go:noinline
//go:nosplit
func touch(p unsafe.Pointer) {
	*(*byte)(p) = 1
	mark()
}

func reportSized() {
	for atomic.LoadInt32(&ended) == 0 {
		runtime.Gosched()
	}
	fmt.Println("main.sized", deepest, largest)
	deepest, largest = 0, 0
	atomic.StoreInt32(&ended, 0)
}

// startSizes has frames on both sides of the size from which on the first stack is too small.
func startSizes() {
	go sized[[1040]byte]()
	reportSized()
	go sized[[1056]byte]()
	reportSized()
	go sized[[1072]byte]()
	reportSized()
	go sized[[1088]byte]()
	reportSized()
	go sized[[1104]byte]()
	reportSized()
	go sized[[1120]byte]()
	reportSized()
	go sized[[1136]byte]()
	reportSized()
	go sized[[1152]byte]()
	reportSized()
	go sized[[1168]byte]()
	reportSized()
	go sized[[1184]byte]()
	reportSized()
	go sized[[1200]byte]()
	reportSized()
	go sized[[1216]byte]()
	reportSized()
	go sized[[1232]byte]()
	reportSized()
}
