// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package fault

import (
	"os"
	"runtime/debug"
	"syscall"
	"testing"
)

// Advice of madvise, Linux 6.13.
const (
	guardInstall = 102
	guardRemove  = 103
)

// faults reports whether reading b is a fault.
func faults(b *byte) (fault bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { fault = recover() != nil }()
	sink = *b
	return false
}

var sink byte

// TestGuard: what the runtime of fault builds relies on in the kernel. A guard takes the pages, makes each use a fault, outlives that
// the pages around it are given back, and goes when it is told to.
func TestGuard(t *testing.T) {
	page := os.Getpagesize()
	mem, err := syscall.Mmap(-1, 0, 8*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Munmap(mem)
	for i := range mem {
		mem[i] = 1
	}
	guard := mem[2*page : 4*page]
	if err := syscall.Madvise(guard, guardInstall); err == syscall.EINVAL {
		t.Skip("skipped: this kernel has no MADV_GUARD_INSTALL")
	} else if err != nil {
		t.Fatal(err)
	}
	check := func(when string, want bool) {
		t.Helper()
		for _, b := range []*byte{&guard[0], &guard[len(guard)-1]} {
			if got := faults(b); got != want {
				t.Errorf("%s: a use of the guard faults: %v, want %v", when, got, want)
			}
		}
	}
	check("installed", true)
	if faults(&mem[2*page-1]) || faults(&mem[4*page]) {
		t.Error("a use of what is beside the guard is a fault")
	}
	if err := syscall.Madvise(mem, syscall.MADV_DONTNEED); err != nil {
		t.Fatal(err)
	}
	check("pages given back", true)
	if mem[0] != 0 {
		t.Error("a page that was given back is not zero")
	}
	if err := syscall.Madvise(guard, guardRemove); err != nil {
		t.Fatal(err)
	}
	check("removed", false)
	if guard[0] != 0 {
		t.Error("a page that was a guard is not zero")
	}
}
