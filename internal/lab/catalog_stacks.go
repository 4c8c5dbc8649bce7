// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

// deepWorkloads have stacks that grow.
var deepWorkloads = []Workload{
	{
		Name: "Deep/4KB", Program: "deep", Args: []string{"-depth", "4096"}, N: 300_000, Floor: true, Extra: []Lane{faultLane}, Goal: 2.9,
		About: "goroutines one after another, 4 KB deep in frames of 512 B",
	},
	{
		Name: "Deep/16KB", Program: "deep", Args: []string{"-depth", "16384"}, N: 100_000, Floor: true, Goal: 3.5,
		About: "the same, 16 KB deep",
	},
	{
		Name: "Deep/25KB/small", Program: "deep", Args: []string{"-depth", "25600", "-frame", "64"}, N: 20_000, Floor: true, Goal: 18,
		About: "the same, 25 KB deep in 400 frames of 64 B",
	},
	{
		Name: "Deep/128KB", Program: "deep", Args: []string{"-depth", "131072"}, N: 12_000, Floor: true, Extra: []Lane{faultLane}, Goal: 5,
		About: "the same, 128 KB deep in frames of 512 B",
	},
	{
		Name: "Deep/1MB", Program: "deep", Args: []string{"-depth", "1048576"}, N: 2000, Floor: true, Goal: 2.8,
		About: "the same, 1 MB deep",
	},
	{
		Name: "Burst/500/16KB", Program: "burst", Args: []string{"-alive", "500"}, N: 200_000, Floor: true, Goal: 2.7,
		About: "500 goroutines alive at once, each has been 16 KB deep; repeated",
	},
	{
		Name: "Burst/10000/16KB", Program: "burst", Args: []string{"-alive", "10000"}, N: 100_000, Floor: true, Goal: 2.1, Slow: true,
		About: "10,000 alive at once",
	},
	{
		Name: "Workers/2000/16KB", Program: "workers", N: 100_000, Floor: true, Goal: 2.4,
		About: "2,000 long-lived workers go 16 KB deep on each message; a collection between rounds",
	},
	{
		Name: "Mixed/10/16KB", Program: "mixed", N: 500_000, Floor: true, Goal: 1.7,
		About: "one go statement, 1 goroutine in 10 goes 16 KB deep",
	},
	{
		Name: "Wrapper/16KB", Program: "wrapper", N: 100_000, Floor: true, Slow: true,
		Extra: []Lane{{Name: "sites", Stacks: "inplace", Args: []string{"-sites"}}},
		About: "a shallow and a deep job through WaitGroup.Go; sites: two go statements",
	},
	{
		Name: "Park/10KB", Program: "park", N: 100_000, Floor: true, Goal: 1.4,
		About: "100,000 goroutines go 10 KB deep and park, in a fresh process",
	},
	{
		Name: "Park/10KB/bottom", Program: "park", Args: []string{"-bottom"}, N: 100_000, Slow: true,
		About: "the same, parked in the deepest frame",
	},
	{
		Name: "Pools/16KB", Program: "pools", Module: true, N: 100_000, Floor: true, Slow: true,
		Extra: []Lane{{Name: "ants", Stacks: "copy", Stock: true, Args: []string{"-pool", "ants"}}, {Name: "gopool", Stacks: "copy", Stock: true, Args: []string{"-pool", "gopool"}}},
		About: "100 jobs at once, each 16 KB deep; ants, gopool: handed to a pool of 100 workers, on the stock runtime",
	},
}

