// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Zoo runs one by one what else looks at, stops, or ends a goroutine, each on a deep stack: zoo NAME, or all of them.
package main

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"sync"
	"syscall"
	"time"
)

var animals = []struct {
	name string
	run  func()
}{
	{"lock", lock}, {"sigprof", sigprof}, {"signals", signals}, {"pull", pull}, {"panics", panics},
	{"goexit", goexit}, {"procs", procs}, {"exec", execute}, {"stacks", stacks}, {"heapdump", heapdump},
	{"trace", traced}, {"nilderef", nilderef}, {"channels", channels}, {"count", count},
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "deadlock" {
		deadlock()
	}
	if len(os.Args) > 1 && os.Args[1] == "crash" {
		crash()
	}
	for _, a := range animals {
		if len(os.Args) == 1 || os.Args[1] == a.name {
			done := make(chan bool)
			for range 30 { // the kinds are learned meanwhile
				go func() { defer close(done); a.run() }()
				<-done
				done = make(chan bool)
			}
			fmt.Println(a.name, 1)
		}
	}
}

// lock digs on a locked thread, and again after the thread is given back; and ends goroutines that still hold theirs.
func lock() {
	runtime.LockOSThread()
	dig(200, func() { time.Sleep(time.Microsecond) })
	runtime.UnlockOSThread()
	dig(300, runtime.Gosched)
	var wg sync.WaitGroup
	wg.Go(func() {
		runtime.LockOSThread()
		dig(100, runtime.GC)
	})
	wg.Wait()
}

// sigprof takes a CPU profile of goroutines that grow, at the highest rate there is.
func sigprof() {
	runtime.SetCPUProfileRate(0)
	var b bytes.Buffer
	if err := pprof.StartCPUProfile(&b); err != nil {
		fail("%v", err)
	}
	storm := make(chan bool)
	go func() {
		defer close(storm)
		for range 200 {
			syscall.Kill(syscall.Getpid(), syscall.SIGPROF)
		}
	}()
	for i := range 40 {
		var wg sync.WaitGroup
		wg.Go(func() { dig(i*20, func() {}) })
		wg.Wait()
	}
	<-storm
	pprof.StopCPUProfile()
}

// signals delivers signals by os/signal to a goroutine that waits deep.
func signals() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	defer signal.Stop(c)
	dig(250, func() {
		for range 5 {
			syscall.Kill(syscall.Getpid(), syscall.SIGUSR1)
			<-c
		}
	})
}

func pull() {
	next, stop := iter.Pull(iter.Seq[int](func(yield func(int) bool) {
		for i := range 10 {
			ok := true
			dig(i*60, func() { ok = yield(i) })
			if !ok {
				return
			}
		}
	}))
	for i := range 8 {
		dig(50, func() {
			if v, ok := next(); !ok || v != i {
				fail("pulled %d, %v", v, ok)
			}
			if i == 4 {
				runtime.GC()
			}
		})
	}
	stop()
}

// panics panics at the bottom, recovers half way, and panics again on the way.
func panics() {
	for _, depth := range []int{1, 40, 300, 2000} {
		func() {
			defer func() {
				if r := recover(); r != "again" {
					fail("recovered %v", r)
				}
			}()
			dig(depth, func() {
				defer func() {
					r := recover()
					dig(100, runtime.GC)
					if r != "bottom" {
						fail("recovered %v", r)
					}
					panic("again")
				}()
				dig(depth, func() { panic("bottom") })
			})
		}()
		dig(depth/2, func() {})
	}
}

func goexit() {
	var wg sync.WaitGroup
	for _, depth := range []int{1, 40, 300, 2000} {
		wg.Go(func() {
			ran := false
			defer func() {
				if dig(50, func() {}); !ran {
					fail("deferred call at the bottom did not run")
				}
			}()
			dig(depth, func() { defer func() { ran = true }(); runtime.Goexit() })
		})
	}
	wg.Wait()
}

func procs() {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() { dig(i*40, func() { runtime.GOMAXPROCS(1 + i) }) })
	}
	wg.Wait()
	runtime.GOMAXPROCS(2)
}

func execute() {
	dig(300, func() {
		out, err := exec.Command("echo", "hello").Output()
		if err != nil || string(out) != "hello\n" {
			fail("echo: %q, %v", out, err)
		}
	})
}

