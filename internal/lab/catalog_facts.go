// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

// facts are the tests that decide claims about Go's own source and compiler, and about what programs do without any timing.
var facts = []Workload{
	evidence("adjust", "growing a stack moves the bytes and adjusts pointers; there are no forwarding pointers and no barriers"),
	evidence("bitmaps", "a frame's pointers are found by the bitmaps that the compiler has emitted"),
	evidence("double", "a stack that grows doubles"),
	evidence("guard", "the guard lies several hundred bytes above the bound, not 128"),
	evidence("stackalloc", "stacks below 32 KiB come from per-P lists, larger ones from spans that are not the collector's"),
	fact("ringcode", "internal/lab", "TestRingCode", "the code of sending and receiving adds nothing atomically"),
	fact("targets", "internal/lab", "TestTargets", "on which of Go's targets stacks grow in place, and on which they can go without checks"),
	fact("allocsizes", "internal/lab", "TestAllocSizes", "sizes of the variables in SSA form against the frames that the compiler makes"),
	evidence("nilfault", "a fault below address 4096 is a nil dereference, any other is not"),
	evidence("newproc", "newproc takes one function value and runs on the system stack; it calls no mcall"),
	evidence("globalqueue", "the global run queue is under a lock"),
	evidence("stackmap", "pointer maps are looked up, never computed"),
	evidence("gpadding", "g has no padding"),
	evidence("ring", "a channel's index is incremented under the lock and wraps by comparison"),
	evidence("ringsize", "a channel's buffer has the size that was asked for, no power of two"),
	evidence("closetwice", "closing a closed channel is an ordinary panic"),
	evidence("select", "select permutes its cases and locks every channel"),
	evidence("goescapes", "the function of a go statement escapes; only defer has an exception"),
	evidence("varsize", "size counts from 64 KiB or 128 KiB on, order never"),
	evidence("loadstack", "no function load_goroutine_stack"),
	evidence("stackpool", "no message about an uninitialised stack pool"),
	fact("closerecovers", ".", "TestSecondCloseIsRecoverable", "a second close is recovered from"),
	fact("escapeuse", ".", "TestEscapeByUse", "escape analysis goes by use: not by interface or type parameter, not by waiting"),
	fact("compilerflags", ".", "TestCompilerFlags", "-l turns inlining off, -live prints, and there is no -s"),
	fact("entry", "lab/facts", "TestEntrySequence", "a small frame's check is a compare and a jump, with a load before them on arm64 and ppc64le"),
	fact("nobarrier", "lab/facts", "TestStackWriteBarrier", "storing a pointer in a variable on the stack has no write barrier"),
	fact("escapeflow", "lab/facts", "TestEscapeFlow", "the compiler names the flow by which a variable escapes"),
	fact("fieldorder", "lab/facts", "TestFieldOrder", "another order of fields is another size, and the same escapes"),
	fact("send", "lab/facts", "TestSendBeforeReceive", "what is written before a send is seen after its receive"),
	fact("receive", "lab/facts", "TestReceiveBeforeSendReturns", "what is written before a receive is seen after its send has returned"),
	fact("close", "lab/facts", "TestCloseBeforeReceive", "what is written before a close is seen after a receive from it"),
}

// evidence returns the fact of a subtest that reads Go's own source.
func evidence(name, about string) Workload {
	return fact(name, ".", "TestArticleEvidence/"+name, about)
}
