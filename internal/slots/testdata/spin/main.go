// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Spin has two goroutines wait for each other in loops, for some seconds, with dead deep goroutines left behind. With
// GODEBUG=asyncpreemptoff=1 such a loop is never interrupted, so both processors that it needs must stay with it. Then it has two wait for
// the main goroutine, which needs a third processor: one that was idle when the first of them began.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

//go:noinline
func down(n int) (sum int) {
	var frame [512]byte
	if frame[n&511] = byte(n); n > 0 {
		sum = down(n - 1)
	}
	return sum + int(frame[n&511])
}

func deep() {
	var exited sync.WaitGroup
	for range 20 {
		exited.Go(func() { down(32) })
	}
	exited.Wait()
}

func main() {
	runtime.GOMAXPROCS(2)
	var turn atomic.Int64
	var exited sync.WaitGroup
	end := time.Now().Add(4 * time.Second)
	for me := range int64(2) {
		exited.Go(func() {
			for n := 0; ; n++ {
				for turn.Load()&1 != me {
				}
				switch {
				case turn.Load() < 0:
					return
				case me == 0 && time.Now().After(end):
					turn.Store(-1)
					return
				case me == 0 && n%1000 == 0:
					deep()
				}
				runtime.Gosched()
				turn.Add(1)
			}
		})
	}
	exited.Wait()
	fmt.Println("alternated 1")
	barrier()
}

func barrier() {
	runtime.GOMAXPROCS(3)
	deep()
	var open atomic.Bool
	arrived := make(chan bool)
	for wait := range 2 {
		go func() {
			arrived <- true
			for !open.Load() {
			}
		}()
		<-arrived
		if wait == 0 {
			time.Sleep(5 * time.Second / 2) // the sweeper comes by
		}
	}
	open.Store(true)
	fmt.Println("released 1")
}
