// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"strings"
)

// The rules of the claims that samples decide, in the order of the claims. Each says what it takes for which verdict. What an
// article gives as a time is taken to hold within a factor of two, since its machine is not known; ratios and counts within a third.

// likeRatio answers whether a ratio or a count is the one that is claimed.
func likeRatio(r reading, claimed float64) answer { return r.within(claimed*0.75, claimed/0.75) }

// deferredRecursion: the counts are exact, so nothing is undecided.
func deferredRecursion(e *readings) finding {
	const name = "Defers/recursion/256"
	level, first := e.read(name, laneCopy, "level-bytes"), e.read(name, laneCopy, "first-growth")
	growths := e.read(name, laneCopy, "growths/op").in(1000.0 / 256)
	loop := e.read("Defers/loop/256", laneCopy, "growths/op")
	return finding{
		verdict: parts(likeRatio(level, 48), likeRatio(first, 42), likeRatio(growths, 3.7), likeRatio(growths, 37.1)),
		value: fmt.Sprintf("%.0f bytes a level, first growth at %.0f levels, %.3g growths in 1,000 calls on new goroutines; the loop %.3g for each goroutine",
			level.mid, first.mid, growths.mid, loop.mid),
	}
}

// copiesInPlace: it does not hold if spade's stacks grow and hardly copy.
func copiesInPlace(e *readings) finding {
	const unit = "copied-bytes/op"
	copied, inPlace := e.read("Deep/128KB", laneCopy, unit), e.read("Deep/128KB", laneInPlace, unit)
	found := finding{
		verdict: fails,
		value:   fmt.Sprintf("a goroutine that goes 128 KB deep copies %s as in stock and %s in place", copied.of(unitHeld), inPlace.of(unitHeld)),
	}
	if inPlace.mid > copied.mid/10 {
		found.verdict = holds
	}
	return found
}

// startCost: the parts are the mean of 100 ns, that of 20 ns, and the two percentiles.
func startCost(e *readings) finding {
	mean := e.read("Shallow/spawn", laneStock, unitCPU)
	half, most := e.read("Spawn/latency", laneStock, "p50-sec"), e.read("Spawn/latency", laneStock, "p99-sec")
	quiet := e.read("Spawn/latency", "quiet", "p50-sec")
	return finding{
		verdict: parts(mean.about(100e-9), mean.about(20e-9), half.about(128e-9), most.about(310e-9)),
		value: fmt.Sprintf("start and end in batches %s of CPU; one at a time P50 %s, P99 %s; P50 %s without garbage collection",
			mean.of(unitCPU), half.of(unitWall), most.of(unitWall), quiet.of(unitWall)),
	}
}

func switchCost(e *readings) finding {
	yield := e.read("Shallow/gosched", laneStock, unitWall)
	memory := e.read("Memory/shallow/100000", laneCopy, "net-bytes/op")
	generator := e.read("Languages/switch", "python", unitWall)
	return finding{
		verdict: parts(yield.about(19e-9), memory.about(2100), generator.about(83e-9), yes),
		value: fmt.Sprintf("a Gosched %s, a goroutine %s, a CPython generator's step %s; no barrier in the code for a store to the stack",
			yield.of(unitWall), memory.of(unitHeld), generator.of(unitWall)),
	}
}

// startAgainstThreads: the parts are that a goroutine is cheaper than what each language has, of those that were there, and that
// a CPython thread takes 300–800 ns. Threads of Java and Rust are given for the reader.
func startAgainstThreads(e *readings) finding {
	const name = "Languages/start"
	ours := e.read(name, laneStock, unitWall)
	var answers []answer
	var said []string
	for _, lane := range []string{"c", "lua", "python", "java-virtual", "java", "rust", "rust-async"} {
		if c := e.sheet.cells[name][lane]; c == nil || len(c.values[unitWall]) == 0 {
			continue
		}
		other := e.read(name, lane, unitWall)
		said = append(said, lane+" "+other.of(unitWall))
		switch lane {
		case "java", "rust":
			continue
		case "python":
			answers = append(answers, other.within(300e-9/machines, 800e-9*machines))
		}
		answers = append(answers, other.over(ours).above(1))
	}
	if len(said) == 0 {
		e.lack("no samples of " + name + " in another language")
		return finding{}
	}
	return finding{verdict: parts(answers...), value: fmt.Sprintf("a goroutine's start and end %s; %s", ours.of(unitWall), strings.Join(said, ", "))}
}

func additions(e *readings) finding {
	const name, n = "Languages/add", 10e6
	python, ours := e.read(name, "python", unitCPU).in(n), e.read(name, laneStock, unitCPU).in(n)
	return finding{
		verdict: parts(python.about(0.182), ours.about(0.0041)),
		value:   fmt.Sprintf("CPython %s, Go %s, %s times", python.of(unitWall), ours.of(unitWall), python.over(ours).ratio()),
	}
}

