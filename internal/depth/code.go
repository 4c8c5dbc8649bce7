// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"debug/elf"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spadego/spade/internal/pclntab"
)

// A place is a line of source.
type place struct {
	file string
	line int
}

// A function is one function of the binary.
type function struct {
	pclntab.Func
	file  string // where it starts
	frame int64  // how far the stack pointer goes below its place on entry, in bytes
	// The prologue asks for more stack if less than the guard is left below the place of the stack pointer on entry minus checks.
	checks    bool
	checked   int64
	calls     []call
	unsettled string // why the stack pointer's place is not known everywhere
}

func (f *function) start() place { return place{f.file, f.StartLine} }

// A call is one instruction that gives control to another function.
type call struct {
	at     place
	pc     uint64 // offset from the function's entry
	height int64  // how far the stack pointer of the callee is on entry below that of the caller on entry, in bytes
	target int    // number of the function, or unknownTarget
}

const unknownTarget = -1

// A code is all functions of a binary, with what calls what directly.
type code struct {
	text      *pclntab.Text
	functions []function
	byName    map[string][]int
	byStart   map[place][]int
}

func newCode(text *pclntab.Text) *code {
	return &code{text: text, functions: make([]function, text.Len()), byName: map[string][]int{}, byStart: map[place][]int{}}
}

// read reads every function.
func (c *code) read() error {
	if err := c.each(func(f *function, i int) (err error) {
		if f.Func, err = c.text.Func(i); err != nil {
			return err
		}
		if f.frame, err = f.MaxDelta(); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		f.file = f.File()
		return nil
	}); err != nil {
		return err
	}
	for i := range c.functions {
		c.byName[c.functions[i].Name] = append(c.byName[c.functions[i].Name], i)
	}
	for i := range c.functions {
		f := &c.functions[i]
		if f.file == "" { // a wrapper, all of whose code was inlined: it is where the function is that it was written for
			if around := c.byName[f.Name[:max(0, strings.LastIndexByte(f.Name, '.'))]]; len(around) > 0 {
				f.file = c.functions[around[0]].file
			}
		}
		if f.file != "" { // a function of C has no place
			c.byStart[f.start()] = append(c.byStart[f.start()], i)
		}
	}
	return c.each(func(f *function, _ int) error {
		c.readCalls(f)
		return nil
	})
}

// each calls do for all functions, on all processors. It returns the error of the first function that has one.
func (c *code) each(do func(f *function, i int) error) error {
	const chunk = 1024
	var next atomic.Int64
	errs := make([]error, len(c.functions)/chunk+1)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(errs) {
					return
				}
				for i := n * chunk; i < min((n+1)*chunk, len(c.functions)) && errs[n] == nil; i++ {
					errs[n] = do(&c.functions[i], i)
				}
			}
		})
	}
	workers.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// smallFrame is how far the stack pointer may go below the guard without a check (abi.StackSmall).
const smallFrame = 128

// readCalls finds the calls in f's code, and checks that the stack pointer moves as the table says.
func (c *code) readCalls(f *function) {
	if f.End > uint64(len(c.text.Code)) {
		f.unsettled = "its code lies outside of the text"
		return
	}
	decode, x86 := machineOf(c.text.Machine), c.text.Machine == elf.EM_X86_64
	sp, places := f.SP(), f.Places()
	starts := map[uint64]bool{}
	var inner []uint64
	if f.MovesSP {
		f.unsettled = "it gives the stack pointer a new value"
	}
	for pc := f.Entry; pc < f.End; {
		i, ok := decode(c.text.Code[pc:f.End], pc)
		if !ok {
			f.unsettled = fmt.Sprintf("the instruction at +%#x is not known", pc-f.Entry)
			return
		}
		starts[pc] = true
		height, known := sp.At(pc - f.Entry)
		if !known {
			if f.unsettled == "" && i.flow != goesOn && i.flow != stops {
				f.unsettled = "the table does not tell its frame"
			}
			height = 0
		}
		next := pc + uint64(i.size)
		if x86 && known && f.unsettled == "" {
			f.unsettled = c.checkSP(f, i, height, next, sp)
		}
		switch {
		case i.direct && i.flow != calls && i.target >= f.Entry && i.target < f.End:
			inner = append(inner, i.target)
		case i.flow == calls, i.flow == jumps, i.flow == branches && i.direct:
			c.addCall(f, i, height, pc-f.Entry, places)
		}
		pc = next
	}
	for _, target := range inner {
		if !starts[target] && f.unsettled == "" {
			f.unsettled = "it jumps into the middle of an instruction"
		}
	}
}

// checkSP says what is wrong if the table has another height after the instruction i than the instruction makes it.
func (c *code) checkSP(f *function, i instruction, height int64, next uint64, sp *pclntab.Cursor) string {
	switch {
	case i.movesSP:
		return "it gives the stack pointer a new value"
	case i.flow == stops, i.flow == jumps, i.flow == switches, next >= f.End:
		return ""
	}
	after, ok := sp.At(next - f.Entry)
	if ok && i.nop && after == 0 {
		return "" // between a call that never returns and the call of morestack, at the end of the function
	}
	if ok && after != height+i.push {
		return fmt.Sprintf("at +%#x the stack pointer moves by %d bytes, in the table by %d", next-f.Entry, i.push, after-height)
	}
	return ""
}

func (c *code) addCall(f *function, i instruction, height int64, pc uint64, places *pclntab.Places) {
	target := unknownTarget
	if i.direct {
		found, ok := c.text.Find(i.target)
		if !ok {
			f.unsettled = fmt.Sprintf("it calls what is no function at +%#x", pc)
			return
		}
		target = found
		if asksForStack(c.functions[target].Name) && !asksForStack(f.Name) {
			f.checks, f.checked = true, max(0, f.frame-smallFrame)
			f.frame = max(f.frame, c.text.ReturnAddress) // what the call leaves
			return
		}
	}
	if i.flow == calls {
		height += c.text.ReturnAddress
	}
	file, line := places.At(pc)
	f.calls = append(f.calls, call{place{file, line}, pc, height, target})
}

// calledByC reports whether C code may call Go functions: those that are exported to it, those of a plugin, or any that assembly gives to
// crosscall2. Without, it has the address of none.
func (c *code) calledByC() bool {
	if len(c.byName["runtime.cgocallback"]) == 0 || len(c.byName["_cgo_topofstack"]) == 0 {
		return false
	}
	return c.opensPlugins() || slices.ContainsFunc(c.functions, func(f function) bool {
		return strings.HasPrefix(f.Name, "_cgoexp_") || f.Assembly && f.Name != "crosscall2_trampoline" && slices.ContainsFunc(f.calls, func(call call) bool {
			return call.target != unknownTarget && c.functions[call.target].Name == "crosscall2"
		})
	})
}

// opensPlugins reports whether the program may load code that was not linked into it.
func (c *code) opensPlugins() bool { return len(c.byName["plugin.open"]) > 0 }

// calledByAssembly returns where the functions start that assembly calls by name.
func (c *code) calledByAssembly() []place {
	var places []place
	for i := range c.functions {
		if !c.functions[i].Assembly {
			continue
		}
		for _, call := range c.functions[i].calls {
			if call.target != unknownTarget && !c.functions[call.target].Assembly {
				places = append(places, c.functions[call.target].start())
			}
		}
	}
	return places
}

// written returns where the functions start that are written in Go and have the name.
func (c *code) written(name string) []place {
	var places []place
	for _, i := range c.byName[name] {
		if f := &c.functions[i]; !f.Assembly && f.file != autogenerated {
			places = append(places, f.start())
		}
	}
	return places
}
