// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package startup measures what a Go program does between exec and main.main, and finds who pays for it.
//
// The program is run many times and ends where main.main would begin. When it is in memory and before it runs, a tracer maps some
// code and a table of times into it, and then lets go of it. That code is run at cuts: where an initialization function starts, where
// the initializer of a package-level variable starts, where the runtime begins a stage, and at main.main. At a cut it writes
// down the processor's time stamp, and in other runs what the process has used so far. Nothing in the program's file changes, and
// any binary of the gc compiler will do.
//
// The cuts come in two kinds. The runtime calls initialization functions through addresses in the program's data; a cut there is a
// changed address, which is put back when it has been used. Within a function, a cut is a jump in the place of an instruction or
// two, which are carried out elsewhere. What lies between two cuts belongs to the first of them, so that the parts add up to the
// whole by construction; what the cuts themselves cost is seen by comparing with runs that have none but the last.
package startup