// queues: the parts are the two ratios of throughput, and the order of the 99th percentiles.
func queues(e *readings) finding {
	mutex, plain, buffered := e.read("Queue/mutex", laneStock, unitWall), e.read("Queue/unbuffered", laneStock, unitWall), e.read("Queue/buffered", laneStock, unitWall)
	late := func(name string) reading { return e.read("Queue/"+name, laneStock, "p99-sec") }
	return finding{
		verdict: parts(likeRatio(mutex.over(plain), 1.74), likeRatio(mutex.over(buffered), 2.35),
			late("mutex").over(late("unbuffered")).above(1), late("unbuffered").over(late("buffered")).above(1)),
		value: fmt.Sprintf("throughputs are 1 : %s : %s; P99 %s, %s, %s", mutex.over(plain).ratio(), mutex.over(buffered).ratio(),
			late("mutex").of(unitWall), late("unbuffered").of(unitWall), late("buffered").of(unitWall)),
	}
}

// fairness: of four cases each should have a quarter.
func fairness(e *readings) finding {
	least := e.read("Channel/fair", laneStock, "least-share")
	return finding{
		verdict: least.above(0.2).verdict(),
		value:   fmt.Sprintf("of four cases that were always ready, the least chosen had %.1f%%", 100*least.mid),
	}
}

// readingStacks: no function has the name; what reads stacks is given for the reader.
func readingStacks(e *readings) finding {
	took := func(name string) string { return e.read("Stacks/"+name, laneStock, "p50-sec").of(unitWall) }
	return finding{
		verdict: fails,
		value: fmt.Sprintf("there is no such function; with GOMAXPROCS 1, 8, 64 runtime.Stack of oneself takes %s, %s, %s; with 1 and 64, of 100 goroutines %s and %s, a collection with 1,000 stacks of 16 KB %s and %s",
			took("self/1"), took("self/8"), took("self/64"), took("all/1"), took("all/64"), took("scan/1"), took("scan/64")),
	}
}

// pauses: in milliseconds is less than ten of them, 99 times in 100.
func pauses(e *readings) finding {
	most, longest := e.read("Pauses", laneStock, "p99-sec"), e.read("Pauses", laneStock, "longest-sec")
	return finding{
		verdict: most.within(0, 10e-3).verdict(),
		value:   fmt.Sprintf("P99 %s, the longest %s", most.of(unitWall), longest.of(unitWall)),
	}
}

// startStages: the parts are the shares of the three stages, and the global queue, which has a lock. A goroutine's status changes three
// times between its start and its end; the claim is about the first.
func startStages(e *readings) finding {
	stage := func(name string) reading { return e.read("Stages/"+name, laneStock, unitWithin) }
	get, status, push := stage("get"), stage("status").in(1.0/3), stage("push")
	const claimed = 42 + 18 + 67
	all := get.mid + status.mid + push.mid
	return finding{
		verdict: parts(likeRatio(get.in(1/all), 42.0/claimed), likeRatio(status.in(1/all), 18.0/claimed), likeRatio(push.in(1/all), 67.0/claimed), no),
		value: fmt.Sprintf("of %.0f instructions that make a goroutine ready, getting it takes %.0f, a change of status %.0f; the push %.0f more, and the global queue is under a lock",
			stage("newproc1").mid, get.mid, status.mid, push.mid),
	}
}

// cacheMisses: the parts are that channels miss more, and the two shares.
func cacheMisses(e *readings) finding {
	channel, spawn := e.read("Caches/channel", laneStock, unitMissShare), e.read("Caches/spawn", laneStock, unitMissShare)
	return finding{
		verdict: parts(channel.over(spawn).above(1), likeRatio(channel, 0.18), likeRatio(spawn, 0.0716)),
		value:   fmt.Sprintf("of the data accesses %.3g%% miss in a handoff and %.3g%% in a start and exit, in a simulated cache", 100*channel.mid, 100*spawn.mid),
	}
}

// frameSums: it predicts a frame if it comes within a third of it, for most functions.
func frameSums(e *readings) finding {
	const name = "Fact/allocsizes"
	all, near := e.read(name, laneStock, "functions"), e.read(name, laneStock, "predicted-share")
	return finding{
		verdict: near.above(0.5).verdict(),
		value: fmt.Sprintf("of %.0f functions of encoding/json, %.0f%% have a frame within a third of the sum, which is %s times the frame in the median",
			all.mid, 100*near.mid, e.read(name, laneStock, "median-ratio").ratio()),
	}
}
