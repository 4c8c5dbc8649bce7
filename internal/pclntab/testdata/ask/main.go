// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Ask reads program counters of its own code, in hexadecimal, one to a line, and prints what the runtime says of each: how far the stack
// pointer is below its place on entry, and function, file and line.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"unsafe"
)

type funcInfo struct{ function, module unsafe.Pointer }

//go:linkname findfunc runtime.findfunc
func findfunc(pc uintptr) funcInfo

//go:linkname funcspdelta runtime.funcspdelta
func funcspdelta(f funcInfo, pc uintptr) int32

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var pc uintptr
		if _, err := fmt.Sscanf(in.Text(), "%x", &pc); err != nil {
			panic(err)
		}
		f := runtime.FuncForPC(pc)
		file, line := f.FileLine(pc)
		fmt.Fprintf(out, "%d %s %s:%d\n", funcspdelta(findfunc(pc), pc), f.Name(), file, line)
	}
}
