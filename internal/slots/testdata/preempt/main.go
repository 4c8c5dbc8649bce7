// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Preempt lets goroutines grow, spin and shrink while collections stop them all the time: preempt SECONDS. Every frame is
// checked on the way up.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

var garbage atomic.Pointer[[]byte]

func main() {
	seconds, err := strconv.ParseFloat(os.Args[1], 64)
	if err != nil {
		panic(err)
	}
	deadline := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for time.Now().Before(deadline) {
				runtime.GC()
			}
		})
	}
	wg.Go(func() {
		for time.Now().Before(deadline) {
			debug.FreeOSMemory()
			time.Sleep(20 * time.Millisecond)
		}
	})
	var rounds atomic.Int64
	for i := range 12 {
		wg.Go(func() { // long-lived: the same stack grows and shrinks
			for n := i; time.Now().Before(deadline); n++ {
				depth := 5 + n*31%300
				if n%50 == 0 {
					depth = 3000
				}
				if got, want := dig(depth, n), depth+1; got != want {
					fail(got, want)
				}
				rounds.Add(1)
			}
		})
		wg.Go(func() { // short-lived
			for n := i; time.Now().Before(deadline); n++ {
				var one sync.WaitGroup
				one.Go(func() {
					if got, want := dig(n%200, n), n%200+1; got != want {
						fail(got, want)
					}
				})
				one.Wait()
				rounds.Add(1)
			}
		})
	}
	wg.Wait()
	fmt.Println("rounds", rounds.Load())
}

//go:noinline
func dig(n, salt int) int {
	var frame [32]int
	p := &frame[n%32]
	*p = n ^ salt
	if n%64 == 0 {
		b := make([]byte, 512)
		garbage.Store(&b)
		for range 2000 {
			*p++
			*p--
		}
	}
	count := 1
	if n > 0 {
		count += dig(n-1, salt)
	} else if salt%3 == 0 {
		runtime.Gosched()
	}
	if frame[n%32] != n^salt || p != &frame[n%32] {
		fail(frame[n%32], n^salt)
	}
	return count
}

func fail(got, want int) {
	fmt.Fprintf(os.Stderr, "got %d, want %d\n", got, want)
	os.Exit(1)
}
