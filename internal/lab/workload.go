// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"slices"
	"strconv"
	"time"
)

// A Workload is a program with its arguments, run in several lanes.
type Workload struct {
	Name    string   // as the program prints it, without Benchmark and processors
	Program string   // its directory below lab/, or the import path of a package of the standard library, or the directory of a test
	Bench   string   // of a package of the standard library: the benchmarks to run, a regular expression
	Test    string   // of a test: its name, with a / before that of a subtest
	Module  bool     // the program is a module of its own, and skipped where what it needs can't be had
	Starts  bool     // a sample is N starts of the program, timed from outside
	Traced  bool     // a sample is N starts of the program, from exec to main.main
	Flags   []string // for the go command that builds it
	Args    []string // arguments in every lane
	N       int      // operations a sample
	About   string   // one line for the reader of the list

	Takes time.Duration // what a sample takes in the slowest lane, in a full run; 0: half a second
	Slow  bool          // left out of a quick run, unless it is asked for by name

	Lanes  []Lane // instead of the usual ones
	Floor  bool   // the program has -floor
	Extra  []Lane
	Level  bool     // stacks don't grow in it: it is set against stock
	Memory bool     // it reports bytes held, not time
	Whole  bool     // N is part of what it is, and stays in a quick run
	Goal   float64  // least base ÷ inplace of CPU time, or most inplace ÷ copy of memory; 0: none
	Counts int      // operations under callgrind; 0: not counted
	Caches bool     // its samples are of simulated caches
	Within string   // its samples are the instructions in this function, simulated
	Checks bool     // its samples are of the checks in function prologues, simulated
	Show   []string // units to list lane by lane
}

// base returns the name of the lane that a workload is set against.
func (w Workload) base() string {
	if w.Level {
		return laneStock
	}
	return laneCopy
}

// A Lane is one way to run a workload.
type Lane struct {
	Name    string
	Args    []string // added to the workload's
	Environ []string // added to the environment
	Stacks  string   // the strategy, as GOSPADE=stacks= has it
	Stock   bool     // the program is built by the stock go command
	Build   string   // the program is built by spade with this value of -stacks
	Each    int64    // bytes that a parked goroutine holds in it; 0: parkedBytes
	Cold    bool     // each start finds the program's file not in memory
	Foreign *Foreign // the program is none of Go's
}

// with returns the lane with arguments.
func (l Lane) with(args ...string) Lane {
	l.Args = args
	return l
}

// Names of the lanes that the table knows.
const (
	laneCopy    = "copy"
	laneInPlace = "inplace"
	laneFloor   = "floor"
	laneStock   = "stock"
)

var (
	copyLane    = Lane{Name: laneCopy, Stacks: "copy"}
	inPlaceLane = Lane{Name: laneInPlace, Stacks: "inplace"}
	floorLane   = Lane{Name: laneFloor, Stacks: "copy", Args: []string{"-floor"}}
	stockLane   = Lane{Name: laneStock, Stacks: "copy", Stock: true}
)

// simulated reports whether each sample is taken under callgrind.
func (w Workload) simulated() bool { return w.Caches || w.Checks || w.Within != "" }

// addableLanes are the lanes that a run has if it is asked for them: the same programs on other runtimes.
var addableLanes = []Lane{
	stockLane,
	{Name: "retain", Build: "retain"},
	faultLane,
	faultDeepLane,
}

// What a goroutine holds that waits: about 2.7 KB, and without checks two pages and a page of page table.
const (
	parkedBytes = 3 << 10
	faultBytes  = 10 << 10
)

var (
	faultLane     = Lane{Name: "fault", Build: "fault", Each: faultBytes}
	faultDeepLane = Lane{Name: "fault-deep", Build: "fault-deep", Each: faultBytes}
)

// lanes returns the workload's lanes in the order in which they take turns.
func (w Workload) lanes() []Lane {
	if w.Lanes != nil {
		return w.Lanes
	}
	lanes := []Lane{copyLane, inPlaceLane}
	if w.Level {
		lanes = append([]Lane{stockLane}, lanes...)
	}
	if w.Floor {
		lanes = append(lanes, floorLane)
	}
	return append(lanes, w.Extra...)
}

// compared reports whether inplace is set against another lane.
func (w Workload) compared() bool {
	has := func(name string) bool {
		return slices.ContainsFunc(w.lanes(), func(lane Lane) bool { return lane.Name == name })
	}
	return has(w.base()) && has(laneInPlace)
}

// needs returns the bytes of memory that a sample takes in a lane.
func (w Workload) needs(lane Lane) int64 {
	if !w.Memory {
		return 0
	}
	if lane.Each == 0 {
		lane.Each = parkedBytes
	}
	return int64(w.N) * lane.Each
}

// tellsStrategy reports whether the program's line says how stacks grew.
func (w Workload) tellsStrategy() bool {
	return !w.standard() && !w.Starts && !w.Traced && w.Test == ""
}

// goal returns the workload's goal for people.
func (w Workload) goal() string {
	return section{holds: w.Memory}.goalText(w.Goal)
}

// arguments returns what the program is started with for n operations.
func (w Workload) arguments(lane Lane, n int) []string {
	switch {
	case w.standard():
		return w.benchArguments(n)
	case w.Test != "":
		return w.testArguments()
	case w.Starts, w.Traced:
		return append(slices.Clone(w.Args), lane.Args...)
	}
	return slices.Concat(w.Args, lane.Args, []string{"-n", strconv.Itoa(n)})
}
