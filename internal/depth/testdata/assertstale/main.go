// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Assertstale asserts what says nothing of the program any more. The line below an assertion says why.
package main

import (
	"os"
	"reflect"
)

//spade:turns 3 in once
// stale: main.once is in no cycle

//go:noinline
func once() { println("once") }

//spade:turns 3 in main.gone
// stale: the program has no function main.gone

//spade:turns 5 in main.recurs

//spade:turns 6 in main.recurs
// stale: main.recurs has a limit already, at assertstale/main.go:20

//go:noinline
func recurs(n int) {
	if n > 0 {
		recurs(n - 1)
	}
}

//go:noinline
func dead(n int) { dead(n + 1) }

// What the program does not have in its binary is not judged, nor are packages that it does not have.
//
//spade:turns 5 in main.dead
//spade:turns 5 in example.com/elsewhere.F

func main() {
	recurs(len(os.Args))
	f := once
	//spade:calls once
	// stale: what is called is known without it
	f()
	once() //spade:calls recurs
	// stale: what is called is known without it
	reflect.ValueOf(f).Call(nil) //spade:calls once, gone
	// stale: the program has no function gone
	//spade:calls once
	// stale: there is no call in line 52
	x := 3
	recurs(x)
}

//spade:calls once in recurs
// stale: what is called is known without it
