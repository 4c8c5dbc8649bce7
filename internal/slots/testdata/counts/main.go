// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Counts prints how far spade's counts move while goroutines do what is known by construction. Each kind is started
// by its own go statement and needs a stack of a known size: counts GOROUTINES, or counts exit CODE.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
)

var names = []string{
	"/spade/stack/inplace:enabled",
	"/spade/stack/growths:growths",
	"/spade/stack/growths-inplace:growths",
	"/spade/stack/growths-copied:growths",
	"/spade/stack/copied:bytes",
	"/spade/slots/starts:goroutines",
	"/spade/slots/used:slots",
	"/spade/slots/free:slots",
	"/spade/stack/kept:bytes",
	"/spade/slots/reserved:bytes",
}

func main() {
	if os.Args[1] == "exit" {
		code, _ := strconv.Atoi(os.Args[2])
		if code != 0 {
			os.Exit(code)
		}
		return
	}
	n, _ := strconv.Atoi(os.Args[1])
	debug.SetGCPercent(-1) // nothing shrinks
	read()
	c := make(chan int, 1)
	before := read()
	for range n {
		go shallow(c)
		<-c
	}
	show("shallow", before)
	before = read()
	for range n {
		go twice(c)
		<-c
	}
	show("twice", before)
	before = read()
	for range n {
		go sixTimes(c)
		<-c
	}
	show("six", before)
}

//go:noinline
func shallow(c chan int) { c <- 1 }

// twice needs 4 to 7 KB: 2 -> 4 -> 8.
func twice(c chan int) { n := dig(22); c <- n }

// sixTimes needs 66 to 120 KB: 2 -> 4 -> 8 -> 16 -> 32 -> 64 -> 128.
func sixTimes(c chan int) { n := dig(400); c <- n }

// dig has frames of about 240 bytes.
//
//go:noinline
func dig(n int) int {
	var frame [200]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		return 1
	}
	return dig(n-1) + int(frame[n%len(frame)])
}

func read() []uint64 {
	samples := make([]metrics.Sample, len(names))
	for i, name := range names {
		samples[i].Name = name
	}
	metrics.Read(samples)
	values := make([]uint64, len(names))
	for i, s := range samples {
		if s.Value.Kind() != metrics.KindUint64 {
			fmt.Fprintln(os.Stderr, "no metric", s.Name)
			os.Exit(1)
		}
		values[i] = s.Value.Uint64()
	}
	return values
}

func show(what string, before []uint64) {
	after := read()
	fmt.Println(what+"-enabled", after[0])
	fmt.Println(what+"-growths", after[1]-before[1])
	fmt.Println(what+"-inplace", after[2]-before[2])
	fmt.Println(what+"-copied", after[3]-before[3])
	fmt.Println(what+"-bytes", after[4]-before[4])
	fmt.Println(what+"-starts", after[5]-before[5])
	fmt.Println(what+"-reserved", after[8])
}
