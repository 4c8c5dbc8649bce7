// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Maxstack grows stacks that are unlike others: maxstack MODE [LIMIT-KB DEPTH].
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
)

func main() {
	switch os.Args[1] {
	case "overflow": // a fresh kind outgrows the limit
		debug.SetMaxStack(number(2) << 10)
		in(func() { dig(number(3)) })
	case "learned": // a kind that starts on a large stack outgrows a limit set later, every time it could
		for range 2000 {
			deep(number(3))
		}
		debug.SetMaxStack(number(2) << 10)
		deep(number(3))
		fmt.Println("survived 1")
	case "deep": // DEPTH frames in a new goroutine, then twice that in another
		for _, n := range []int{number(2), 2 * number(2)} {
			in(func() { check(dig(n), n+1) })
		}
		fmt.Println("ok 1")
	case "frames": // single frames larger than every class, alone and after others
		for range 40 {
			in(func() { check(frame5M(0), 2) })
			in(func() { check(frame70K(0), 2) })
			in(func() { dig(20); check(frame300K(0), 2); check(frame5M(0), 2) })
			in(func() { check(dig(100), 101); check(frame70K(0), 2) })
		}
		fmt.Println("ok 1")
	}
}

// in runs f in a goroutine of its own, and waits.
func in(f func()) {
	c := make(chan bool)
	go func() { defer close(c); f() }()
	<-c
}

func deep(n int) {
	c := make(chan int)
	go func() { c <- dig(n) }()
	<-c
}

func check(got, want int) {
	if got != want {
		fmt.Fprintf(os.Stderr, "counted %d frames, want %d\n", got, want)
		os.Exit(1)
	}
}

//go:noinline
func dig(n int) int {
	var frame [480]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		return 1
	}
	return dig(n-1) + int(frame[n%len(frame)])
}

//go:noinline
func frame70K(i int) int {
	var frame [70 << 10]byte
	frame[i], frame[len(frame)-1] = 1, 1
	dig(3)
	return int(frame[i]) + int(frame[len(frame)-1])
}

//go:noinline
func frame300K(i int) int {
	var frame [300 << 10]byte
	frame[i], frame[len(frame)-1] = 1, 1
	dig(3)
	return int(frame[i]) + int(frame[len(frame)-1])
}

//go:noinline
func frame5M(i int) int {
	var frame [5 << 20]byte
	frame[i], frame[len(frame)-1] = 1, 1
	dig(3)
	return int(frame[i]) + int(frame[len(frame)-1])
}

func number(i int) int {
	n, err := strconv.Atoi(os.Args[i])
	if err != nil {
		panic(err)
	}
	return n
}
