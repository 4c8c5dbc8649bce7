// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Thp has goroutines in slots of every class, and prints what /proc/self/smaps says of huge pages: in the mapping that a deep
// frame lies in, and in that of the heap.
package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
	"unsafe"
)

var onHeap []byte

func main() {
	stop := make(chan bool)
	var parked sync.WaitGroup
	stacks := make(chan uintptr, 1000)
	for i := range 600 {
		parked.Add(1)
		depth := 30
		if i%20 == 0 {
			depth = 300
		}
		if i%100 == 0 {
			depth = 4000
		}
		go dig(depth, func(sp uintptr) { stacks <- sp; parked.Done(); <-stop })
	}
	parked.Wait()
	close(stacks)
	onHeap = make([]byte, 16<<20)
	for i := range onHeap {
		onHeap[i] = 1
	}
	time.Sleep(100 * time.Millisecond)
	areas := read()
	var huge, missing int
	for sp := range stacks {
		a := find(areas, sp)
		huge += a.huge
		if !strings.Contains(a.flags, " nh") {
			missing++
		}
	}
	heapFlag := 0
	if strings.Contains(find(areas, uintptr(unsafe.Pointer(&onHeap[0]))).flags, " nh") {
		heapFlag = 1
	}
	fmt.Println("huge", huge)
	fmt.Println("missing", missing)
	fmt.Println("heapflag", heapFlag)
}

type area struct {
	lo, hi uintptr
	huge   int // kB
	flags  string
}

func read() (areas []area) {
	data, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(data)) {
		var lo, hi uintptr
		if n, _ := fmt.Sscanf(line, "%x-%x", &lo, &hi); n == 2 {
			areas = append(areas, area{lo: lo, hi: hi})
		} else if rest, ok := strings.CutPrefix(line, "AnonHugePages:"); ok {
			fmt.Sscan(rest, &areas[len(areas)-1].huge)
		} else if rest, ok := strings.CutPrefix(line, "VmFlags:"); ok {
			areas[len(areas)-1].flags = rest
		}
	}
	return areas
}

func find(areas []area, p uintptr) area {
	for _, a := range areas {
		if a.lo <= p && p < a.hi {
			return a
		}
	}
	panic("no mapping")
}

//go:noinline
func dig(n int, bottom func(uintptr)) int {
	var frame [400]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		bottom(uintptr(unsafe.Pointer(&frame)))
		return int(frame[0])
	}
	return dig(n-1, bottom) + int(frame[n%len(frame)])
}
