// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

// A tracee is a process that is stopped, or has been let go. All its methods must be called by the thread that started it.
type tracee struct {
	pid  int
	done bool // it has been waited for
}

// Numbers that package syscall doesn't have.
const (
	sysMemfdCreate = 319
	sysGetcpu      = 309
	memfdExec      = 0x10
	mapFixed       = 0x100000 // MAP_FIXED_NOREPLACE
	ptraceExitKill = 0x100000
)

// An endedError says that the program ended before it got where it was expected to stop.
type endedError struct {
	status syscall.WaitStatus
	where  string
}

func (e *endedError) Error() string {
	if e.status.Signaled() {
		return fmt.Sprintf("it was ended by %v before %s", e.status.Signal(), e.where)
	}
	return fmt.Sprintf("it ended with exit code %d before %s", e.status.ExitStatus(), e.where)
}

// memoryFile makes a file in memory.
func memoryFile(name string) (*os.File, error) {
	cname, err := syscall.BytePtrFromString(name)
	if err != nil {
		return nil, err
	}
	const closeOnExec = 1
	fd, _, errno := syscall.Syscall(sysMemfdCreate, uintptr(unsafe.Pointer(cname)), closeOnExec|memfdExec, 0)
	if errno == syscall.EINVAL { // a kernel that has no memfdExec makes all of them so
		fd, _, errno = syscall.Syscall(sysMemfdCreate, uintptr(unsafe.Pointer(cname)), closeOnExec, 0)
	}
	if errno != 0 {
		return nil, os.NewSyscallError("memfd_create", errno)
	}
	return os.NewFile(fd, name), nil
}

// launcherFile makes a file of the launcher that can be executed.
func launcherFile() (*os.File, error) {
	written, err := memoryFile("spade-start")
	if err != nil {
		return nil, err
	}
	defer written.Close() // a file that is open for writing can't be executed
	if _, err := written.Write(launcher()); err != nil {
		return nil, err
	}
	return os.Open(fmt.Sprintf("/proc/self/fd/%d", written.Fd()))
}

// wait waits until the process stops by SIGTRAP. Other signals are passed on.
func (t *tracee) wait(where string) error {
	for {
		status, err := t.waitAny()
		switch {
		case err != nil:
			return err
		case status.Exited() || status.Signaled():
			t.done = true
			return &endedError{status, where}
		case status.StopSignal() == syscall.SIGTRAP:
			return nil
		}
		if err := syscall.PtraceCont(t.pid, int(status.StopSignal())); err != nil {
			return os.NewSyscallError("ptrace", err)
		}
	}
}

func (t *tracee) waitAny() (syscall.WaitStatus, error) {
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(t.pid, &status, syscall.WALL, nil)
		if err != syscall.EINTR {
			return status, os.NewSyscallError("wait4", err)
		}
	}
}

// finish waits for the end of the process, and returns what it used.
func (t *tracee) finish() (syscall.WaitStatus, syscall.Rusage, error) {
	var status syscall.WaitStatus
	var usage syscall.Rusage
	for {
		_, err := syscall.Wait4(t.pid, &status, 0, &usage)
		if err == syscall.EINTR || err == nil && !status.Exited() && !status.Signaled() {
			continue
		}
		t.done = true
		return status, usage, os.NewSyscallError("wait4", err)
	}
}

// kill ends the process if it has not ended.
func (t *tracee) kill() {
	if !t.done {
		syscall.Kill(t.pid, syscall.SIGKILL)
		t.finish()
	}
}

// resume continues the process at an address, with its registers as they are.
func (t *tracee) resume(regs syscall.PtraceRegs, at uint64) error {
	if err := t.goTo(regs, at); err != nil {
		return err
	}
	return os.NewSyscallError("ptrace", syscall.PtraceCont(t.pid, 0))
}

func (t *tracee) goTo(regs syscall.PtraceRegs, at uint64) error {
	regs.Rip = at
	regs.Orig_rax = ^uint64(0) // no system call to go back to
	return os.NewSyscallError("ptrace", syscall.PtraceSetRegs(t.pid, &regs))
}

// call has the process make a system call, by the instruction at an address.
func (t *tracee) call(regs syscall.PtraceRegs, instruction uint64, number uint64, args ...uint64) (uint64, error) {
	regs.Rax = number
	for i, arg := range args {
		*[]*uint64{&regs.Rdi, &regs.Rsi, &regs.Rdx, &regs.R10, &regs.R8, &regs.R9}[i] = arg
	}
	if err := t.goTo(regs, instruction); err != nil {
		return 0, err
	}
	if err := syscall.PtraceSingleStep(t.pid); err != nil {
		return 0, os.NewSyscallError("ptrace", err)
	}
	if err := t.wait("its first instruction"); err != nil {
		return 0, err
	}
	if err := syscall.PtraceGetRegs(t.pid, &regs); err != nil {
		return 0, os.NewSyscallError("ptrace", err)
	}
	if errno := -int64(regs.Rax); errno > 0 && errno < 4096 {
		return 0, syscall.Errno(errno)
	}
	return regs.Rax, nil
}

func (t *tracee) poke(p patch) error {
	_, err := syscall.PtracePokeData(t.pid, uintptr(p.address), p.bytes)
	return os.NewSyscallError("ptrace", err)
}

// entry returns the address of the program's first instruction in memory, which the kernel has put down for the loader.
func (t *tracee) entry() (uint64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/auxv", t.pid))
	if err != nil {
		return 0, err
	}
	const entry = 9 // AT_ENTRY
	for ; len(data) >= 16; data = data[16:] {
		if binary.LittleEndian.Uint64(data) == entry {
			return binary.LittleEndian.Uint64(data[8:]), nil
		}
	}
	return 0, errors.New("the kernel doesn't tell where the program is")
}

// An affinity is a set of processors.
type affinity [16]uint64

func affinityOf(pid int) (affinity, error) {
	var a affinity
	_, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, uintptr(pid), unsafe.Sizeof(a), uintptr(unsafe.Pointer(&a)))
	if errno != 0 {
		return a, os.NewSyscallError("sched_getaffinity", errno)
	}
	return a, nil
}

func (a affinity) set(pid int) error {
	_, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, uintptr(pid), unsafe.Sizeof(a), uintptr(unsafe.Pointer(&a)))
	if errno != 0 {
		return os.NewSyscallError("sched_setaffinity", errno)
	}
	return nil
}

// here is the processor that the calling thread runs on.
func here() affinity {
	var cpu uint32
	var a affinity
	syscall.RawSyscall(sysGetcpu, uintptr(unsafe.Pointer(&cpu)), 0, 0)
	a[cpu/64%uint32(len(a))] = 1 << (cpu % 64)
	return a
}
