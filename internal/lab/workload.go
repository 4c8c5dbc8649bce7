// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import "strconv"

// A Workload is a program with its arguments, run in several lanes.
type Workload struct {
	Name    string   // as the program prints it, without Benchmark and processors
	Program string   // its directory below lab/, or the import path of a package of the standard library
	Bench   string   // of such a package: the benchmarks to run, a regular expression
	Args    []string // arguments in every lane
	N       int      // operations a sample
	About   string   // one line for the reader of the list

	Floor  bool // the program has -floor
	Extra  []Lane
	Level  bool    // stacks don't grow in it: it is set against stock
	Memory bool    // it reports bytes held, not time
	Goal   float64 // least base ÷ inplace of CPU time, or most inplace ÷ copy of memory; 0: none
	Counts int     // operations under callgrind; 0: not counted
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
	Name   string
	Args   []string // added to the workload's
	Stacks string   // the strategy, as GOSPADE=stacks= has it
	Stock  bool     // the program is built by the stock go command
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

// lanes returns the workload's lanes in the order in which they take turns.
func (w Workload) lanes() []Lane {
	lanes := []Lane{copyLane, inPlaceLane}
	if w.Level {
		lanes = append([]Lane{stockLane}, lanes...)
	}
	if w.Floor {
		lanes = append(lanes, floorLane)
	}
	return append(lanes, w.Extra...)
}

// goal returns the workload's goal for people.
func (w Workload) goal() string {
	return section{holds: w.Memory}.goalText(w.Goal)
}

// arguments returns what the program is started with for n operations.
func (w Workload) arguments(lane Lane, n int) []string {
	if w.standard() {
		return w.benchArguments(n)
	}
	args := append([]string{}, w.Args...)
	args = append(args, lane.Args...)
	return append(args, "-n", strconv.Itoa(n))
}
