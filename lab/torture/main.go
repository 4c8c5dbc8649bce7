// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Torture drives goroutine stacks through everything that looks at them or moves them, at once: goroutines dig to
// random depths with a pattern in every frame, block there, are scanned, preempted, profiled, traced back, panic through deferred
// calls, exit from the bottom, hand pointers to their frames around, and are pulled as iterators, while others force
// collections, give memory back, and change GOMAXPROCS. A frame that does not hold its pattern on the way up ends the
// program with exit code 1.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	duration = flag.Duration("for", 5*time.Second, "how long")
	alive    = flag.Int("alive", 64, "goroutines that dig at once")
	seed     = flag.Uint64("seed", 0, "of the random choices; 0 picks one")
)

var done atomic.Uint64

func main() {
	flag.Parse()
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	deadline := time.Now().Add(*duration)
	stop := make(chan struct{})
	var disturbers sync.WaitGroup
	for _, disturb := range disturbances() {
		disturbers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					disturb()
				}
			}
		})
	}
	var wg sync.WaitGroup
	for i := range *alive {
		wg.Go(func() { start(rand.New(rand.NewPCG(*seed, uint64(i))), deadline) })
	}
	wg.Wait()
	close(stop)
	disturbers.Wait()
	fmt.Printf("torture: %d goroutines, seed %d\n", done.Load(), *seed)
}

// start runs one goroutine after another until the deadline, each with a depth and an end of its own.
func start(r *rand.Rand, deadline time.Time) {
	for time.Now().Before(deadline) {
		depth := 1 << r.IntN(13) // frames of about 200 bytes: up to 1 MB
		if r.IntN(4) > 0 {
			depth = r.IntN(120)
		}
		w := &walk{r: rand.New(rand.NewPCG(r.Uint64(), 1)), end: r.IntN(len(ends)), c: make(chan *uint64)}
		plunges := r.IntN(32) == 0
		exited := make(chan struct{})
		go func() {
			defer close(exited)
			defer w.recover()
			if plunges {
				w.plunge()
			} else {
				w.dig(depth, uint64(depth))
			}
		}()
		<-exited
		done.Add(1)
	}
}

// A walk is one goroutine's way down and up.
type walk struct {
	r    *rand.Rand
	end  int
	c    chan *uint64
	held [2]*uint64
}

func (w *walk) recover() {
	if v := recover(); v != nil && v != "bottom" {
		fail("recovered %v", v)
	}
}

// dig fills a frame, goes on, and checks the frame on the way up.
//
//go:noinline
func (w *walk) dig(n int, salt uint64) uint64 {
	var frame [16]uint64
	for i := range frame {
		frame[i] = salt*31 + uint64(i)
	}
	p := &frame[n%16]
	var below uint64
	switch {
	case n == 0:
		ends[w.end](w)
	case n%37 == 0:
		defer func() { *p += 0 }()
		below = w.dig(n-1, salt+1)
	case n%53 == 0:
		below = w.big(n-1, salt+1)
	default:
		below = w.dig(n-1, salt+1)
	}
	for i := range frame {
		if frame[i] != salt*31+uint64(i) {
			fail("frame %d: word %d is %#x, want %#x", n, i, frame[i], salt*31+uint64(i))
		}
	}
	if p != &frame[n%16] {
		fail("frame %d: pointer %p does not follow the frame at %p", n, p, &frame[n%16])
	}
	return below + 1
}

// big is dig with a frame larger than most stacks have left.
//
//go:noinline
func (w *walk) big(n int, salt uint64) uint64 {
	var frame [20 << 10]byte
	frame[n], frame[len(frame)-1] = byte(salt), byte(salt)
	below := w.dig(n, salt)
	if frame[n] != byte(salt) || frame[len(frame)-1] != byte(salt) {
		fail("a large frame lost its bytes")
	}
	return below
}

// ends are what goroutines do at the bottom.
var ends []func(*walk)

func init() {
	ends = []func(*walk){
		func(w *walk) {},
		func(w *walk) { panic("bottom") },
		func(w *walk) { runtime.Goexit() },
		func(w *walk) { runtime.Gosched() },
		func(w *walk) { time.Sleep(time.Duration(w.r.IntN(2000)) * time.Microsecond) },
		(*walk).exchange,
		(*walk).spin,
		(*walk).trace,
		(*walk).pull,
		(*walk).lock,
		(*walk).selectStack,
		func(w *walk) { runtime.GC() },
		func(w *walk) { syscall.Getpid(); syscall.Kill(syscall.Getpid(), syscall.SIGURG) },
		func(w *walk) { var p *uint64; defer func() { recover() }(); *p = 1 },
	}
}

