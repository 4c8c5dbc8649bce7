// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Cgothread has threads made by C, and goroutines by way of C, call back into Go, which goes deep.
package main

/*
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

extern int digFromC(int depth);

static void *run(void *arg) {
	intptr_t sum = 0;
	for (int i = 0; i < 20; i++)
		sum += digFromC((int)(intptr_t)arg + i);
	return (void *)sum;
}

// threads returns the sum of what n new threads got from digFromC.
static int threads(int n, int depth) {
	pthread_t *t = malloc(n * sizeof *t);
	intptr_t sum = 0;
	for (int i = 0; i < n; i++)
		pthread_create(&t[i], 0, run, (void *)(intptr_t)(depth + i));
	for (int i = 0; i < n; i++) {
		void *r;
		pthread_join(t[i], &r);
		sum += (intptr_t)r;
	}
	free(t);
	return (int)sum;
}

static int through(int depth) { return digFromC(depth); }
*/
import "C"

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

//export digFromC
func digFromC(depth C.int) C.int {
	got := dig(int(depth))
	if depth%7 == 0 {
		runtime.Gosched()
	}
	if depth%50 == 0 {
		runtime.GC()
	}
	return C.int(got)
}

func main() {
	stop := make(chan bool)
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
				time.Sleep(time.Millisecond)
			}
		}
	}()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for round := range 5 {
				const threads = 6
				depth, want := 50+i*100+round, 0
				for t := range threads {
					for j := range 20 {
						want += depth + t + j + 1
					}
				}
				check(int(C.threads(threads, C.int(depth))), want)
			}
		})
		wg.Go(func() { // Go -> C -> Go -> C -> Go, all on one goroutine's stack
			for round := range 200 {
				check(nested(5, round), 6*(round+1))
			}
		})
		wg.Go(func() {
			runtime.LockOSThread()
			for round := range 100 {
				check(int(C.through(C.int(round*4))), round*4+1)
			}
		})
	}
	wg.Wait()
	close(stop)
	fmt.Println("ok 1")
}

// nested digs, calls C, which calls Go, which digs, and then goes on likewise from its own frame.
func nested(levels, depth int) int {
	n := int(C.through(C.int(depth)))
	if levels > 0 {
		n += nested(levels-1, depth)
	}
	return n
}

//go:noinline
func dig(n int) int {
	var frame [200]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		return 1
	}
	return dig(n-1) + int(frame[n%len(frame)])
}

func check(got, want int) {
	if got != want {
		fmt.Fprintf(os.Stderr, "got %d, want %d\n", got, want)
		os.Exit(1)
	}
}
