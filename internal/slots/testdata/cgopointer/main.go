// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Cgopointer passes C a pointer to a variable on the stack that holds a pointer to the heap. That breaks cgo's rules,
// wherever the stack is, and must be found out. The variable stays on the stack because C promises not to keep it.
package main

/*
#cgo noescape take
#cgo nocallback take
struct box { int *p; };
static int take(struct box *b) { return *b->p; }
*/
import "C"

import (
	"fmt"
	"sync"
)

var number *C.int

func main() {
	var wg sync.WaitGroup
	wg.Go(func() { dig(100) })
	wg.Wait()
	fmt.Println("undetected 1")
}

//go:noinline
func dig(n int) int {
	var frame [200]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		return pass()
	}
	return dig(n-1) + int(frame[n%len(frame)])
}

//go:noinline
func pass() int {
	number = new(C.int)
	box := C.struct_box{p: number}
	return int(C.take(&box))
}
