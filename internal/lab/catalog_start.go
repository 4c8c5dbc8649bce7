// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

// startWorkloads start programs. The time is that of whole processes, as the lab sees it from outside.
var startWorkloads = []Workload{
	{
		Name: "Hello/plain", Program: "hello", Starts: true, N: 60, Lanes: startLanes, Level: true,
		Show: startFigures, About: "a program that prints a line; cold: the stock one, its file not in memory",
	},
	{
		Name: "Hello/stripped", Program: "hello", Flags: []string{"-ldflags=-s -w"}, Starts: true, N: 60, Lanes: startLanes, Level: true,
		Show: startFigures, About: "the same, linked with -s -w",
	},
	{
		Name: "Hello/pie", Program: "hello", Flags: []string{"-buildmode=pie"}, Starts: true, N: 60, Lanes: startLanes, Level: true,
		Show: startFigures, About: "the same, position-independent",
	},
	{
		Name: "Imports/plain", Program: "imports", Starts: true, N: 60, Lanes: startLanes, Level: true,
		Show: startFigures, About: "the same program with 21 packages of the standard library that it doesn't call",
	},
	{
		Name: "Imports/stripped", Program: "imports", Flags: []string{"-ldflags=-s -w"}, Starts: true, N: 60, Lanes: startLanes, Level: true,
		Show: startFigures, About: "the same, linked with -s -w",
	},
	{
		Name: "Imports/pie", Program: "imports", Flags: []string{"-buildmode=pie"}, Starts: true, N: 60, Lanes: startLanes, Level: true,
		Show: startFigures, About: "the same, position-independent",
	},
}

var (
	coldLane   = Lane{Name: "cold", Stacks: "copy", Stock: true, Cold: true}
	startLanes = []Lane{stockLane, inPlaceLane, coldLane}

	startFigures = []string{"p50-sec", "p99-sec", "file-bytes", "minflt/op", "majflt/op"}
)
