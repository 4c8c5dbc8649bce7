// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package depth finds how deep the stack of each goroutine can get that a program may start, and by which path.
//
// # What is read
//
// Frames and direct calls come from the binary: from its table of functions the distance of the stack pointer from its place on entry,
// at each instruction; from its code every call and jump to another function. That is exact after inlining, and has what source
// does not show: the runtime's functions, wrappers, assembly. The code is checked against the table: where an instruction moves the
// stack pointer otherwise than the table says, the function's frame is unknown.
//
// Source only says what the code leaves open: the targets of calls of function values and of interfaces' methods, what go and defer
// statements start, and what initializes. Both are joined by places: the line of a call instruction is that of a call in the source,
// and a function in the binary starts in the line in which one in the source starts. Names would not do for function literals, of which
// there are copies wherever the function around them was inlined, nor for instances of generic functions.
//
// Starting from source, as usual for call graphs, would need a model of all that the compiler adds, and every error in it would
// be a call that is missing.
//
// # What the targets of a call are
//
// A flow analysis over the SSA form of the whole program, standard library and runtime included, finds what variables may hold. What
// comes from package unsafe, reflection or assembly is not known to it, and is marked: a call of such a value may reach every function
// that is used as a value and has its type, or every method of its name and type.
// A variable whose address was put into an interface holds what is stored through any pointer of its type that comes out of one.
//
// What a function is given to call, as sync.Once.Do is, and what sync.WaitGroup.Go and iter.Pull start, are told apart by their caller: each
// leads to a variant of the function that calls that alone. So are comparisons of interfaces, which compare by functions for the types that both
// sides may hold, and maps, by the types of their keys; what a sync.Map compares and hashes, whose keys are interfaces, is what its methods were
// given. Comparing and hashing values in interfaces is no recursion as far as the
// program's types don't let values hold each other without end. A call in a generic function is one of the instances of its shape.
//
// Functions that sort, and some that walk types, call themselves so often at most that it can be shown; the bound counts all those turns.
//
// C code may call back into Go only if a function is exported to it. In a program that opens plugins, a call of what may come from one is unknown;
// the goroutines that a plugin starts are not in the program.
//
// # Large programs
//
// Source is loaded some packages at a time, and its syntax goes when its SSA form is there; of that, calls and what they need are left once
// values were followed. Values flow once: what a node holds goes on
// when it is new. There is each set of things once, however many nodes hold it, and so is each list of functions that calls may reach.
// Calls by type alone are classes, which share what they may reach, and so do the nodes for them in the graph of calls. What
// entries reach is found for all of them at once, by the strongly connected components of that graph.
//
// # After an edit
//
// A Digest stands for all that an analysis depends on: findings may be kept under it. It is of whole files.
//
// A Record has what the source says of calls, as far as the graph of calls asks. It holds for another binary if the packages that were edited have the same
// facts as before: types, what has to do with function values in order, and as a set the ways by which values flow between nodes that keep their names. New
// ways do if they bring nothing to where they lead that was not there, by what the record says nodes hold: then the least solution is the same. Ways that are
// gone do not, as long as nothing else goes there: the bounds would depend on what the program was before. Then no other package is read. Functions of the
// binary are found in the record by their names, calls by function, line and what they call; lines that were not edited must have the same as before, whatever
// was done to the rest of their statements. Calls in lines that were edited have to be by name, or such as others are in the record: of an interface's method
// for values that come from the same nodes, or in a function that is inlined elsewhere too. If anything is missing, the record does not do.
//
// # What a bound counts
//
// The bytes from the stack's upper end to the deepest place of the stack pointer:
//
//	top + max over all paths of (for each call: distance of the stack pointer at the call + return address) + the last frame
//
// top is what newproc1 leaves free above the first frame, 40 bytes on amd64 with the return address, 48 on arm64. Functions that go on
// on another stack (systemstack, mcall, morestack, asmcgocall) count with their own frame alone.
//
// A panic counts only below a function whose deferred calls may recover; without one it is the process's end. Deferred calls then run on
// top of the panicking frames, from runtime.gopanic: each once, and each may panic again. So does runtime.Goexit run them.
//
// What is only done to look for errors in the runtime, or in package http2, does not count where the environment does not ask for it: with
// GODEBUG, and with DEBUG_HTTP2_GOROUTINES=1 in the environment of the analysis.
//
// The frame of an asynchronous preemption does not count. The signal handler only puts it where there is room, so it makes no stack grow.
//
// # What makes a stack grow
//
// A prologue asks for more stack if the stack pointer on entry, less the part of its frame above 128 bytes, is not more than 928
// bytes above the stack's lower end. So a goroutine needs a stack of more than
//
//	max over all prologues of (bytes used on entry + max(0, frame - 128)) + 928
//
// bytes: its bound and 928 bytes more are always enough, since functions without a prologue fit into the 928.
package depth
