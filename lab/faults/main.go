// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build unix

// Faults takes apart what growing a stack by page faults would cost:
//
//	demand   the first touch of a page, which the kernel serves alone
//	signal   a touch of a page without access, which the kernel turns into a
//	         signal, the runtime's handler into a panic, and the program recovers
//	panic    the same panic without the fault, to be taken off signal
//	alloc    allocating and clearing 4 KB, as the runtime's allocator does it
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"syscall"
	"unsafe"

	"github.com/spadego/spade/lab/internal/sample"
)

func main() {
	which := flag.String("mode", "demand", "demand, signal, panic or alloc")
	n := flag.Int("n", 100_000, "faults, panics or allocations")
	flag.Parse()
	run, found := map[string]func(int) error{"demand": demand, "signal": signals, "panic": panics, "alloc": allocations}[*which]
	if !found {
		fmt.Fprintf(os.Stderr, "faults: no mode %q: use demand, signal, panic or alloc\n", *which)
		os.Exit(2)
	}
	err := run(min(*n, 1000))
	stretch := sample.Begin()
	if err == nil {
		err = run(*n)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "faults: %v\n", err)
		os.Exit(1)
	}
	stretch.End(os.Stdout, "Faults/"+*which, *n)
}

// demand touches n fresh pages, a few thousand to a mapping.
func demand(n int) error {
	const most = 4096
	page := os.Getpagesize()
	for n > 0 {
		pages := min(n, most)
		memory, err := syscall.Mmap(-1, 0, pages*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
		if err != nil {
			return fmt.Errorf("mapping %d pages: %w", pages, err)
		}
		smallPages(memory)
		for i := range pages {
			memory[i*page] = 1
		}
		if err := syscall.Munmap(memory); err != nil {
			return fmt.Errorf("unmapping: %w", err)
		}
		n -= pages
	}
	return nil
}

func signals(n int) error {
	memory, err := syscall.Mmap(-1, 0, os.Getpagesize(), syscall.PROT_NONE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		return fmt.Errorf("mapping a page without access: %w", err)
	}
	defer syscall.Munmap(memory)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	for range n {
		if !recovers(func() { read(unsafe.SliceData(memory)) }) {
			return fmt.Errorf("reading a page without access raised no fault")
		}
	}
	return nil
}

//go:noinline
func read(p *byte) byte { return *p }

func panics(n int) error {
	for range n {
		if !recovers(func() { panic("as after a fault") }) {
			return fmt.Errorf("a panic was not seen")
		}
	}
	return nil
}

// recovers reports whether f panics.
func recovers(f func()) (panicked bool) {
	defer func() { panicked = recover() != nil }()
	f()
	return false
}

var sink []byte

func allocations(n int) error {
	for range n {
		sink = make([]byte, 4096)
	}
	return nil
}
