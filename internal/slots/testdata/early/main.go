// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Early takes its time before main.main: in a variable's initializer, on another thread, and waiting. If EARLY is main or init, it
// profiles and traces itself there, to the files that are its arguments; if it is exit, it ends before main.main.
package main

import (
	"os"
	"runtime/pprof"
	"runtime/trace"
	"time"
)

const work = 40_000_000

var table = spin(work)

func spin(n int) (sum int) {
	for i := range n {
		sum += i * i % 7
	}
	return sum
}

func aside(done chan int) { done <- spinAside(work) }

//go:noinline
func spinAside(n int) int { return spin(n) }

func init() {
	done := make(chan int)
	go aside(done)
	table += <-done
	time.Sleep(20 * time.Millisecond)
}

func init() {
	switch os.Getenv("EARLY") {
	case "init":
		own()
	case "exit":
		os.Exit(3)
	}
}

func main() {
	if os.Getenv("EARLY") == "main" {
		own()
	}
	table += later(work)
}

//go:noinline
func later(n int) int { return spin(n) }

// own profiles and traces the program.
func own() {
	profile, traced := create(os.Args[1]), create(os.Args[2])
	must(pprof.StartCPUProfile(profile))
	must(trace.Start(traced))
	table += later(4 * work)
	trace.Stop()
	pprof.StopCPUProfile()
	must(profile.Close())
	must(traced.Close())
}

func create(name string) *os.File {
	f, err := os.Create(name)
	must(err)
	return f
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
