// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Limits restricts its own memory and goes on: limits KIND MB GOROUTINES HEAPMB. Goroutines go 16 KB deep and check
// what they left in their frames; then the heap grows. It prints what is resident in the end, in kB.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const rlimitMemlock = 8

func main() {
	kind := os.Args[1]
	mb, goroutines, heap := number(2), number(3), number(4)
	switch kind {
	case "as":
		again(syscall.RLIMIT_AS, mb)
	case "data":
		again(syscall.RLIMIT_DATA, mb)
	case "set": // and this is the process that it was set for
	case "memlock":
		setLimit(rlimitMemlock, mb)
		must(syscall.Mlockall(2)) // MCL_FUTURE
	case "mlockall-deep":
		frames = 90 // more than the smallest slot has room for
		fallthrough
	case "mlockall-before":
		must(syscall.Mlockall(3)) // MCL_CURRENT|MCL_FUTURE
	case "mlockall-after":
		run(goroutines)
		must(syscall.Mlockall(3))
	case "mlockall-asleep": // free slots can't be given back, which must not keep the sweeper busy
		must(syscall.Mlockall(1)) // MCL_CURRENT
		for i := range 4 {
			run((5 - i) * goroutines)
			time.Sleep(800 * time.Millisecond)
			must(syscall.Mlockall(1))
		}
		select {}
	case "late-as": // the slots are reserved, and then no more memory is to be had
		run(10)
		setLimit(syscall.RLIMIT_AS, mb+int(status("VmSize:")>>10))
	default:
		panic(kind)
	}
	run(goroutines)
	var keep [][]byte
	for range heap {
		b := make([]byte, 1<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		keep = append(keep, b)
	}
	run(goroutines)
	fmt.Println("heap", len(keep))
	fmt.Println("rss", status("VmRSS:"))
}

// again starts this program over, with the limit in force from the beginning, as a shell or a service manager sets it.
func again(resource, mb int) {
	setLimit(resource, mb)
	must(syscall.Exec("/proc/self/exe", append([]string{"limits", "set"}, os.Args[2:]...), os.Environ()))
}

// frames is how many frames, of half a kilobyte, goroutines go deep.
var frames = 32

// run has n goroutines deep at once, and checks that each finds its frames as it left them.
func run(n int) {
	var parked, done sync.WaitGroup
	stop := make(chan bool)
	parked.Add(n)
	for i := range n {
		done.Go(func() {
			if got, want := dig(frames, i, func() { parked.Done(); <-stop }), i*(frames+1)+frames*(frames+1)/2; got != want {
				fmt.Fprintf(os.Stderr, "goroutine %d: sum of frames is %d, want %d\n", i, got, want)
				os.Exit(1)
			}
		})
	}
	parked.Wait()
	close(stop)
	done.Wait()
}

//go:noinline
func dig(n, salt int, bottom func()) int {
	var frame [56]int
	frame[n%len(frame)] = n + salt
	sum := 0
	if n == 0 {
		bottom()
	} else {
		sum = dig(n-1, salt, bottom)
	}
	return sum + frame[n%len(frame)]
}

func setLimit(resource, mb int) {
	n := uint64(mb) << 20
	must(syscall.Setrlimit(resource, &syscall.Rlimit{Cur: n, Max: n}))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "skip:", err)
		os.Exit(77)
	}
}

func number(i int) int {
	n, err := strconv.Atoi(os.Args[i])
	must(err)
	return n
}

// status returns a line of /proc/self/status, in kB.
func status(key string) (kb uint64) {
	data, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, key) {
			fmt.Sscan(strings.TrimPrefix(line, key), &kb)
		}
	}
	return kb
}
