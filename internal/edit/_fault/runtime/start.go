// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "internal/runtime/exithook"

// spadeReport: print the counts at exit.
var spadeReport bool

// spadeInit reads GOSPADE and reserves the slots. schedinit calls it once GODEBUG is read, while there is one goroutine and no
// user code. A program without checks can't do without slots: where it can't have them it ends.
func spadeInit() {
	settings := gogetenv("GOSPADE")
	for settings != "" {
		var field string
		field, settings = spadeCut(settings, ',')
		key, value := spadeCut(field, '=')
		switch {
		case field == "" || field == "stacks=fault":
		case key == "stacks":
			print("spade: GOSPADE: stacks=", value, " ignored; this program was built with -stacks=fault and has no other stacks\n")
		case key == "report" && (value == "" || value == "0" || value == "1"):
			spadeReport = value != "0"
		case key == "slot":
			if span := spadeSize(value); span >= slotSpanMin && span <= slotSpanMax && span&(span-1) == 0 {
				slotSpan = span
			} else {
				print("spade: GOSPADE: slot=", value, " ignored; it can be a power of two from 2m to 1024m\n")
			}
		default:
			print("spade: GOSPADE: unknown setting ", field, ", ignored; known are slot and report\n")
		}
	}
	if debug.asyncpreemptoff == 1 { // 2 is for simulators of processors, which may not know signals
		print("spade: GODEBUG: asyncpreemptoff=1 ignored; without stack checks, signals are what stops a goroutine\n")
		debug.asyncpreemptoff = 0
	}
	if physPageSize != guardPage {
		spadeRefuse("pages of 4096 bytes")
	}
	if errno := slotReserve(); errno != 0 {
		spadeRefuse("address space, which the kernel refuses; see ulimit -v, ulimit -d and vm.overcommit_memory")
	}
	if !guardSet(slotAreas[slotDense].base, guardPage) {
		spadeRefuse("MADV_GUARD_INSTALL, which Linux has from version 6.13 on")
	}
	if len(spadeMarker) == 0 {
		throw("no spade marker") // never: a use, so that the linker keeps the string
	}
}

// spadeRefuse ends the program, which needs what.
func spadeRefuse(what string) {
	print("spade: this program was built with -stacks=fault and needs ", what, "\n")
	exit(2)
}

// spadeMain starts what needs a running scheduler. runtime.main calls it once, before package initialisation.
func spadeMain() {
	if spadeReport {
		exithook.Add(exithook.Hook{F: spadePrintReport, RunOnFailure: true})
	}
}

// spadePrintReport prints the counts on standard error, for GOSPADE=report=1.
func spadePrintReport() {
	c := &guardCounts
	dense, wide := &slotAreas[slotDense], &slotAreas[slotWide]
	print("spade: stacks=fault, slots of ", slotSpan, " bytes\n",
		"spade: guards hit ", c.hits.Load(), ": ", c.extended.Load(), " moved down, ", c.opened.Load(), " opened; checks: ",
		c.checked.Load(), " extended, ", c.moved.Load(), " moved; ", c.trimmed.Load(), " stacks trimmed\n",
		"spade: slots ", dense.used, " dense (at most ", dense.most, " of ", dense.count, "), ",
		wide.used, " wide (at most ", wide.most, " of ", wide.count, "); ", dense.size+wide.size, " bytes reserved\n")
}

// spadeCut splits s around the first sep. Without one, after is empty.
func spadeCut(s string, sep byte) (before, after string) {
	for i := range len(s) {
		if s[i] == sep {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// spadeSize returns a number of bytes such as 8m, or 0 if s is none.
func spadeSize(s string) uintptr {
	if s == "" || s[len(s)-1] != 'm' && s[len(s)-1] != 'M' {
		return 0
	}
	n := uintptr(0)
	for _, c := range s[:len(s)-1] {
		if c < '0' || c > '9' || n > slotSpanMax {
			return 0
		}
		n = n*10 + uintptr(c-'0')
	}
	return n << 20
}
