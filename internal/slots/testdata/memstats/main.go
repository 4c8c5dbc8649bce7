// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Memstats reads the memory statistics, with the runtime's own consistency check switched on (the build needs
// -ldflags=-checklinkname=0), while goroutines grow, shrink and exit; then it prints how stack memory rises and falls.
package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"time"
	_ "unsafe"
)

//go:linkname doubleCheckReadMemStats runtime.doubleCheckReadMemStats
var doubleCheckReadMemStats bool

func main() {
	switch os.Args[1] {
	case "consistent":
		consistent()
	case "rise":
		rise()
	case "limit":
		limit()
	case "kept":
		fmt.Println("free", kept(math.MaxInt64))
		fmt.Println("tight", kept(160<<20))
	case "idle":
		idle()
	}
}

// consistent lets ReadMemStats throw if its figures disagree, and compares the classes of runtime/metrics with their sum.
func consistent() {
	doubleCheckReadMemStats = true
	stop := make(chan bool)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for round := 0; ; round++ {
				select {
				case <-stop:
					return
				default:
				}
				burst(50, 20+(i*37+round*13)%400)
			}
		})
	}
	var samples []metrics.Sample
	for _, d := range metrics.All() {
		if strings.HasPrefix(d.Name, "/memory/classes/") {
			samples = append(samples, metrics.Sample{Name: d.Name})
		}
	}
	for i := range 150 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if m.StackInuse > m.StackSys || m.HeapInuse+m.StackInuse > m.Sys {
			fail("inuse exceeds sys: %d %d %d %d", m.StackInuse, m.StackSys, m.HeapInuse, m.Sys)
		}
		metrics.Read(samples)
		var sum, total uint64
		for _, s := range samples {
			if s.Name == "/memory/classes/total:bytes" {
				total = s.Value.Uint64()
			} else {
				sum += s.Value.Uint64()
			}
			if s.Value.Uint64() > 1<<40 {
				fail("%s is %d", s.Name, s.Value.Uint64())
			}
		}
		if sum != total {
			fail("memory classes add up to %d, total is %d", sum, total)
		}
		if i%30 == 0 {
			debug.FreeOSMemory()
		}
		time.Sleep(time.Millisecond)
	}
	close(stop)
	wg.Wait()
	fmt.Println("consistent 1")
}

// rise prints StackInuse before, during and after 2,000 goroutines that need more than 16 KB and so hold 32 KB.
func rise() {
	const deep = 2000
	debug.SetGCPercent(-1)
	debug.FreeOSMemory()
	before := stackInuse()
	parked, stop, done := park(deep, 50)
	parked.Wait()
	during := stackInuse()
	close(stop)
	done.Wait()
	debug.FreeOSMemory()
	debug.FreeOSMemory()
	after := stackInuse()
	fmt.Println("rise", (during-before)/deep)
	fmt.Println("rest", max(after, before)-before)
	fmt.Println("rss", rss("VmRSS:"))
}

// limit fills the heap under GOMEMLIMIT while bursts of deep goroutines come and go, and prints the highest RSS.
func limit() {
	debug.SetMemoryLimit(160 << 20)
	debug.SetGCPercent(-1)
	for range 6 {
		parked, stop, done := park(4000, 30)
		parked.Wait()
		close(stop)
		done.Wait()
		for range 3000 {
			garbage = make([]byte, 128<<10)
			for i := 0; i < len(garbage); i += 4096 {
				garbage[i] = 1
			}
		}
	}
	fmt.Println("rss", rss("VmHWM:"))
}

// kept returns the bytes that free stacks have right after a burst of deep goroutines under a memory limit.
func kept(limit int64) uint64 {
	debug.FreeOSMemory()
	debug.SetMemoryLimit(limit)
	burst(4000, 30)
	return metric("/spade/stack/kept:bytes")
}

// metric returns one of spade's metrics, 0 on stock.
func metric(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}

// idle prints RSS right after a burst of deep goroutines, and, when the program has done nothing for a while, RSS and the free slots.
func idle() {
	parked, stop, done := park(5000, 60)
	parked.Wait()
	close(stop)
	done.Wait()
	fmt.Println("rss", rss("VmRSS:"))
	time.Sleep(7 * time.Second) // a page is kept for one to three seconds, and timers are late on a busy machine
	fmt.Println("free", metric("/spade/slots/free:slots"))
	debug.FreeOSMemory() // for what stock keeps, the heap and stack spans
	fmt.Println("idle", rss("VmRSS:"))
}

var garbage []byte

// park starts n goroutines that go deep and wait there.
func park(n, depth int) (parked *sync.WaitGroup, stop chan bool, done *sync.WaitGroup) {
	parked, stop, done = new(sync.WaitGroup), make(chan bool), new(sync.WaitGroup)
	parked.Add(n)
	done.Add(n)
	for range n {
		go func() {
			dig(depth, func() { parked.Done(); <-stop })
			done.Done()
		}()
	}
	return parked, stop, done
}

func burst(n, depth int) {
	parked, stop, done := park(n, depth)
	parked.Wait()
	close(stop)
	done.Wait()
}

func stackInuse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.StackInuse
}

// rss returns a line of /proc/self/status, in kB.
func rss(key string) (kb int) {
	data, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, key) {
			fmt.Sscan(strings.TrimPrefix(line, key), &kb)
		}
	}
	return kb
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

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}
