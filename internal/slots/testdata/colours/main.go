// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Colours prints how many different offsets in a page, in units of 128 bytes, the first frames of 256 goroutines have.
package main

import (
	"fmt"
	"sync"
	"unsafe"
)

func main() {
	const goroutines = 256
	stop := make(chan bool)
	var parked sync.WaitGroup
	parked.Add(goroutines)
	var mu sync.Mutex
	offsets := map[uintptr]int{}
	for range goroutines {
		go func() {
			dig(40, func() {}) // into a slot
			top := here()
			mu.Lock()
			offsets[top%4096/128]++
			mu.Unlock()
			parked.Done()
			<-stop
		}()
	}
	parked.Wait()
	most := 0
	for _, n := range offsets {
		most = max(most, n)
	}
	fmt.Println("offsets", len(offsets))
	fmt.Println("most", most)
}

//go:noinline
func here() uintptr {
	var local byte
	return uintptr(unsafe.Pointer(&local))
}

//go:noinline
func dig(n int, bottom func()) int {
	var frame [400]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		bottom()
		return int(frame[0])
	}
	return dig(n-1, bottom) + int(frame[n%len(frame)])
}
