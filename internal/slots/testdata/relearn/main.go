// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Relearn starts goroutines of one kind that go deep, and then are shallow, or start others that are: relearn MODE.
// It prints what is resident at the end, in kB.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"strings"
	"sync"
	"time"
)

func main() {
	switch os.Args[1] {
	case "warm": // the shallow ones park on the warm stacks of the deep ones, and nothing else happens but one collection
		work(1500, 700, nil)
		stop := make(chan bool)
		work(1500, 1, stop)
		runtime.GC()
		time.Sleep(4500 * time.Millisecond)
		close(stop)
	case "parked": // each goes deep, comes back, and stays
		stop := make(chan bool)
		work(1500, 500, stop)
		for range 10 { // stock halves a stack in each cycle
			runtime.GC()
		}
		time.Sleep(3500 * time.Millisecond)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Println("inuse", m.StackInuse)
		close(stop)
	case "later": // long after, few starts are observed: the advice must wear off, or memory come back
		work(300, 100, nil)
		for range 8000 {
			work(1, 1, nil)
		}
		stop := make(chan bool)
		before := starts()
		work(1500, 1, stop)
		fmt.Println("starts", starts()-before)
		runtime.GC()
		time.Sleep(3500 * time.Millisecond)
		close(stop)
	}
	fmt.Println("rss", rss())
}

// work starts n goroutines that go deep at once. Then they park and wait for stop, or exit if it is nil.
func work(n, depth int, stop chan bool) {
	var parked, done sync.WaitGroup
	parked.Add(n)
	done.Add(n)
	go1 := make(chan bool)
	for range n {
		go func() {
			dig(depth, func() {
				parked.Done()
				if depth > 1 {
					<-go1
				}
			})
			done.Done()
			if stop != nil {
				<-stop
			}
		}()
	}
	parked.Wait()
	close(go1)
	done.Wait()
}

func starts() uint64 {
	s := []metrics.Sample{{Name: "/spade/slots/starts:goroutines"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

func rss() (kb int) {
	data, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "VmRSS:") {
			fmt.Sscan(strings.TrimPrefix(line, "VmRSS:"), &kb)
		}
	}
	return kb
}

//go:noinline
func dig(n int, bottom func()) int {
	var frame [200]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		bottom()
		return int(frame[0])
	}
	return dig(n-1, bottom) + int(frame[n%len(frame)])
}
