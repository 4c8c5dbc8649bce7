// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Maps prints how many memory mappings the process has with 100 and with 50,000 goroutines that are 12 KB deep.
package main

import (
	"bytes"
	"fmt"
	"os"
	"sync"
)

func main() {
	stop := make(chan bool)
	alive := 0
	for _, n := range []int{100, 50_000} {
		var parked sync.WaitGroup
		for ; alive < n; alive++ {
			parked.Add(1)
			go dig(24, func() { parked.Done(); <-stop })
		}
		parked.Wait()
		maps, err := os.ReadFile("/proc/self/maps")
		if err != nil {
			panic(err)
		}
		fmt.Println(fmt.Sprint("maps", n), bytes.Count(maps, []byte("\n")))
	}
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
