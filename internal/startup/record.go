// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

// A record is what was written down at a cut. Only the time is there in runs without counts.
type record struct {
	time                      uint64 // in ticks of the time stamp; 0: the cut was not reached
	cpu                       int64  // nanoseconds
	goroutines, faults, reads int64
	allocs, bytes             int64
}

// A run is one start of a program.
type run struct {
	exec, loader  uint64 // ticks
	entry, again  record
	cuts          []record
	faults, reads int64 // page faults of the whole process; reads had to wait for the disk
}

// total is what it took from exec to the last cut, in ticks.
func (r *run) total() uint64 { return r.exec + r.loader + r.cuts[len(r.cuts)-1].time - r.entry.time }

// A FailedError says that a program did not get to main.main.
type FailedError struct {
	Err    error
	Output string // the end of what it wrote
}

func (e *FailedError) Error() string { return e.Err.Error() }
func (e *FailedError) Unwrap() error { return e.Err }
