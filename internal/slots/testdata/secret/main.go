// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Secret leaves a pattern on a deep stack inside secret.Do, with collections and growth all the while, and then looks
// for it in all memory of the process that can be read (GOEXPERIMENT=runtimesecret). With an
// argument it does the same without secret.Do.
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/secret"
	"sync"
	"time"
)

// mark is the pattern, xored with 0x55 so that the program's data does not hold it.
var mark = []byte{0x13, 0x9a, 0x77, 0xe1, 0x3c, 0xb8, 0x24, 0xd6, 0x0f, 0x61, 0xcd, 0x8e, 0xf2, 0x45, 0x3b, 0xa9}

func main() {
	stop := make(chan bool)
	var wg sync.WaitGroup
	for range 20 {
		var parked sync.WaitGroup
		parked.Add(1)
		wg.Go(func() {
			if len(os.Args) > 1 { // without secret.Do the pattern must be found, or the search is no good
				dig(150)
			} else {
				secret.Do(func() { dig(150); runtime.GC() }) // the collection may not raise the bound
			}
			parked.Done()
			<-stop
		})
		parked.Wait()
	}
	runtime.GC()
	time.Sleep(50 * time.Millisecond)
	fmt.Println("found", search())
	close(stop)
	wg.Wait()
}

//go:noinline
func dig(n int) byte {
	var frame [128]byte
	for i := range frame {
		frame[i] = mark[i%len(mark)] ^ 0x55
	}
	if n == 0 {
		return frame[0]
	}
	return dig(n-1) + frame[n%len(frame)]
}

// search counts the places where the pattern is found.
func search() (found int) {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		panic(err)
	}
	mem, err := os.Open("/proc/self/mem")
	if err != nil {
		panic(err)
	}
	buf := make([]byte, 1<<20)
	pattern := make([]byte, len(mark))
	for line := range bytes.Lines(maps) {
		var lo, hi int64
		var mode string
		if n, _ := fmt.Sscanf(string(line), "%x-%x %s", &lo, &hi, &mode); n < 3 || mode[:2] != "rw" {
			continue
		}
		for ; lo < hi; lo += int64(len(buf)) {
			n, _ := mem.ReadAt(buf[:min(int64(len(buf)), hi-lo)], lo)
			for i := range pattern {
				pattern[i] = mark[i] ^ 0x55
			}
			at := bytes.Index(buf[:n], pattern)
			clear(pattern)
			clear(buf)
			if at >= 0 {
				found++
			}
		}
	}
	return found
}
