// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

// startWorkloads start programs. The time is that of whole processes, as the lab sees it from outside.
var startWorkloads = []Workload{
	{
		Name: "Hello/plain", Program: "hello", Starts: true, N: 60, Lanes: startLanes, Level: true,
		Show: startFigures, About: "a program that prints a line; cold: the stock one, its file not in memory",
	},
	{
		Name: "Hello/stripped", Program: "hello", Flags: []string{"-ldflags=-s -w"}, Starts: true, N: 60, Lanes: startLanes, Level: true, Slow: true,
		Show: startFigures, About: "the same, linked with -s -w",
	},
	{
		Name: "Hello/pie", Program: "hello", Flags: []string{"-buildmode=pie"}, Starts: true, N: 60, Lanes: startLanes, Level: true, Slow: true,
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

// timelineWorkloads take the start of the same programs apart, as spade start does.
var timelineWorkloads = []Workload{
	timeline("hello", "hello", "a program that prints a line, from exec to main.main"),
	timeline("imports", "imports", "the same with 21 packages of the standard library"),
	timeline("imports/pie", "imports", "the same, position-independent", "-buildmode=pie"),
	others(timeline("cli", "cli", "a command line with cobra, viper, zap, yaml and prometheus, which has none of them do anything")),
	others(timeline("cli/stripped", "cli", "the same, linked with -s -w", "-ldflags=-s -w")),
}

func timeline(name, program, about string, flags ...string) Workload {
	return Workload{
		Name: "Start/" + name, Program: program, Flags: flags, Traced: true, N: 40, Lanes: stockAndInPlace, Level: true,
		Show: timelineFigures, About: about,
	}
}

// others returns a workload of a program with modules of other people.
func others(w Workload) Workload {
	w.Module, w.Slow = true, true
	return w
}

var (
	coldLane   = Lane{Name: "cold", Stacks: "copy", Stock: true, Cold: true}
	startLanes = []Lane{stockLane, inPlaceLane, coldLane}

	startFigures = []string{"p50-sec", "p99-sec", "file-bytes", "minflt/op", "majflt/op"}
)
