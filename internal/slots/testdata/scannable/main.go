// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Scannable prints how much stack the collector's pacer believes there is to scan (gcController.maxStackScan, read by linkname; the
// build needs -ldflags=-checklinkname=0), beside the workers' own: when they are deep, and when they have been shrunk again.
package main

import (
	"debug/dwarf"
	"debug/elf"
	"fmt"
	"os"
	"runtime"
	"sync"
	"unsafe"
)

//go:linkname gcController runtime.gcController
var gcController byte

const workers = 500

func main() {
	pacer := (*uint64)(unsafe.Add(unsafe.Pointer(&gcController), offset("runtime.gcControllerState", "maxStackScan")))
	messages := make(chan func())
	var done sync.WaitGroup
	for range workers {
		go func() {
			for bottom := range messages {
				dig(30, bottom)
				done.Done()
			}
		}()
	}
	round := func() (deep uint64) {
		var parked sync.WaitGroup
		leave := make(chan struct{})
		parked.Add(workers)
		done.Add(workers)
		for range workers {
			messages <- func() { parked.Done(); <-leave }
		}
		parked.Wait()
		deep = *pacer
		close(leave)
		done.Wait()
		runtime.GC() // shrinks what is idle now
		runtime.GC()
		return deep
	}
	round()
	rest := *pacer
	for range 5 {
		round()
	}
	deep := round()
	fmt.Println("deep", int64(deep-rest)/workers)
	fmt.Println("rest", int64(*pacer-rest)/workers)
}

// offset returns where a field of a struct type is, by this program's own debugging information.
func offset(typ, field string) int64 {
	file, err := elf.Open("/proc/self/exe")
	check(err)
	info, err := file.DWARF()
	check(err)
	for r, inside := info.Reader(), false; ; {
		entry, err := r.Next()
		check(err)
		if entry == nil {
			panic("no field " + field + " of " + typ)
		}
		name, _ := entry.Val(dwarf.AttrName).(string)
		switch {
		case entry.Tag == dwarf.TagStructType:
			inside = name == typ
		case inside && entry.Tag == dwarf.TagMember && name == field:
			return entry.Val(dwarf.AttrDataMemberLoc).(int64)
		}
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

//go:noinline
func dig(n int, bottom func()) int {
	var frame [400]byte
	frame[n%len(frame)] = 1
	if n == 0 {
		bottom()
		return int(frame[0])
	}
	return dig(n-1, bottom) + int(frame[n%len(frame)])
}
