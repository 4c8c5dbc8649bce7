// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"os"
	"syscall"
)

// Numbers that package syscall doesn't have.
const (
	ptraceTraceExit = 0x40
	eventExit       = 6
	noThread        = 0x20000000 // __WNOTHREAD: only children of this thread
)

// watchEnd waits until the program is about to end, and has it looked at.
func (a *attempt) watchEnd() error {
	t := a.process
	if err := syscall.PtraceSetOptions(t.pid, ptraceExitKill|ptraceTraceExit); err != nil {
		return os.NewSyscallError("ptrace", err)
	}
	signal := 0
	for {
		if err := syscall.PtraceCont(t.pid, signal); err != nil {
			return os.NewSyscallError("ptrace", err)
		}
		status, err := t.waitAny()
		switch {
		case err != nil:
			return err
		case status.Exited() || status.Signaled():
			t.done = true
			return &endedError{status, "main.main"}
		case status.StopSignal() == syscall.SIGTRAP && status.TrapCause() == eventExit:
			if err := a.plan.watch(a, false); err != nil {
				return err
			}
			return os.NewSyscallError("ptrace", syscall.PtraceDetach(t.pid))
		case status.StopSignal() == syscall.SIGTRAP:
			signal = 0
		default:
			signal = int(status.StopSignal())
		}
	}
}

// watchCalls goes from one system call of the program to the next, in all of its threads, until it is about to end.
func (a *attempt) watchCalls() error {
	t := a.process
	options := ptraceExitKill | ptraceTraceExit | syscall.PTRACE_O_TRACESYSGOOD | syscall.PTRACE_O_TRACECLONE
	if err := syscall.PtraceSetOptions(t.pid, options); err != nil {
		return os.NewSyscallError("ptrace", err)
	}
	inside := map[int]bool{} // threads within a system call
	if err := syscall.PtraceSyscall(t.pid, 0); err != nil {
		return os.NewSyscallError("ptrace", err)
	}
	for {
		var status syscall.WaitStatus
		thread, err := syscall.Wait4(-1, &status, syscall.WALL|noThread, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return os.NewSyscallError("wait4", err)
		}
		if status.Exited() || status.Signaled() {
			if thread == t.pid {
				t.done = true
				if a.reached() {
					return nil
				}
				return &endedError{status, "main.main"}
			}
			continue
		}
		signal := 0
		switch stop := status.StopSignal(); {
		case stop == syscall.SIGTRAP|0x80:
			if inside[thread] = !inside[thread]; inside[thread] && !a.reached() && !a.watches(thread) {
				a.plan.calls(a.word(headCurrent))
			}
		case stop == syscall.SIGTRAP: // an event
		case stop == syscall.SIGSTOP: // a new thread
		default:
			signal = int(stop)
		}
		// A thread that is gone meanwhile is waited for later.
		if err := syscall.PtraceSyscall(thread, signal); err != nil && err != syscall.ESRCH {
			return os.NewSyscallError("ptrace", err)
		}
	}
}

// watches reports whether a thread that is about to make a system call is the runtime's own that looks around again and again, and sleeps in
// between: how often it does says nothing of the program.
func (a *attempt) watches(thread int) bool {
	var regs syscall.PtraceRegs
	return thread != a.process.pid && syscall.PtraceGetRegs(thread, &regs) == nil && regs.Orig_rax == syscall.SYS_NANOSLEEP
}

// reached reports whether the program got to its last cut.
func (a *attempt) reached() bool {
	return a.word(a.region.record(len(a.plan.cuts)-1+recordsFirst)) != 0
}
