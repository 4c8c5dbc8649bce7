// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

// shallowWorkloads start and switch goroutines whose stacks never grow.
var shallowWorkloads = []Workload{
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
		Name: "Spawn/latency", Program: "spawn", N: 400_000, Level: true, Lanes: []Lane{stockLane, inPlaceLane, {Name: "quiet", Stacks: "copy", Stock: true, Environ: []string{"GOGC=off"}}},
		Show: percentiles, About: "from a go statement to the goroutine's first instruction; quiet: stock without garbage collection",
	},
}

// simulatedWorkloads are run by callgrind: where clocks are too coarse, and for the caches that virtual machines hide.
var simulatedWorkloads = []Workload{
	stage("Stages/newproc1", "runtime.newproc1", "making a goroutine ready to run, of start and exit"),
	stage("Stages/get", "runtime.gfget", "taking a dead goroutine to start, of that"),
	stage("Stages/status", "runtime.casgstatus", "changing a goroutine's status, three times"),
	stage("Stages/push", "runtime.runqput", "putting it into the local run queue"),
	{
		Name: "Caches/channel", Program: "shallow", Args: []string{"-warm", "1000", "-mode", "handoff"}, Lanes: onlyStock, N: 4000, Caches: true,
		Show: cacheFigures, About: "an unbuffered channel there and back, with callgrind's caches",
	},
	{
		Name: "Caches/spawn", Program: "shallow", Args: []string{"-warm", "1000", "-mode", "spawn"}, Lanes: onlyStock, N: 4000, Caches: true,
		Show: cacheFigures, About: "start and exit, counted in by an atomic addition, with the same caches",
	},
}

// stage returns the workload that counts what one function takes of starting a goroutine.
func stage(name, function, about string) Workload {
	return Workload{
		Name: name, Program: "shallow", Args: []string{"-warm", "1000", "-mode", "spawn"}, Lanes: onlyStock, N: 4000, Within: function,
		Show: []string{unitWithin}, About: about,
	}
}

// channelWorkloads pass values.
var channelWorkloads = []Workload{
	{
		Name: "Channel/buffered", Program: "channel", Level: true, Args: []string{"-mode", "buffered"}, Lanes: stockAndInPlace, N: 4_000_000,
		Show: []string{"ctxsw/op"}, About: "through a channel with a buffer of 64",
	},
	{
		Name: "Channel/select", Program: "channel", Level: true, Args: []string{"-mode", "select"}, Lanes: stockAndInPlace, N: 600_000,
		Show: []string{"ctxsw/op"}, About: "to a receiver that waits in select on four channels",
	},
	{
		Name: "Channel/fair", Program: "channel", Level: true, Args: []string{"-mode", "fair"}, Lanes: stockAndInPlace, N: 1_000_000,
		Show: []string{"least-share"}, About: "select among four channels that are always ready",
	},
	{
		Name: "Queue/mutex", Program: "queue", Level: true, Args: []string{"-mode", "mutex"}, Lanes: stockAndInPlace, N: 800_000,
		Show: queueFigures, About: "four producers, four consumers, a slice of 1,024 under a mutex",
	},
	{
		Name: "Queue/unbuffered", Program: "queue", Level: true, Args: []string{"-mode", "unbuffered"}, Lanes: stockAndInPlace, N: 800_000,
		Show: queueFigures, About: "the same with a channel without a buffer",
	},
	{
		Name: "Queue/buffered", Program: "queue", Level: true, Args: []string{"-mode", "buffered"}, Lanes: stockAndInPlace, N: 800_000,
		Show: queueFigures, About: "the same with a channel with a buffer of 1,024",
	},
}

// queueFigures are how long a value was on its way, and how busy the processors were.
var queueFigures = []string{"p50-sec", "p99-sec", "cpu-share"}