// growthWorkloads take growth and what articles would have in its place apart.
var growthWorkloads = []Workload{
	{
		Name: "Defers/recursion/256", Program: "defers", Args: []string{"-mode", "recursion"}, N: 8000,
		Show: []string{"growths/op", "copied-bytes/op", "level-bytes", "first-growth", "peak-bytes"}, About: "a recursion of 256 levels, each deferring a closure, on a new goroutine",
	},
	{
		Name: "Defers/loop/256", Program: "defers", Args: []string{"-mode", "loop"}, N: 50_000,
		Show: []string{"growths/op", "peak-bytes"}, About: "the same closures called from a loop",
	},
	{
		Name: "Faults/demand", Program: "faults", Args: []string{"-mode", "demand"}, N: 100_000, Lanes: onlyStock,
		Show: []string{"minflt/op", "ctxsw/op"}, About: "the first touch of a page, which the kernel serves",
	},
	{
		Name: "Faults/signal", Program: "faults", Args: []string{"-mode", "signal"}, N: 100_000, Lanes: []Lane{stockLane, handlerInC},
		Show: []string{"minflt/op", "ctxsw/op"}, About: "a fault that reaches the signal handler, and is recovered from as a panic; c: the handler opens the page",
	},
	{
		Name: "Faults/panic", Program: "faults", Args: []string{"-mode", "panic"}, N: 500_000, Lanes: onlyStock,
		Show: []string{"ctxsw/op"}, About: "the panic and the recovery alone",
	},
	{
		Name: "Faults/alloc", Program: "faults", Args: []string{"-mode", "alloc"}, N: 200_000, Lanes: onlyStock,
		Show: []string{"ctxsw/op"}, About: "allocating 4 KB, garbage collection included",
	},
	{
		Name: "Guards", Program: "guards", N: 20, Lanes: []Lane{stockLane, inPlaceLane, faultLane.with("-slot", "8388608"), faultDeepLane.with("-slot", "8388608")},
		Show: []string{"told", "kinds", "minflt/op"}, About: "nil, wild and other bad pointers, and deep recursion: which of them are taken for what they are",
	},
	{
		Name: "Reserve/one", Program: "reserve", Args: []string{"-mode", "one"}, N: 100_000, Whole: true, Lanes: onlyStock,
		Show: []string{"stacks", "reserved-bytes", "net-bytes/op"}, About: "8 MB of address space for each of 100,000 stacks, in one mapping; a page of each touched",
	},
	{
		Name: "Reserve/many", Program: "reserve", Args: []string{"-mode", "many"}, N: 100_000, Whole: true, Lanes: onlyStock,
		Show: []string{"stacks", "reserved-bytes", "net-bytes/op"}, About: "the same in a mapping for each, as far as the kernel allows",
	},
	{
		Name: "Stale/dead", Program: "stale", Args: []string{"-mode", "dead"}, N: 5000, Extra: staleLanes,
		Show: []string{"kept"}, About: "reading where a variable of a function was that has returned",
	},
	{
		Name: "Stale/moved", Program: "stale", Args: []string{"-mode", "moved"}, N: 5000, Extra: staleLanes,
		Show: []string{"kept"}, About: "reading where a variable was before its stack grew",
	},
	{
		Name: "Stale/ended", Program: "stale", Args: []string{"-mode", "ended"}, N: 5000, Extra: staleLanes,
		Show: []string{"kept"}, About: "reading where a variable of a goroutine was that has ended; poison: with GOSPADE=poison=1",
	},
	{
		Name: "Stacks/self/1", Program: "stacks", Args: []string{"-mode", "self", "-procs", "1"}, N: 5000, Lanes: stockAndInPlace, Level: true,
		Show: percentiles, About: "runtime.Stack of the caller, 16 KB deep, with GOMAXPROCS=1",
	},
	{
		Name: "Stacks/self/8", Program: "stacks", Args: []string{"-mode", "self", "-procs", "8"}, N: 5000, Lanes: stockAndInPlace, Level: true,
		Show: percentiles, About: "the same with 8",
	},
	{
		Name: "Stacks/self/64", Program: "stacks", Args: []string{"-mode", "self", "-procs", "64"}, N: 5000, Lanes: stockAndInPlace, Level: true,
		Show: percentiles, About: "the same with 64",
	},
	{
		Name: "Stacks/all/1", Program: "stacks", Args: []string{"-mode", "all", "-procs", "1"}, N: 100, Lanes: stockAndInPlace, Level: true,
		Show: percentiles, About: "runtime.Stack of all of 100 parked goroutines, with GOMAXPROCS=1",
	},
	{
		Name: "Stacks/all/8", Program: "stacks", Args: []string{"-mode", "all", "-procs", "8"}, N: 100, Slow: true, Lanes: stockAndInPlace, Level: true,
		Show: percentiles, About: "the same with 8",
	},
	{
		Name: "Stacks/all/64", Program: "stacks", Args: []string{"-mode", "all", "-procs", "64"}, N: 100, Lanes: stockAndInPlace, Level: true,
		Show: percentiles, About: "the same with 64",
	},
	{
		Name: "Stacks/scan/1", Program: "stacks", Args: []string{"-mode", "scan", "-procs", "1"}, N: 100, Lanes: stockAndInPlace, Level: true,
		Show: percentiles, About: "a collection with 1,000 goroutines parked 16 KB deep, with GOMAXPROCS=1",
	},
	{
		Name: "Stacks/scan/8", Program: "stacks", Args: []string{"-mode", "scan", "-procs", "8"}, N: 100, Slow: true, Lanes: stockAndInPlace, Level: true,
		Show: percentiles, About: "the same with 8",
	},
	{
		Name: "Stacks/scan/64", Program: "stacks", Args: []string{"-mode", "scan", "-procs", "64"}, N: 100, Lanes: stockAndInPlace, Level: true,
		Show: percentiles, About: "the same with 64",
	},
	{
		Name: "Pauses", Program: "pauses", N: 20_000_000, Lanes: stockAndInPlace, Level: true,
		Show: []string{"p50-sec", "p99-sec", "longest-sec", "gcs"}, About: "pauses of the collector beside a live heap of 64 MB in small objects",
	},
}

// percentiles are of the time of single operations.
var percentiles = []string{"p50-sec", "p99-sec"}

var (
	handlerInC = Lane{Name: "c", Foreign: &Foreign{Tool: "gcc", Source: "foreign/faults.c", Build: []string{"-O2"}}}
	poisonLane = Lane{Name: "poison", Stacks: "inplace,poison=1"}
	staleLanes = []Lane{poisonLane, faultLane}

	onlyStock       = []Lane{stockLane}
	stockAndInPlace = []Lane{stockLane, inPlaceLane}
)
