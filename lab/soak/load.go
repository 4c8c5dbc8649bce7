// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"context"
	"iter"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/spadego/spade/lab/internal/dig"
)

// load starts goroutines of every kind, which go on until ctx ends. Their number does not change after the first seconds.
func load(ctx context.Context) {
	go requests(ctx)
	go bursts(ctx)
	go workers(ctx)
	go sessions(ctx)
	go pulls(ctx)
}

// to returns a shape that is depth bytes deep.
func to(depth int) dig.Shape {
	shape, err := dig.Of(depth, dig.Large)
	if err != nil {
		panic(err)
	}
	return shape
}

// requests are short-lived goroutines of one go statement: most are shallow, some deep, a few very deep.
func requests(ctx context.Context) {
	depths := []dig.Shape{to(1 << 10), to(8 << 10), to(20 << 10), to(100 << 10), to(1 << 20)}
	for every(ctx, 10*time.Millisecond) {
		var batch sync.WaitGroup
		for range 20 {
			batch.Add(1)
			go func() {
				defer batch.Done()
				which := 0
				for which < len(depths)-1 && rand.IntN(6) == 0 {
					which++
				}
				depths[which].Down()
				garbage := make([]byte, 4<<10)
				_ = append(garbage, 1)
			}()
		}
		batch.Wait()
	}
}

// bursts have 3,000 goroutines deep at once, and then none for a while.
func bursts(ctx context.Context) {
	deep := to(16 << 10)
	for every(ctx, 3*time.Second) {
		var parked, done sync.WaitGroup
		leave := make(chan struct{})
		for range 3000 {
			parked.Add(1)
			done.Go(func() { deep.DownThen(func() { parked.Done(); <-leave }) })
		}
		parked.Wait()
		close(leave)
		done.Wait()
	}
}

// workers live long, and go as deep as each message says.
func workers(ctx context.Context) {
	messages := make(chan dig.Shape)
	for range 500 {
		go func() {
			for shape := range messages {
				shape.Down()
			}
		}()
	}
	shapes := []dig.Shape{to(2 << 10), to(12 << 10), to(40 << 10)}
	for every(ctx, 20*time.Millisecond) {
		for range 50 {
			messages <- shapes[rand.IntN(len(shapes))]
		}
	}
	close(messages)
}

// sessions go deep once and wait, for minutes: one in a thousand is replaced every few milliseconds.
func sessions(ctx context.Context) {
	login := to(10 << 10)
	var leave [4000]chan struct{}
	for i := 0; every(ctx, 5*time.Millisecond); i++ {
		for j := range len(leave) / 1000 {
			slot := &leave[(i*4+j)%len(leave)]
			if *slot != nil {
				close(*slot)
			}
			quit := make(chan struct{})
			*slot = quit
			go func() {
				login.Down()
				<-quit
			}()
		}
	}
}

// pulls run iterators as coroutines, half of them not to the end.
func pulls(ctx context.Context) {
	deep := to(6 << 10)
	count := func(yield func(int) bool) {
		for i := range 20 {
			deep.Down()
			if !yield(i) {
				return
			}
		}
	}
	for every(ctx, 20*time.Millisecond) {
		next, stop := iter.Pull(count)
		for range 1 + rand.IntN(40) {
			next()
		}
		stop()
	}
}

// every waits, and reports whether there is time left.
func every(ctx context.Context, pause time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause):
		return true
	}
}