// exchange receives into its own frame, while another goroutine sends and the collector may shrink.
func (w *walk) exchange() {
	c := make(chan [4]uint64)
	go func() {
		time.Sleep(time.Duration(w.r.IntN(500)) * time.Microsecond)
		c <- [4]uint64{1, 2, 3, 4}
	}()
	if v := <-c; v != [4]uint64{1, 2, 3, 4} {
		fail("received %v", v)
	}
}

// selectStack waits for a value in its frame in a select.
func (w *walk) selectStack() {
	var v [3]uint64
	a, b := make(chan [3]uint64), make(chan [3]uint64)
	go func() {
		runtime.Gosched()
		if w.end%2 == 0 {
			a <- [3]uint64{7, 8, 9}
		} else {
			b <- [3]uint64{7, 8, 9}
		}
	}()
	select {
	case v = <-a:
	case v = <-b:
	}
	if v != [3]uint64{7, 8, 9} {
		fail("selected %v", v)
	}
}

// spin keeps a stack pointer in a register across asynchronous preemption.
func (w *walk) spin() {
	var x uint64
	p := &x
	for end := time.Now().Add(300 * time.Microsecond); time.Now().Before(end); {
		for range 1000 {
			*p++
		}
	}
	if *p != x {
		fail("a pointer in a register went astray")
	}
}

func (w *walk) trace() {
	var buf [4096]byte
	n := runtime.Stack(buf[:], w.r.IntN(64) == 0)
	if !bytes.Contains(buf[:n], []byte("torture")) && !bytes.Contains(buf[:n], []byte("main.")) {
		fail("a traceback without this program: %s", buf[:n])
	}
	var pcs [64]uintptr
	runtime.Callers(0, pcs[:])
}

// pull runs a coroutine that digs on its own stack.
func (w *walk) pull() {
	depth := w.r.IntN(200)
	next, stop := iter.Pull(iter.Seq[int](func(yield func(int) bool) {
		inner := &walk{r: w.r}
		for i := range 3 {
			inner.dig(depth, 5)
			if !yield(i) {
				return
			}
		}
	}))
	defer stop()
	for i := range 3 {
		if v, ok := next(); !ok || v != i {
			fail("pulled %d, %v; want %d", v, ok, i)
		}
	}
}

func (w *walk) lock() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	(&walk{r: w.r}).dig(w.r.IntN(100), 9)
	time.Sleep(time.Microsecond)
}

// disturbances run over and over beside the goroutines that dig.
func disturbances() []func() {
	var garbage [][]byte
	return []func(){
		func() { runtime.GC(); time.Sleep(3 * time.Millisecond) },
		func() { debug.FreeOSMemory(); time.Sleep(200 * time.Millisecond) },
		func() { runtime.GOMAXPROCS(1 + rand.IntN(8)); time.Sleep(20 * time.Millisecond) },
		func() {
			pprof.Lookup("goroutine").WriteTo(new(bytes.Buffer), rand.IntN(3))
			time.Sleep(30 * time.Millisecond)
		},
		func() {
			var b bytes.Buffer
			if pprof.StartCPUProfile(&b) == nil {
				time.Sleep(100 * time.Millisecond)
				pprof.StopCPUProfile()
			}
		},
		func() { // a burst of deep goroutines, all alive
			var wg sync.WaitGroup
			for range 300 {
				wg.Go(func() { (&walk{}).dig(60, 3) })
			}
			wg.Wait()
			time.Sleep(50 * time.Millisecond)
		},
		func() {
			garbage = append(garbage, make([]byte, 64<<10))
			if len(garbage) > 100 {
				garbage = nil
			}
			time.Sleep(100 * time.Microsecond)
		},
		func() {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if m.StackInuse > 1<<40 {
				fail("StackInuse is %d", m.StackInuse)
			}
			time.Sleep(10 * time.Millisecond)
		},
		func() { syscall.Kill(syscall.Getpid(), syscall.SIGURG); time.Sleep(100 * time.Microsecond) },
	}
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "torture: seed %d: %s\n", *seed, fmt.Sprintf(format, args...))
	os.Exit(1)
}
