// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build linux

// Reserve asks for 8 MB of address space for each of many stacks, without
// access rights until they are used, and touches the top page of each.
//
//	one    in one mapping
//	many   in a mapping for each
//
// stacks is how many there was room for: the kernel limits the number of
// mappings. The time is that of reserving and touching.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"syscall"

	"github.com/spadego/spade/lab/internal/sample"
)

const stack = 8 << 20

func main() {
	which := flag.String("mode", "one", "one or many")
	n := flag.Int("n", 100_000, "stacks")
	flag.Parse()
	reserve, found := map[string]func(int) (int, error){"one": oneMapping, "many": manyMappings}[*which]
	if !found {
		fmt.Fprintf(os.Stderr, "reserve: no mode %q: use one or many\n", *which)
		os.Exit(2)
	}
	if err := measure(*which, *n, reserve); err != nil {
		fmt.Fprintf(os.Stderr, "reserve: %v\n", err)
		os.Exit(1)
	}
}

func measure(mode string, n int, reserve func(int) (int, error)) error {
	before, err := sample.Look()
	if err != nil {
		return err
	}
	stretch := sample.Begin()
	stacks, err := reserve(n)
	if err != nil {
		return err
	}
	after, err := sample.Look()
	if err != nil {
		return err
	}
	stretch.End(os.Stdout, "Reserve/"+mode, n,
		sample.Figure{Value: float64(stacks), Unit: "stacks"},
		sample.Figure{Value: float64(stacks) * stack, Unit: "reserved-bytes"},
		sample.Figure{Value: float64(after.Held()-before.Held()) / float64(max(stacks, 1)), Unit: "net-bytes/op"},
		sample.Figure{Value: float64(after.Mappings - before.Mappings), Unit: "mappings"})
	return nil
}

func oneMapping(n int) (stacks int, err error) {
	memory, err := syscall.Mmap(-1, 0, n*stack, syscall.PROT_READ|syscall.PROT_WRITE, flags)
	if errors.Is(err, syscall.ENOMEM) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reserving %d stacks: %w", n, err)
	}
	const noHugePages = 15 // MADV_NOHUGEPAGE
	_ = syscall.Madvise(memory, noHugePages)
	for i := range n {
		memory[(i+1)*stack-1] = 1
	}
	return n, nil
}

const flags = syscall.MAP_PRIVATE | syscall.MAP_ANON | syscall.MAP_NORESERVE

// manyMappings gives every second stack other rights, since the kernel joins
// mappings that lie side by side and are alike: so it is with guard pages.
func manyMappings(n int) (stacks int, err error) {
	for i := range n {
		rights := syscall.PROT_READ | syscall.PROT_WRITE
		if i%2 == 1 {
			rights |= syscall.PROT_EXEC
		}
		memory, err := syscall.Mmap(-1, 0, stack, rights, flags)
		if errors.Is(err, syscall.ENOMEM) {
			return i, nil
		}
		if err != nil {
			return i, fmt.Errorf("reserving stack %d: %w", i, err)
		}
		memory[stack-1] = 1
	}
	return n, nil
}
