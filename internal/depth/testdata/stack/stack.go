// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package stack tells programs how deep they are: all of them, since those that call C can't have Go assembly of their own.
package stack

import (
	"os"
	"strconv"
)

// Used returns how far the place of the stack pointer on entry to it is below the stack's upper end.
func Used() uintptr

// Size returns how large the stack is.
func Size() uintptr

var deepest, largest uintptr

// Done has a value when a goroutine is at its end.
var Done = make(chan bool)

type pad [16 << 10]byte

//go:noinline
//go:nosplit
func use(p *pad) { p[1] = 1 }

// Deep is as deep as a goroutine gets.
//
//go:noinline
func Deep() {
	var p pad
	use(&p)
	Mark()
	use(&p)
}

// Mark is called where a goroutine may be deepest.
//
//go:nosplit
func Mark() { deepest, largest = max(deepest, Used()), max(largest, Size()) }

// Report prints what the goroutine used that is done next.
func Report(name string) {
	<-Done
	os.Stdout.WriteString(name + " " + strconv.Itoa(int(deepest)) + " " + strconv.Itoa(int(largest)) + "\n")
	deepest, largest = 0, 0
}
