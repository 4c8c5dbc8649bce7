// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Deep writes a CPU profile of itself to the file that its argument names. Its goroutines are short and grow deep.
package main

import (
	"os"
	"runtime/pprof"
	"sync"
	"time"
)

func main() {
	file, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		panic(err)
	}
	for start := time.Now(); time.Since(start) < time.Second; {
		var done sync.WaitGroup
		for range 100 {
			done.Add(1)
			go serve(&done)
		}
		done.Wait()
	}
	pprof.StopCPUProfile()
	if err := file.Close(); err != nil {
		panic(err)
	}
}

//go:noinline
func serve(done *sync.WaitGroup) {
	wide(20)
	done.Done()
}

// wide has the largest frame on the stack, and is innocent: dig is what runs out of stack.
//
//go:noinline
func wide(n int) byte {
	var b [1500]byte
	b[n] = dig(n)
	return b[n/2]
}

//go:noinline
func dig(n int) byte {
	var b [700]byte
	if n > 0 {
		b[n] = dig(n - 1)
	}
	return b[n/2]
}