// stacks reads the tracebacks of goroutines that wait deep, in every format.
func stacks() {
	const goroutines = 20
	var parked, done sync.WaitGroup
	parked.Add(goroutines)
	stop := make(chan bool)
	for range goroutines {
		done.Go(func() { dig(30, func() { parked.Done(); <-stop }) })
	}
	parked.Wait()
	time.Sleep(time.Millisecond) // from there to the receive
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	if n := bytes.Count(buf, []byte("main.dig(")); n < 31*goroutines {
		fail("runtime.Stack shows %d frames of dig, want %d:\n%s", n, 31*goroutines, buf)
	}
	var b bytes.Buffer
	for deadline := time.Now().Add(2 * time.Second); ; {
		b.Reset()
		pprof.Lookup("goroutine").WriteTo(&b, 1)
		if strings.Contains(b.String(), fmt.Sprintf("\n%d @ ", goroutines)) {
			break
		}
		if time.Now().After(deadline) { // not all have come to the receive, or one has lost its way
			fail("the goroutine profile lacks %d alike:\n%s", goroutines, b.String())
		}
	}
	pprof.Lookup("goroutine").WriteTo(io.Discard, 2)
	debug.SetTraceback("system")
	runtime.Stack(buf, true)
	debug.SetTraceback("single")
	close(stop)
	done.Wait()
}

func heapdump() {
	f, err := os.CreateTemp("", "dump")
	if err != nil {
		fail("%v", err)
	}
	os.Remove(f.Name())
	dig(100, func() { debug.WriteHeapDump(f.Fd()) })
	f.Close()
}

func traced() {
	var b bytes.Buffer
	if err := trace.Start(&b); err != nil {
		fail("%v", err)
	}
	stacks()
	panics()
	trace.Stop()
	if b.Len() == 0 {
		fail("empty trace")
	}
}

func nilderef() {
	defer func() {
		if err, ok := recover().(runtime.Error); !ok || !strings.Contains(err.Error(), "nil pointer") {
			fail("recovered %v", err)
		}
	}()
	dig(500, func() { var p *int; *p = 1 })
}

// channels hands values from one deep frame to another while a collection shrinks both stacks.
func channels() {
	a, b := make(chan [8]int), make(chan [8]int)
	var wg sync.WaitGroup
	wg.Go(func() {
		dig(200, func() {
			for i := range 20 {
				v := [8]int{i, 1, 2, 3, 4, 5, 6, i}
				select {
				case a <- v:
				case v = <-b:
					fail("received %v", v)
				}
			}
		})
	})
	wg.Go(func() {
		for i := range 20 {
			dig(i*7, func() {
				if i%5 == 0 {
					runtime.GC()
				}
				if v := <-a; v != [8]int{i, 1, 2, 3, 4, 5, 6, i} {
					fail("received %v", v)
				}
			})
		}
	})
	wg.Wait()
}

// count has deep goroutines come and go, and expects NumGoroutine to come back to what it was.
func count() {
	time.Sleep(5 * time.Millisecond) // who is on the way out is still counted
	before := runtime.NumGoroutine()
	for range 3 {
		var wg sync.WaitGroup
		for range 200 {
			wg.Go(func() { dig(80, runtime.Gosched) })
		}
		wg.Wait()
	}
	for deadline := time.Now().Add(2 * time.Second); runtime.NumGoroutine() != before; runtime.Gosched() {
		if time.Now().After(deadline) {
			fail("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

// deadlock waits for nothing, deep, after slots were used: the runtime must say so.
func deadlock() {
	for range 100 {
		c := make(chan int)
		go func() { c <- dig(80, func() {}) }()
		<-c
	}
	dig(80, func() { select {} })
}

// crash dies of a panic at the bottom, with the tracebacks of all goroutines.
func crash() {
	debug.SetTraceback("all")
	go dig(60, func() { select {} })
	time.Sleep(10 * time.Millisecond)
	dig(60, func() { panic("at the bottom") })
}

//go:noinline
func dig(n int, bottom func()) int {
	var frame [200]byte
	frame[n%len(frame)] = byte(n)
	if n == 0 {
		bottom()
	} else {
		dig(n-1, bottom)
	}
	if frame[n%len(frame)] != byte(n) {
		fail("frame %d has %d", n, frame[n%len(frame)])
	}
	return int(frame[n%len(frame)])
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}
