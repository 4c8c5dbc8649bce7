// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"regexp"
)

// The goals where stacks never grow: in time, 2% is as close as can be told; in
// counted instructions the loss is to stay within 0.5%.
const (
	noLoss        = 0.98
	noLossCounted = 1 / 1.005
)

// catalog lists the workloads in the table's order. N makes a sample of the
// copy lane take about half a second on a machine of 2026.
var catalog = []Workload{
	{
		Name: "Deep/4KB", Program: "deep", Args: []string{"-depth", "4096"}, N: 300_000, Floor: true, Goal: 2.9,
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
		Name: "Deep/128KB", Program: "deep", Args: []string{"-depth", "131072"}, N: 12_000, Floor: true, Goal: 5,
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
		Name: "Burst/10000/16KB", Program: "burst", Args: []string{"-alive", "10000"}, N: 100_000, Floor: true, Goal: 2.1,
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
		Name: "Wrapper/16KB", Program: "wrapper", N: 100_000, Floor: true,
		Extra: []Lane{{Name: "sites", Stacks: "inplace", Args: []string{"-sites"}}},
		About: "a shallow and a deep job through WaitGroup.Go; sites: two go statements",
	},
	{
		Name: "Park/10KB", Program: "park", N: 100_000, Floor: true, Goal: 1.4,
		About: "100,000 goroutines go 10 KB deep and park, in a fresh process",
	},
	{
		Name: "Park/10KB/bottom", Program: "park", Args: []string{"-bottom"}, N: 100_000,
		About: "the same, parked in the deepest frame",
	},
	{
		Name: "Shallow/spawn", Program: "shallow", Level: true, Args: []string{"-mode", "spawn"}, N: 3_000_000, Goal: noLoss, Counts: 40_000,
		About: "start and exit, in batches of 64",
	},
	{
		Name: "Shallow/handoff", Program: "shallow", Level: true, Args: []string{"-mode", "handoff"}, N: 4_000_000, Goal: noLoss, Counts: 40_000,
		About: "an unbuffered channel there and back",
	},
	{
		Name: "Shallow/gosched", Program: "shallow", Level: true, Args: []string{"-mode", "gosched"}, N: 8_000_000, Goal: noLoss, Counts: 40_000,
		About: "two goroutines that yield in turn",
	},
	{
		Name: "Shallow/outlier", Program: "shallow", Level: true, Args: []string{"-mode", "outlier"}, N: 1_000_000, Goal: noLoss, Counts: 40_000,
		About: "10,000 shallow goroutines alive at once, after a deep one of the same go statement",
	},
	{
		Name: "Std/json", Program: "encoding/json", Bench: "^Benchmark(CodeMarshal|CodeUnmarshal|MarshalMap|UnmarshalMap|DecoderStream)$",
		Level: true, N: 10, Goal: noLoss, Counts: 1, About: "Go's own benchmarks of encoding/json",
	},
	{
		Name: "Std/regexp", Program: "regexp", Bench: "^Benchmark(Find|FindSubmatch|Literal|MatchClass|ReplaceAll|AnchoredLongMatch|OnePassLongPrefix|NotOnePassShortA|Compile)$",
		Level: true, N: 10_000, Goal: noLoss, Counts: 200, About: "the same of regexp",
	},
	{
		Name: "Std/sort", Program: "sort", Bench: "^Benchmark(SearchWrappers|SortString1K|SortInt1K|StableInt1K|Sort1e4)$",
		Level: true, N: 60, Goal: noLoss, Counts: 2, About: "the same of sort",
	},
	{
		Name: "Std/flate", Program: "compress/flate", Bench: "^Benchmark(Decode|Encode)$/^(Digits|Newton)$/^(Speed|Default)$/^1e5$",
		Level: true, N: 40, Goal: noLoss, Counts: 1, About: "the same of compress/flate",
	},
	{
		Name: "Std/parser", Program: "go/parser", Bench: "^Benchmark(Parse|ParseOnly|Resolve)$",
		Level: true, N: 80, Goal: noLoss, Counts: 2, About: "the same of go/parser",
	},
	{
		Name: "Std/template", Program: "html/template", Bench: ".",
		Level: true, N: 5000, Goal: noLoss, Counts: 100, About: "the same of html/template, which executes text/template; that has none",
	},
	{
		Name: "Std/http", Program: "net/http", Bench: "^Benchmark(ReadRequestChrome|ServeMux|ServerFakeConnWithKeepAlive|ServerFakeConnNoKeepAlive|ServerHandlerTypeLen|ClientServer)$",
		Level: true, N: 1000, Goal: noLoss, Counts: 40, About: "the same of net/http",
	},
	{
		Name: "Memory/shallow", Program: "memory", Args: []string{"-situation", "shallow"}, N: 1_000_000, Memory: true, Goal: 1.01,
		About: "bytes held by 1,000,000 parked goroutines",
	},
	{
		Name: "Memory/outlier", Program: "memory", Args: []string{"-situation", "outlier"}, N: 1_000_000, Memory: true, Goal: 1.02,
		About: "the same, one in 10,000 of them deep first",
	},
	{
		Name: "Memory/parked", Program: "memory", Args: []string{"-situation", "parked"}, N: 100_000, Memory: true, Goal: 1,
		About: "bytes held by 100,000 that were 10 KB deep, two collections and 5 s later",
	},
	{
		Name: "Memory/exited", Program: "memory", Args: []string{"-situation", "exited"}, N: 10_000, Memory: true, Goal: 1,
		About: "bytes held 10 s after 10,000 deep goroutines have exited",
	},
}

// choose returns the workloads whose names match pattern; with counts, only
// those whose instructions can be counted. Choosing nothing is an error.
func choose(pattern string, counts bool) ([]Workload, error) {
	match, err := regexp.Compile(pattern)
	if err != nil {
		return nil, usage("the pattern is no regular expression: %v", err)
	}
	var chosen []Workload
	for _, w := range catalog {
		if match.MatchString(w.Name) && (!counts || w.Counts > 0) {
			chosen = append(chosen, w)
		}
	}
	if len(chosen) == 0 {
		among := "workload"
		if counts {
			among = "workload with -counts"
		}
		return nil, fmt.Errorf("no %s matches %q: spade lab list names them", among, pattern)
	}
	return chosen, nil
}

// byName returns the workload of that name, or one without a goal if the
// catalog has none: samples may come from another version of the lab.
func byName(name string) Workload {
	for _, w := range catalog {
		if w.Name == name {
			return w
		}
	}
	return Workload{Name: name}
}
