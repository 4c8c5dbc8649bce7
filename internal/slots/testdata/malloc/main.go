// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Malloc lets goroutines grow wherever they happen to be: inside malloc, with locks of the runtime held, in panics, in callbacks of
// sort, while collections run. It writes the profile stackgrowth again and again meanwhile, and at the end what was counted:
// malloc SECONDS.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	seconds, err := strconv.ParseFloat(os.Args[1], 64)
	if err != nil {
		panic(err)
	}
	var rounds atomic.Int64
	end := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := w; time.Now().Before(end); i += 7 {
				var some sync.WaitGroup
				for d := range 20 {
					some.Go(func() { dig((i*20+d)%200, i+d) })
				}
				some.Wait()
				rounds.Add(1)
			}
		})
	}
	all.Go(func() {
		for time.Now().Before(end) {
			if err := pprof.Lookup("stackgrowth").WriteTo(io.Discard, 0); err != nil {
				panic(err)
			}
			runtime.GC()
		}
	})
	all.Wait()
	var profile bytes.Buffer
	total := counted()
	for before := total + 1; before != total; total = counted() { // until nothing has grown meanwhile
		before = total
		profile.Reset()
		if err := pprof.Lookup("stackgrowth").WriteTo(&profile, 1); err != nil {
			panic(err)
		}
	}
	var events, sum int64
	for line := range bytes.Lines(profile.Bytes()) {
		if n, _ := fmt.Sscanf(string(line), "%d growths", &events); n == 1 {
			sum += events
		}
	}
	fmt.Println("rounds", rounds.Load())
	fmt.Println("recorded", sum)
	fmt.Println("counted", total)
}

func counted() uint64 {
	s := []metrics.Sample{{Name: "/spade/stack/growths:growths"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// dig goes down by 100 bytes and more a level and does something else at the end of each way.
//
//go:noinline
func dig(levels, what int) (n int) {
	var frame [64]byte
	frame[levels%len(frame)] = 1
	if levels > 0 {
		return dig(levels-1, what) + int(frame[levels%len(frame)])
	}
	switch what % 6 {
	case 0:
		m := map[string][]byte{}
		for i := range 20 {
			m[strconv.Itoa(i)] = make([]byte, i*50)
		}
		return len(m)
	case 1:
		s := make([]int, 300)
		for i := range s {
			s[i] = (i * 7919) % 300
		}
		sort.Slice(s, func(i, j int) bool { return s[i] < s[j] })
		return s[0]
	case 2:
		defer func() { n = len(fmt.Sprint(recover())) }()
		panic(fmt.Sprintf("%d %v", levels, time.Now()))
	case 3:
		return len(make([]byte, 1<<20))
	case 4:
		c := make(chan int)
		go func() { c <- 1 }()
		select {
		case v := <-c:
			return v
		case <-time.After(time.Hour):
			return 0
		}
	}
	runtime.Gosched()
	return runtime.NumGoroutine()
}
