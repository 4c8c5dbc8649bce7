// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Queue has four producers and four consumers that share one queue, in three
// ways to make one:
//
//	mutex        a slice of at most 1,024 values under a mutex; who finds it
//	             full or empty yields and tries again
//	unbuffered   a channel without a buffer
//	buffered     a channel with a buffer of 1,024
//
// A value is the time at which its producer had it ready; the p50 and p99 are
// of the time from there until a consumer has it. cpu-share is the part of all
// processors' time that the process used.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/spadego/spade/lab/internal/sample"
)

const (
	people = 4 // producers, and as many consumers
	room   = 1024
)

// A queue is first in, first out. take reports false when it is closed and
// empty; close is called when nothing more is put.
type queue interface {
	put(time.Duration)
	take() (time.Duration, bool)
	close()
}

func main() {
	which := flag.String("mode", "mutex", "mutex, unbuffered or buffered")
	n := flag.Int("n", 1_000_000, "values to pass, rounded up to a multiple of the producers")
	flag.Parse()
	newQueue, found := map[string]func() queue{
		"mutex":      func() queue { return new(slice) },
		"unbuffered": func() queue { return make(channel) },
		"buffered":   func() queue { return make(channel, room) },
	}[*which]
	if !found {
		fmt.Fprintf(os.Stderr, "queue: no mode %q: use mutex, unbuffered or buffered\n", *which)
		os.Exit(2)
	}
	each := (*n + people - 1) / people
	pass(newQueue(), min(each, 5000))
	stretch := sample.Begin()
	began, used := time.Now(), sample.CPU()
	waits := pass(newQueue(), each)
	share := float64(sample.CPU()-used) / float64(time.Since(began)) / float64(runtime.GOMAXPROCS(0))
	figures := append(sample.Quantiles(waits), sample.Figure{Value: share, Unit: "cpu-share"})
	stretch.End(os.Stdout, "Queue/"+*which, each*people, figures...)
}

// pass has every producer put each values, and returns how long they were on
// their way.
func pass(q queue, each int) []time.Duration {
	began := time.Now()
	waits := make([][]time.Duration, people)
	var producers, consumers sync.WaitGroup
	for i := range people {
		producers.Go(func() {
			for range each {
				q.put(time.Since(began))
			}
		})
		waits[i] = make([]time.Duration, 0, 2*each)
		consumers.Go(func() {
			for {
				ready, ok := q.take()
				if !ok {
					return
				}
				waits[i] = append(waits[i], time.Since(began)-ready)
			}
		})
	}
	producers.Wait()
	q.close()
	consumers.Wait()
	var all []time.Duration
	for _, part := range waits {
		all = append(all, part...)
	}
	return all
}

type channel chan time.Duration

func (c channel) put(v time.Duration) { c <- v }
func (c channel) close()              { close(c) }

func (c channel) take() (time.Duration, bool) {
	v, ok := <-c
	return v, ok
}

// slice is a ring, so that taking moves nothing.
type slice struct {
	mu     sync.Mutex
	values [room]time.Duration
	first  int
	length int
	closed bool
}

func (s *slice) put(v time.Duration) {
	for {
		s.mu.Lock()
		if s.length < room {
			s.values[(s.first+s.length)%room] = v
			s.length++
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		runtime.Gosched()
	}
}

func (s *slice) take() (time.Duration, bool) {
	for {
		s.mu.Lock()
		if s.length > 0 {
			v := s.values[s.first]
			s.first = (s.first + 1) % room
			s.length--
			s.mu.Unlock()
			return v, true
		}
		closed := s.closed
		s.mu.Unlock()
		if closed {
			return 0, false
		}
		runtime.Gosched()
	}
}

func (s *slice) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
}
