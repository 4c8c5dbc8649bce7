// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import _ "unsafe" // for go:linkname

func startAssembly() {
	go assembly()
	report("main.assembly")
	go assemblyCalls()
	report("main.assemblyCalls")
	go assemblyMoves()
	report("main.assemblyMoves")
	go heightAtCall()
	report("main.heightAtCall")
	go tailCall()
	report("main.tailCall")
	go linked()
	report("main.linked")
}

func throughAssembly()
func callsAnything(f func())
func movesStack()
func callsThenGrows()
func jumps()

// want exact
func assembly() {
	throughAssembly()
	done <- true
}

// want lower bound assembly
func assemblyCalls() {
	callsAnything(shallow)
	done <- true
}

// want lower bound frame
func assemblyMoves() {
	movesStack()
	done <- true
}

// The stack pointer is lower after the call than at the call.
//
// want exact
func heightAtCall() {
	callsThenGrows()
	done <- true
}

// want exact
func tailCall() {
	jumps()
	done <- true
}

//go:linkname elsewhere main.underAnotherName
func elsewhere(f func())

//go:noinline
func underAnotherName(f func()) {
	f()
	mark()
}

// want exact
func linked() {
	elsewhere(deep)
	done <- true
}
