// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Sweeper ends in a panic, after shallow goroutines have ended, and given the argument deep, one that was deep as well.
package main

import "os"

func main() {
	for range 1000 {
		end(func() {})
	}
	if len(os.Args) > 1 && os.Args[1] == "deep" {
		end(func() { dig(1000) })
	}
	panic("that is all")
}

// end runs f on a goroutine and returns when that has ended; with more than one P, it may be about to.
func end(f func()) {
	done := make(chan bool)
	go func() { defer close(done); f() }()
	<-done
}

//go:noinline
func dig(n int) byte {
	var frame [100]byte
	if n > 0 {
		frame[n%100] = dig(n - 1)
	}
	return frame[n/2%100]
}
