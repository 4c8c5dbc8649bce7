// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"strings"
)

// The rules of the claims about checks in prologues, and about page faults in their place. A quick run has no lanes without checks;
// then a rule goes by what stock alone shows, and its verdict is provisional.

const laneFault = "fault"

// checksCost: the parts are, for each package, the share of its instructions that are checks. Those are counts; what a build without
// checks saves of the time is given for the reader, since it lies within what another layout of the code makes.
func checksCost(e *readings) finding {
	var answers []answer
	var shares, times []string
	for _, w := range checkWorkloads {
		if !strings.HasPrefix(w.Name, "Checks/") || w.Bench == "" || w.Slow && !e.has(w.Name, laneStock) {
			continue
		}
		share := e.read(w.Name, laneStock, unitCheckShare)
		answers = append(answers, share.within(0.03, 0.05))
		code := e.read(w.Name, laneStock, unitCheckText).over(e.read(w.Name, laneStock, unitProgramText))
		text := fmt.Sprintf("%s %.1f%% of the instructions and %.1f%% of the code", w.Program, 100*share.mid, 100*code.mid)
		if e.has(w.Name, laneFault) {
			saved := e.read(w.Name, laneFault, unitInstructions).over(e.read(w.Name, laneStock, unitInstructions))
			text += fmt.Sprintf(", without them %.1f%% fewer instructions in all", 100*(1-saved.mid))
		}
		shares = append(shares, text)
	}
	for _, w := range standardWorkloads {
		if e.has(w.Name, laneFault) {
			times = append(times, w.Program+" "+e.read(w.Name, laneStock, unitCPU).over(e.read(w.Name, laneFault, unitCPU)).ratio())
		}
	}
	found := finding{verdict: parts(answers...), value: "checks are, in " + strings.Join(shares, "; ")}
	if found.provisional = len(times) == 0; !found.provisional {
		found.value += "; in CPU time, stock takes as many times what it takes without: " + strings.Join(times, ", ")
	}
	return found
}

// checkPressure: the parts are the ten instructions, and misses of the instruction cache that a build without checks has not.
func checkPressure(e *readings) finding {
	const name, timed = "Checks/indirect", "Chain/indirect"
	per, misses := e.read(name, laneStock, unitPerCheck), e.read(name, laneStock, unitCodeMisses)
	answers := []answer{likeRatio(per, 10)}
	found := finding{
		value: fmt.Sprintf("%.3g instructions a check; checks are %s of %s of code; a call in a chain of indirect ones misses %.3g times",
			per.mid, e.read(name, laneStock, unitCheckText).of("bytes"), e.read(name, laneStock, unitProgramText).of("bytes"), misses.mid),
		provisional: !e.has(name, laneFault),
	}
	if !found.provisional {
		more := misses.over(e.read(name, laneFault, unitCodeMisses))
		answers = append(answers, more.above(1.01))
		found.value += fmt.Sprintf(", %s times as often as without checks, and takes %s times the CPU", more.ratio(),
			e.read(timed, laneStock, unitCPU).over(e.read(timed, laneFault, unitCPU)).ratio())
	}
	found.verdict = parts(answers...)
	return found
}

// faultCosts: a fault through a handler, less the panic and the recovery, against an allocation of 4 KB, of which far more is four times
// as much; and the switches that the kernel counted.
func faultCosts(e *readings) finding {
	const far = 4
	demand := e.read("Faults/demand", laneStock, unitCPU)
	signal := e.read("Faults/signal", laneStock, unitCPU).minus(e.read("Faults/panic", laneStock, unitCPU))
	alloc := e.read("Faults/alloc", laneStock, unitCPU)
	growths := e.read("Deep/4KB", laneCopy, "growths/op")
	copied := e.read("Deep/4KB", laneCopy, unitCPU).minus(e.read("Deep/4KB", laneFloor, unitCPU))
	switches := e.read("Faults/signal", laneStock, "ctxsw/op")
	value := fmt.Sprintf("CPU: a page on demand %s; a fault through Go's handler %s, %.2g context switches", demand.of(unitCPU), signal.of(unitCPU), switches.mid)
	if e.has("Faults/signal", handlerInC.Name) {
		value += fmt.Sprintf(", through one in C that opens the page %s", e.read("Faults/signal", handlerInC.Name, unitCPU).of(unitCPU))
	}
	value += fmt.Sprintf("; 4 KB from the allocator %s; a growth by copying, of Deep/4KB, %s", alloc.of(unitCPU), quantity(copied.mid/max(growths.mid, 1), unitCPU))
	if e.has("Deep/4KB", laneFault) {
		grown := e.read("Deep/4KB", laneFault, unitCPU).minus(e.read("Deep/4KB", laneFloor, unitCPU))
		value += fmt.Sprintf("; going that deep without checks, on a stack that was used before, %s", quantity(max(grown.mid, 0), unitCPU))
	}
	return finding{verdict: parts(signal.over(alloc).above(far), switches.above(4)), value: value}
}

