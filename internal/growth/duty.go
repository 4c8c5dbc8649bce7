// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import "strings"

// A duty is what a function of package runtime means when it is on a call stack.
type duty int

const (
	none duty = iota
	grows
	shrinks
	preempts
	allocating
	moves
	unwinds
	inSlot
)

// duties names the functions of the runtime that tell what is going on, in all supported releases of stock Go and on spade's
// runtime. Those that copystack calls to walk and adjust need no entry: under copystack, all that is not another duty is unwinding.
var duties = map[string]duty{
	"runtime.newstack":          grows,
	"runtime.morestack":         grows,
	"runtime.morestack_noctxt":  grows,
	"runtime.morestackc":        grows,
	"runtime.shrinkstack":       shrinks,
	"runtime.gopreempt_m":       preempts,
	"runtime.preemptPark":       preempts,
	"runtime.asyncPreempt":      preempts,
	"runtime.asyncPreempt2":     preempts,
	"runtime.copystack":         unwinds,
	"runtime.memmove":           moves,
	"runtime.stackalloc":        allocating,
	"runtime.stackfree":         allocating,
	"runtime.stackcacherefill":  allocating,
	"runtime.stackcacherelease": allocating,
	"runtime.stackcache_clear":  allocating,
	"runtime.stackpoolalloc":    allocating,
	"runtime.stackpoolfree":     allocating,
	"runtime.freeStackSpans":    allocating,
	"runtime.slotStackalloc":    allocating,
	"runtime.slotStackfree":     allocating,
	"runtime.slotAlloc":         allocating,
	"runtime.slotFree":          allocating,
	"runtime.slotGrow":          inSlot,
	"runtime.slotShrink":        inSlot,
}

// onSpade reports whether name is a function that only spade's runtime has.
func onSpade(name string) bool {
	rest, found := strings.CutPrefix(name, "runtime.")
	if !found {
		return false
	}
	switch rest {
	case "stackGet", "stackGot", "stackPut", "stackPutLearned", "stackStart", "stackReuse", "stackSpill", "stackFetch", "kindEnded",
		"kindAdvice", "slotGrow", "slotShrink", "slotAlloc", "slotFree", "slotStackalloc", "slotStackfree", "slotSweep", "slotSweepForever":
		return true
	}
	return false
}

// wrappers start goroutines for others: they are the entry of every goroutine that is started through them, so the function that
// they call is charged instead.
var wrappers = map[string]bool{
	"sync.(*WaitGroup).Go.func1":                      true,
	"golang.org/x/sync/errgroup.(*Group).Go.func1":    true,
	"golang.org/x/sync/errgroup.(*Group).TryGo.func1": true,
	"runtime.corostart":                               true,
	"iter.Pull[...].func1":                            true,
	"iter.Pull2[...].func1":                           true,
	"testing.tRunner":                                 true,
}

// isGoWrapper reports whether name is a function that the compiler made of a go statement with arguments. It starts at the line of
// that statement.
func isGoWrapper(name string) bool {
	i := strings.LastIndex(name, ".gowrap")
	return i >= 0 && strings.Trim(name[i+len(".gowrap"):], "0123456789") == ""
}

// entryOf returns the function that stands for the goroutine's entry: the outermost one, or what a wrapper there calls. calls is
// not empty.
func entryOf(calls []call) function {
	i := len(calls) - 1
	site := calls[i]
	for i > 0 && (wrappers[calls[i].name] || isGoWrapper(calls[i].name)) && duties[calls[i-1].name] == none {
		site = calls[i]
		i--
		if wrappers[site.name] {
			site = calls[i]
		}
	}
	return function{calls[i].name, site.file, site.start}
}

// isSystem reports whether goroutines that enter at the function name belong to the runtime.
func isSystem(name string) bool {
	return strings.HasPrefix(name, "runtime.") && name != "runtime.main" && name != "runtime.corostart"
}

// isOffGoroutine reports whether an outermost function is one of the scheduler's own stack, not of a goroutine.
func isOffGoroutine(name string) bool {
	if duties[name] != none {
		return true
	}
	switch name {
	case "runtime.mcall", "runtime.systemstack", "runtime.systemstack_switch", "runtime.mstart", "runtime.mstart0", "runtime.mstart1",
		"runtime.rt0_go", "runtime.goschedguarded_m", "runtime.schedule", "runtime._System", "runtime._GC", "runtime._VDSO",
		"runtime._ExternalCode", "runtime._LostExternalCode", "runtime._LostSIGPROFDuringAtomic64", "gogo", "runtime.gogo":
		return true
	}
	return false
}
