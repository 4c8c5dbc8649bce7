// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

// topics are claims that are looked at together, by the name that spade lab run takes.
var topics = map[string][]string{"fault": {"C01", "C02", "C03", "C04", "C05", "C06", "C07", "C12"}}

// claims are the statements, each with what decides it. The rules that read samples are in rules.go.
var claims = []claim{
	// Stack growth.
	{
		id: "C01", from: "A", text: "The checks in function prologues cost real programs 3–5% of their time; others say less.",
		by: []string{
			"Checks/json", "Checks/regexp", "Checks/sort", "Checks/parser", "Checks/template", "Checks/http",
			"Std/json", "Std/regexp", "Std/sort", "Std/flate", "Std/parser", "Std/template", "Std/http",
		},
		rule: checksCost,
		rest: "What a check takes is counted in simulated instructions; package runtime keeps its checks in every build.",
	},
	{
		id: "C02", from: "A", text: "A check adds about ten instructions to every function, and presses on the instruction cache.",
		by: []string{"Fact/entry", "Checks/indirect", "Chain/indirect"}, rule: checkPressure,
		rest: "On arm64 and ppc64le a check has an instruction more. The cache is simulated, of one processor, and without prefetching.",
	},
	{
		id: "C03", from: "A", text: "A fault that a signal handler serves costs at least four context switches, and far more than the allocator.",
		by: []string{"Faults/demand", "Faults/signal", "Faults/panic", "Faults/alloc", "Deep/4KB"}, rule: faultCosts,
	},
	{
		id: "C04", from: "A", text: "A handler can't easily tell a fault on a stack from a bug such as a nil dereference.",
		by: []string{"Fact/nilfault", "Guards"}, rule: faultsTold,
		rest: "Go tells a nil dereference by its address, below 4096; the rule for guards is in docs/fault.md. Growth in place raises no fault that reaches a handler, and needs none.",
	},
	{
		id: "C05", from: "A", text: "100,000 goroutines with 8 MB each would reserve 800 GB of address space, which is too much.",
		by: []string{"Reserve/one", "Reserve/many", "Memory/shallow/100000"}, rule: reservation,
	},
	{
		id: "C06", from: "A", text: "A page as the smallest stack doubles the memory of millions of small goroutines.",
		by: []string{"Memory/page", "Memory/shallow/100000"}, rule: pageStacks,
	},
	{
		id: "C07", from: "A", text: "Doing it portably is very hard.",
		by: []string{"Fact/targets"}, rule: targets,
		rest: "A target needs, for slots: address space to reserve without cost, pages of 4 KB, a look at each place of the runtime that knows bounds; without checks also guards that are no mappings (Linux 6.13), the fault's address in the handler, preemption by signals, and the prologue's code in compiler and assembler.",
	},
	{
		id: "C08", from: "C 4.1", text: "Stacks start at 2 KB and double by copying up to 1 GB; morestack runs when fewer than 128 bytes are left; stacks above 2 KB come from the heap.",
		by:   []string{"Fact/double", "Fact/guard", "Fact/stackalloc"},
		rule: shown(holdsPartly, "they start at 2 KB and double; the guard is 800 bytes and more above the bound; stacks come from lists and spans of their own"),
	},
	{
		id: "C09", from: "C 4.2", text: "Growth relocates pointers with the collector's barriers and with forwarding pointers.",
		by: []string{"Fact/adjust", "Fact/bitmaps"}, rule: shown(fails, "the bytes are moved, then each frame's pointers adjusted by the compiler's bitmaps"),
	},
	{
		id: "C10", from: "C 4.3", text: "A recursion with deferred closures takes about 48 bytes a level and grows at about 42 levels; 3.7 times in 1,000 calls, or 371 times in 10,000, at depth 256.",
		by: []string{"Defers/recursion/256", "Defers/loop/256"}, rule: deferredRecursion,
	},
	{
		id: "C11", from: "C 4.4", text: "Other runtimes grow a stack without copying anything; Go can't.",
		by: []string{"Deep/128KB"}, rule: copiesInPlace,
		rest: "Other runtimes are not measured.",
	},
	{
		id: "C12", from: "D 2.5", text: "A pointer to a frame that is gone reads garbage or crashes.",
		by: []string{"Stale/dead", "Stale/moved", "Stale/ended"}, rule: staleAddress,
	},

	// Starting and switching goroutines.
	{
		id: "C20", from: "B 1, 2.3, 4.3", text: "A start costs about 100 ns; elsewhere 20 ns; half of them less than 128 ns and 1% more than 310 ns.",
		by: []string{"Shallow/spawn", "Spawn/latency"}, rule: startCost,
		rest: "The percentiles are of one start at a time, with the clock read twice.",
	},
	{
		id: "C21", from: "B 2.5", text: "A start is getting a g (42 ns), a status store (18 ns) and a queue push (67 ns); the push to the global queue is a lock-free compare-and-swap.",
		by: []string{"Fact/globalqueue", "Stages/newproc1", "Stages/get", "Stages/status", "Stages/push"}, rule: startStages,
		rest: "The stages are counted in simulated instructions, since each is shorter than reading the clock.",
	},
	{
		id: "C22", from: "B 1, 3.1", text: "newproc is inlined at the go statement and takes a size and the arguments.",
		by: []string{"Fact/newproc"}, rule: shown(fails, "it takes one function value, and asks for its caller's PC, which bars inlining"),
	},
	{
		id: "C23", from: "B 4.4", text: "The entry sequences of amd64, arm64 and ppc64le agree in meaning.",
		by: []string{"Fact/entry"}, rule: shown(holds, "each compares the stack pointer with the word at offset 16 of g, unsigned, and calls morestack unless it is above"),
	},
	{
		id: "C24", from: "B 4.1", text: "From a go statement to mcall it takes 142 cycles and 37 instructions.",
		by: []string{"Fact/newproc"}, rule: shown(fails, "a go statement never gets to mcall"),
	},
	{
		id: "C25", from: "B 3.2", text: "Looking a precomputed stack map up takes 19 ns, computing one 842 ns.",
		by: []string{"Fact/stackmap"}, rule: shown(fails, "the runtime computes none"),
		rest: "The lookup is not timed apart.",
	},
	{
		id: "C26", from: "B 3.3", text: "Padding puts g's hot fields into one cache line.",
		by: []string{"Fact/gpadding"}, rule: shown(fails, "g has no padding; spade adds no field to it"),
	},
	{
		id: "C27", from: "B 2.4", text: "A switch costs 19 ns and a goroutine 2.1 KB; a CPython generator 83 ns and 48 KB; pointer writes to the stack need no barrier.",
		by: []string{"Shallow/gosched", "Memory/shallow/100000", "Languages/switch", "Fact/nobarrier"}, rule: switchCost,
		rest: "The memory of a generator is not measured.",
	},
	{
		id: "C28", from: "B 1, 2.3", text: "Starting a goroutine is cheaper than pthread_create, Lua's coroutine.create, a CPython thread (300–800 ns), a Java virtual thread or a task of Rust's async.",
		by: []string{"Languages/start"}, rule: startAgainstThreads,
		rest: "A language that is not on the machine is a skipped lane; java and rust are the system's threads; rust-async polls tasks in one thread, without timers, as little as can run them.",
	},
	{
		id: "C29", from: "B 2.2", text: "10 million integer additions take CPython 182 ms and Go 4.1 ms.",
		by: []string{"Languages/add"}, rule: additions,
	},

	// Channels and select.
	{
		id: "C30", from: "C 2.2", text: "Between producers and consumers a slice under a mutex, a channel without and one with a buffer of 1,024 have throughputs of 1 : 1.74 : 2.35, and a P99 of 18.3, 6.1 and 3.7 ms.",
		by: []string{"Queue/mutex", "Queue/unbuffered", "Queue/buffered"}, rule: queues,
	},
	{
		id: "C31", from: "C 2.1, 2.3", text: "A send happens before its receive returns; what is written before a close is seen after a receive from it.",
		by: []string{"Fact/send", "Fact/receive", "Fact/close"}, rule: shown(holds, "no violation in 20,000 tries of each; the memory model promises both"),
		rest: "Tries can refute it, not prove it; the race detector knows the order from the channel (go test -race).",
	},
	{
		id: "C32", from: "C 2.3", text: "A second close panics, and can't be recovered from.",
		by: []string{"Fact/closetwice", "Fact/closerecovers"}, rule: shown(fails, "it panics, and recover returns a runtime.Error"),
	},
	{
		id: "C33", from: "C 2.4", text: "select shuffles its cases, polls once, parks on every queue; no case starves.",
		by: []string{"Fact/select", "Channel/fair"}, rule: fairness,
	},
	{
		id: "C34", from: "C 2.5", text: "The ring's index advances by XADDQ and a power-of-two mask.",
		by: []string{"Fact/ring", "Fact/ringsize", "Fact/ringcode"}, rule: shown(fails, "it is incremented under the channel's lock and set to 0 at the end; any size will do"),
	},
	{
		id: "C35", from: "B 4.2", text: "Channels miss the L1 data cache more than spawning does: 18.00% against 7.16% of accesses.",
		by: []string{"Caches/channel", "Caches/spawn"}, rule: cacheMisses,
		rest: "The caches are simulated, of one processor, and without prefetching: virtual machines give no hardware counters as a rule.",
	},

	// Escapes and layout.
	{
		id: "C40", from: "C 3.1", text: "Returning &x, storing it in a global and passing it on escape, and the compiler names the flow.",
		by: []string{"Fact/escapeflow"}, rule: shown(holdsPartly, "the first two escape and are named; passing it on escapes only if the callee keeps it"),
	},
	{
		id: "C41", from: "C 3.2", text: "Reordering a struct's fields changes its size, and whether a value escapes.",
		by: []string{"Fact/fieldorder", "Fact/varsize"}, rule: shown(holdsPartly, "24 bytes become 16; the decision is the same, unless the size passes 64 or 128 KiB"),
	},
	{
		id: "C42", from: "C 3.3", text: "interface{} forces an escape that a generic function avoids.",
		by: []string{"Fact/escapeuse"}, rule: shown(fails, "passed as interface{} and only looked at, a value stays; passed as a type parameter and kept, it escapes"),
	},
	{
		id: "C43", from: "D 3.1", text: "What a goroutine captures stays on the stack if it does not outlive its parent.",
		by: []string{"Fact/escapeuse", "Fact/goescapes"}, rule: shown(fails, "the function of a go statement escapes, waited for or not"),
	},
	{
		id: "C44", from: "D 4.1", text: "-l, -s and -live together shrink a frame from 128 to 96 to 64 bytes.",
		by: []string{"Fact/compilerflags"}, rule: shown(fails, "-l turns inlining off, -live prints decisions, and the compiler has no -s"),
	},

	// Start-up.
	{
		id: "C50", from: "D 1", text: "Initialising common dependencies makes a program start three times slower.",
		by: []string{"Hello/plain", "Imports/plain", "Start/hello", "Start/imports", "Start/cli"}, rule: importsCost,
	},
	{
		id: "C51", from: "D 1", text: "-ldflags=\"-s -w\" takes 3.2 MB off a binary of 12 MB and starts it 18% faster; a cold page cache dominates.",
		by: []string{"Imports/plain", "Imports/stripped", "Start/cli", "Start/cli/stripped"}, rule: stripping,
	},
	{
		id: "C52", from: "D 1", text: "-buildmode=pie lowers the cost of mapping a program.",
		by: []string{"Imports/plain", "Imports/pie", "Start/imports", "Start/imports/pie"}, rule: positionIndependence,
	},
	{
		id: "C53", from: "D 2", text: "runtime.load_goroutine_stack blocks for 10–100 µs in garbage collection; with GOMAXPROCS 1, 8, 64 it takes 12.3, 41.7, 189.2 µs.",
		by: []string{"Fact/loadstack", "Stacks/self/1", "Stacks/self/8", "Stacks/self/64", "Stacks/all/1", "Stacks/all/64", "Stacks/scan/1", "Stacks/scan/64"}, rule: readingStacks,
		rest: "Contention on locks is not measured.",
	},
	{
		id: "C54", from: "D 3.2", text: "-buildmode=shared uses another stack pool, and can panic with \"stack pool not initialized\".",
		by: []string{"Fact/stackpool"}, rule: shown(fails, "the runtime has no such message, and one pool"),
	},
	{
		id: "C55", from: "C 1", text: "Pauses of the garbage collector stay in milliseconds.",
		by: []string{"Pauses"}, rule: pauses,
		rest: "The live heap is 64 MB.",
	},
	{
		id: "C56", from: "D 4.3", text: "Adding up types.Sizeof of a function's SSA allocations predicts its stack.",
		by: []string{"Fact/allocsizes"}, rule: frameSums,
	},
}
