// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Cases runs one case by its name: what a program may do with a stack that has no checks. A case that can go wrong in silence
// checks itself.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// cases are called with a number, usually a depth.
var cases = map[string]func(n int){
	"deep":      func(n int) { fmt.Println(deep(n)) },
	"goroutine": func(n int) { wait(func() { fmt.Println(deep(n)) }) },
	"dense":     func(n int) { crowd(); wait(func() { fmt.Println(deep(n)) }) },
	"defers":    func(n int) { crowd(); wait(func() { defers(n); fmt.Println("returned") }) },
	"medium":    func(n int) { fmt.Println(medium(n)) },
	"large":     func(n int) { crowd(); wait(func() { fmt.Println(large(n)) }) },
	"forever":   func(n int) { debug.SetMaxStack(n); deep(1 << 60) },
	"address":   func(n int) { fmt.Println(*(*int)(unsafe.Pointer(uintptr(n)))) },
	"panics":    panics,
	"guards":    guards,
	"room":      room,
	"collect":   collect,
	"preempt":   preempt,
	"signals":   signals,
	"exit":      exit,
	"child":     child,
	"parked":    parked,
	"released":  released,
}

func main() {
	n, err := strconv.Atoi(os.Args[2])
	if err != nil || cases[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: cases name number")
		os.Exit(1)
	}
	cases[os.Args[1]](n)
}

// wait runs f on a goroutine of its own.
func wait(f func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	wg.Wait()
}

var gather = make(chan struct{})

// crowd starts more goroutines than there are wide slots for.
func crowd() {
	var wg sync.WaitGroup
	for range 1000 {
		wg.Add(1)
		go func() { wg.Done(); <-gather }()
	}
	wg.Wait()
}

// deep returns 1 + … + n.
//
//go:noinline
func deep(n int) int {
	var a [10]int
	a[n%10] = n
	if n == 0 {
		return a[0]
	}
	return deep(n-1) + a[n%10]
}

// medium has a frame that is larger than a page and has no check.
//
//go:noinline
func medium(n int) int {
	var a [20 << 10]byte
	a[n] = 1
	if n == 0 {
		return int(a[0])
	}
	return medium(n-1) + int(a[n])
}

// large has a frame that is so large that it keeps its check. Variables of more than 128 KiB would not be in it.
//
//go:noinline
func large(n int) int {
	var a [100 << 10]byte
	a[n] = 1
	if n == 0 {
		return int(a[0])
	}
	return large(n-1) + int(a[n])
}

func defers(n int) {
	defer func() {
		if n%1000 == 0 {
			runtime.Gosched()
		}
	}()
	if n > 0 {
		defers(n - 1)
	}
}

// growing returns n bytes that were allocated at n depths, so that its frames hold pointers.
func growing(n int) []byte {
	if n == 0 {
		return make([]byte, 0, 1)
	}
	return append(growing(n-1), byte(n))
}

// try prints what f panics with.
func try(name string, f func()) {
	defer func() { fmt.Printf("%s: %v\n", name, recover()) }()
	f()
}

var nowhere *struct {
	before [100000]byte
	field  int
}

func panics(zero int) {
	try("nil", func() { fmt.Println(nowhere.before[zero]) })
	try("field", func() { fmt.Println(nowhere.field) })
	try("divide", func() { fmt.Println(1 / zero) })
	try("index", func() { fmt.Println([]int{}[zero]) })
	try("call", func() { var f func(); f() })
	debug.SetPanicOnFault(true)
	try("fault", func() { fmt.Println(*(*int)(unsafe.Pointer(uintptr(0x123456789000 + zero)))) })
	try("nested", func() { nested(200) })
}

// nested panics anew in each of n deferred calls.
func nested(n int) {
	defer func() {
		if r := recover(); r != nil {
			panic(r)
		}
	}()
	if n == 0 {
		panic("bottom")
	}
	nested(n - 1)
}

// guards reads the guard of the slot above, and its own one from far above it: bugs, both of them.
func guards(span int) {
	crowd()
	wait(func() {
		debug.SetPanicOnFault(true)
		start, end := slot(span)
		crowd() // above
		try("above", func() { fmt.Println(*(*int)(unsafe.Pointer(end + 4096))) })
		try("own", func() { fmt.Println(*(*int)(unsafe.Pointer(start + 4096))) })
	})
}

