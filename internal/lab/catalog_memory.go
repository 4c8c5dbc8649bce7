// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import "time"

// memoryWorkloads say what goroutines hold.
var memoryWorkloads = []Workload{
	{
		Name: "Memory/shallow", Program: "memory", Args: []string{"-situation", "shallow"}, N: 1_000_000, Memory: true, Goal: 1.01,
		Extra: memoryLanes, Slow: true, Takes: 4 * time.Second, Show: netMemory, About: "bytes held by 1,000,000 parked goroutines",
	},
	{
		Name: "Memory/outlier", Program: "memory", Args: []string{"-situation", "outlier"}, N: 1_000_000, Memory: true, Goal: 1.02,
		Slow: true, Takes: 3 * time.Second, About: "the same, one in 10,000 of them deep first",
	},
	{
		Name: "Memory/parked", Program: "memory", Args: []string{"-situation", "parked"}, N: 100_000, Memory: true, Goal: 1,
		Slow: true, Takes: 7 * time.Second, About: "bytes held by 100,000 that were 10 KB deep, two collections and 5 s later",
	},
	{
		Name: "Memory/exited", Program: "memory", Args: []string{"-situation", "exited"}, N: 10_000, Memory: true, Goal: 1,
		Slow: true, Takes: 11 * time.Second, About: "bytes held 10 s after 10,000 deep goroutines have exited",
	},
	{
		Name: "Memory/shallow/1000", Program: "memory", Args: []string{"-situation", "shallow/1000"}, N: 1000, Memory: true, Extra: memoryLanes,
		Show: netMemory, Takes: 20 * time.Millisecond, About: "bytes held by 1,000 parked goroutines and the program around them",
	},
	{
		Name: "Memory/shallow/10000", Program: "memory", Args: []string{"-situation", "shallow/10000"}, N: 10_000, Memory: true, Extra: memoryLanes,
		Show: netMemory, Takes: 50 * time.Millisecond, About: "the same by 10,000",
	},
	{
		Name: "Memory/shallow/100000", Program: "memory", Args: []string{"-situation", "shallow/100000"}, N: 100_000, Memory: true, Extra: memoryLanes,
		Show: netMemory, About: "the same by 100,000",
	},
	{
		Name: "Memory/page", Program: "memory", Args: []string{"-situation", "page"}, N: 100_000, Memory: true,
		Show: netMemory, About: "the same by 100,000 that need more than 2 KB of stack, and less than 4 KB",
	},
}

var (
	memoryLanes = []Lane{stockLane, faultLane}

	// netMemory is what each goroutine adds, and what the process has of the rest.
	netMemory = []string{"net-bytes/op", "net-resident-bytes/op", "net-pagetable-bytes/op", "reserved-bytes", "mappings"}
)