// faultsTold: it does not hold if every kind of fault is told, with stacks that have guards.
func faultsTold(e *readings) finding {
	lane := laneFault
	if !e.has("Guards", lane) {
		lane = laneStock
	}
	told, kinds := e.read("Guards", lane, "told"), e.read("Guards", lane, "kinds")
	found := finding{
		verdict:     fails,
		value:       fmt.Sprintf("of %.0f kinds of faults, %.0f were taken for what they are", kinds.mid, kinds.mid*told.mid),
		provisional: lane != laneFault,
	}
	if told.mid < 1 {
		found.verdict = holds
	}
	return found
}

// reservation: it is too much if the kernel gives no room for all in one mapping.
func reservation(e *readings) finding {
	const goroutines = "Memory/shallow/100000"
	one, many := e.read("Reserve/one", laneStock, "stacks"), e.read("Reserve/many", laneStock, "stacks")
	found := finding{
		verdict: holds,
		value: fmt.Sprintf("one mapping had room for %.0f stacks of 8 MB, a mapping each for %.0f; with a page touched, each holds %s with its page table",
			one.mid, many.mid, e.read("Reserve/one", laneStock, "net-bytes/op").of(unitHeld)),
	}
	if e.has(goroutines, laneFault) {
		of := func(unit string) reading { return e.read(goroutines, laneFault, unit) }
		found.value += fmt.Sprintf("; 100,000 goroutines without checks have %s of address space in %.0f mappings, and each a page table of %s",
			of("reserved-bytes").of(unitHeld), of("mappings").mid, of("net-pagetable-bytes/op").of(unitHeld))
	}
	if one.mid >= 100_000 {
		found.verdict = fails
		if many.mid < 100_000 {
			found.verdict = holdsPartly
		}
	}
	return found
}

// pageStacks: goroutines that need more than 2 KB of stack stand for those that start with a page.
func pageStacks(e *readings) finding {
	const unit, waiting = "net-bytes/op", "Memory/shallow/100000"
	page, small := e.read("Memory/page", laneCopy, unit), e.read(waiting, laneCopy, unit)
	ratio := page.over(small)
	found := finding{
		verdict: likeRatio(ratio, 2).verdict(),
		value:   fmt.Sprintf("%s against %s for each goroutine, %s times", page.of(unit), small.of(unit), ratio.ratio()),
	}
	if e.has(waiting, laneFault) {
		without := e.read(waiting, laneFault, unit)
		found.value += fmt.Sprintf("; without checks %s, of which %s is page table", without.of(unit), e.read(waiting, laneFault, "net-pagetable-bytes/op").of(unit))
	}
	return found
}

// targets: it is portable if it works on most of Go's targets.
func targets(e *readings) finding {
	const name = "Fact/targets"
	all, inPlace, fault := e.read(name, laneStock, "targets"), e.read(name, laneStock, "inplace-targets"), e.read(name, laneStock, "fault-targets")
	found := finding{
		verdict: holds,
		value: fmt.Sprintf("of Go's %.0f targets, stacks grow in place on %.0f and go without checks on %.0f; the others have stock's stacks",
			all.mid, inPlace.mid, fault.mid),
	}
	if fault.mid > all.mid/2 {
		found.verdict = fails
	}
	return found
}

// staleAddress: garbage is anything but the variable's last value.
func staleAddress(e *readings) finding {
	garbage := false
	var said []string
	for _, lane := range []string{laneCopy, laneInPlace, poisonLane.Name, laneFault} {
		if lane == laneFault && !e.has("Stale/ended", lane) {
			continue
		}
		kept := func(situation string) float64 { return 100 * e.read("Stale/"+situation, lane, "kept").mid }
		dead, moved, ended := kept("dead"), kept("moved"), kept("ended")
		garbage = garbage || min(dead, moved, ended) < 99
		said = append(said, fmt.Sprintf("%s %.0f%%, %.0f%%, %.0f%%", lane, dead, moved, ended))
	}
	found := finding{
		verdict: fails,
		value: "what is left where a variable was, after its function has returned, its stack has grown, its goroutine has ended: " +
			strings.Join(said, "; ") + "; nothing crashed",
	}
	if garbage {
		found.verdict = holds
	}
	return found
}