// slot returns the bounds of the dense slot of span bytes that the caller's stack is in.
func slot(span int) (start, end uintptr) {
	var here int
	end = (uintptr(unsafe.Pointer(&here))+1<<20)&^(2<<20-1) + 1<<20
	return end - uintptr(span), end
}

// near calls f, if descend has no check, on goroutines in dense slots of span bytes, a few bytes to some kilobytes before the guard.
func near(span, times int, f func()) {
	crowd()
	for i := range times {
		wait(func() {
			start, _ := slot(span)
			low := start + 256<<10 + uintptr(i*i)
			reached := false
			descend(low, func() { reached = true; f() })
			if !reached {
				panic("never got there")
			}
		})
	}
}

// descend calls f when the next frame would be below low.
//
//go:noinline
func descend(low uintptr, f func()) {
	var here [2]uintptr
	if at := uintptr(unsafe.Pointer(&here)); at-low < 128 {
		f()
		return
	}
	descend(low, f)
	runtime.KeepAlive(&here)
}

// room panics where a panic's first frames have no room.
func room(span int) {
	n := 0
	near(span, 100, func() {
		defer func() { n += len(fmt.Sprint(recover())) }()
		fmt.Println(nowhere.field)
	})
	fmt.Println("recovered", n > 0)
}

// collect runs the collector while goroutines dig, build what only their stacks refer to, and end.
func collect(rounds int) {
	stop := make(chan struct{})
	var collector sync.WaitGroup
	collector.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	})
	var wg sync.WaitGroup
	for i := range rounds {
		for k := range 50 {
			wg.Go(func() {
				n := 500 + 10*i + k
				if b := growing(n); len(b) != n || b[n-1] != byte(n) {
					panic("lost")
				}
				defers(100)
			})
		}
		wg.Wait()
	}
	close(stop)
	collector.Wait()
	fmt.Println("collected")
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

// preempt stops the world while all processors compute without calling the runtime.
func preempt(n int) {
	for range runtime.GOMAXPROCS(0) + 1 {
		go func() {
			for {
				fib(30)
			}
		}()
	}
	time.Sleep(10 * time.Millisecond)
	for range n {
		runtime.GC()
	}
	fmt.Println("stopped")
}

func signals(n int) {
	c := make(chan os.Signal, 10)
	signal.Notify(c, syscall.SIGUSR1)
	go func() {
		for range n {
			syscall.Kill(os.Getpid(), syscall.SIGUSR1)
		}
		signal.Stop(c)
		close(c)
	}()
	go func() {
		for {
			deep(10000)
		}
	}()
	got := 0
	for range c {
		got++
	}
	fmt.Println("received", got > 0)
}

func exit(n int) {
	wait(func() {
		defer fmt.Println("deferred")
		deep(n)
		runtime.Goexit()
	})
}

// child starts processes at the end of the stack. They run on it, too, for a moment.
func child(span int) {
	near(span, 30, func() {
		if err := exec.Command("true").Run(); err != nil {
			panic(err)
		}
	})
	fmt.Println("started")
}

// parked prints what n waiting goroutines cost.
func parked(n int) {
	before := status()
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() { wg.Done(); <-gather }()
	}
	wg.Wait()
	after := status()
	for _, name := range []string{"VmRSS", "VmPTE", "mappings"} {
		fmt.Println(name, after[name]-before[name])
	}
	fmt.Println("VmSize", after["VmSize"])
}

// released prints how much stays resident once n deep goroutines are gone.
func released(n int) {
	for range n {
		wait(func() { deep(20000) })
	}
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { deep(20000); time.Sleep(time.Millisecond) })
	}
	wg.Wait()
	debug.FreeOSMemory()
	debug.FreeOSMemory()
	fmt.Println("VmRSS", status()["VmRSS"])
}

// status returns figures of /proc/self/status, in KiB, and the number of mappings.
func status() map[string]int {
	figures := map[string]int{}
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		var n int
		name, value, _ := strings.Cut(line, ":")
		fmt.Sscan(value, &n)
		figures[name] = n
	}
	maps, _ := os.ReadFile("/proc/self/maps")
	figures["mappings"] = strings.Count(string(maps), "\n")
	return figures
}
