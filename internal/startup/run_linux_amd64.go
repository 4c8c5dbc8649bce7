// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A command is how a program is started.
type command struct {
	image   *image
	args    []string // without the program's name
	env     []string
	dir     string
	timeout time.Duration // for one run
}

// A tracer starts programs.
type tracer struct {
	launcher *os.File
	null     *os.File
}

func newTracer() (*tracer, error) {
	launcher, err := launcherFile()
	if err != nil {
		return nil, err
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		launcher.Close()
		return nil, err
	}
	return &tracer{launcher, null}, nil
}

func (t *tracer) close() {
	t.launcher.Close()
	t.null.Close()
}

// A plan is what to look at in a run.
type plan struct {
	cuts   []cut // the last one ends the program
	counts bool  // write down what is used as well as the time
	// watch is called when the program has been prepared, and again when it is about to end, with its memory still there.
	// Then the program stays under the tracer; it is nil for programs that are let go.
	watch func(a *attempt, prepared bool) error
	calls func(current uint64) // called for each system call of the program, with the number of the last cut; may be nil
}

// run starts the program once.
func (t *tracer) run(ctx context.Context, c command, p plan) (*run, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	output, err := memoryFile("spade-output")
	if err != nil {
		return nil, err
	}
	defer output.Close()
	type result struct {
		run *run
		err error
	}
	done := make(chan result)
	go func() {
		runtime.LockOSThread() // a process is traced by a thread; this one ends with the goroutine
		r, err := t.runHere(ctx, c, p, output)
		done <- result{r, err}
	}()
	r := <-done
	var ended *endedError
	if errors.As(r.err, &ended) {
		return nil, &FailedError{r.err, tail(output)}
	}
	return r.run, r.err
}

// tail returns the last lines of a file.
func tail(f *os.File) string {
	const most = 2000
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	data := make([]byte, min(size, most))
	n, _ := f.ReadAt(data, size-int64(len(data)))
	lines := strings.Split(strings.TrimSpace(string(data[:n])), "\n")
	return strings.Join(lines[max(0, len(lines)-10):], "\n")
}

// runHere is run on a thread of its own.
func (t *tracer) runHere(ctx context.Context, c command, p plan, output *os.File) (*run, error) {
	r := region{cuts: len(p.cuts), counts: p.counts}
	shared, err := memoryFile("spade-region")
	if err != nil {
		return nil, err
	}
	defer shared.Close()
	if err := shared.Truncate(int64(r.size())); err != nil {
		return nil, err
	}
	memory, err := syscall.Mmap(int(shared.Fd()), 0, int(r.size()), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	defer syscall.Munmap(memory)
	all, err := affinityOf(0)
	if err != nil {
		return nil, err
	}
	if err := here().set(0); err != nil { // so that stopping and going on take a change of context, and no other processor
		return nil, err
	}
	process, err := t.start(c, shared, output)
	if err != nil {
		return nil, err
	}
	defer process.kill()
	stop := limit(ctx, process.pid, c.timeout)
	a := attempt{process: process, command: c, plan: p, region: r, memory: memory, all: all}
	err = a.begin()
	if err == nil {
		err = a.end()
	}
	if cause := stop(); cause != nil {
		return nil, cause
	}
	if err != nil {
		return nil, err
	}
	return a.result()
}

// limit ends a process when it takes too long or is no longer wanted. The function it returns lifts the limit, and says why the process
// was ended if it was.
func limit(ctx context.Context, pid int, timeout time.Duration) func() error {
	limited, cancel := context.WithTimeout(ctx, timeout)
	stop := context.AfterFunc(limited, func() { syscall.Kill(pid, syscall.SIGKILL) })
	return func() error {
		defer cancel()
		if stop() {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("it has not reached main.main after %v", timeout)
	}
}

// start starts the launcher, and waits until it is about to run.
func (t *tracer) start(c command, shared, output *os.File) (*tracee, error) {
	pid, err := syscall.ForkExec(fmt.Sprintf("/proc/self/fd/%d", t.launcher.Fd()), append([]string{c.image.path, c.image.path}, c.args...), &syscall.ProcAttr{
		Dir: c.dir, Env: c.env,
		Files: []uintptr{t.null.Fd(), output.Fd(), output.Fd(), regionFile: shared.Fd()},
		Sys:   &syscall.SysProcAttr{Ptrace: true},
	})
	if err != nil {
		return nil, fmt.Errorf("the program can't be started under a tracer: %w", err)
	}
	process := &tracee{pid: pid}
	err = process.wait("it was started")
	if err == nil {
		options := ptraceExitKill | syscall.PTRACE_O_TRACESYSGOOD
		err = os.NewSyscallError("ptrace", syscall.PtraceSetOptions(pid, options))
	}
	if err != nil {
		process.kill()
		return nil, err
	}
	return process, nil
}

// An attempt is a run that is going on.
type attempt struct {
	process *tracee
	command command
	plan    plan
	region  region
	memory  []byte
	all     affinity

	latency   uint64 // ticks from a trap until the tracer knows of it
	executed  uint64 // time stamp at the end of exec
	loaded    uint64 // time stamp at the end of the loader's work; 0 if there is no loader
	usage     syscall.Rusage
	laid      *layout
	entry     uint64 // the program's first instruction
	registers syscall.PtraceRegs
}

// begin has the launcher execute the program, puts the cuts in, and lets it go.
func (a *attempt) begin() error {
	t := a.process
	if err := syscall.PtraceCont(t.pid, 0); err != nil {
		return os.NewSyscallError("ptrace", err)
	}
	if err := t.wait("its first instruction"); err != nil {
		return notExecuted(err)
	}
	a.executed = timestamp()
	if err := syscall.PtraceGetRegs(t.pid, &a.registers); err != nil {
		return os.NewSyscallError("ptrace", err)
	}
	var err error
	if a.entry, err = t.entry(); err != nil {
		return err
	}
	if err := a.join(); err != nil {
		return err
	}
	if err := a.probe(); err != nil {
		return err
	}
	if a.command.image.loader {
		if err := a.load(); err != nil {
			return err
		}
	}
	for _, p := range a.laid.patches {
		if err := t.poke(p); err != nil {
			return err
		}
	}
	if a.plan.watch != nil {
		if err := a.plan.watch(a, true); err != nil {
			return err
		}
	}
	if err := t.goTo(a.registers, a.laid.start); err != nil {
		return err
	}
	if err := a.all.set(t.pid); err != nil {
		return err
	}
	if a.plan.watch != nil || a.plan.calls != nil {
		return nil
	}
	return os.NewSyscallError("ptrace", syscall.PtraceDetach(t.pid))
}

// notExecuted is the error for a launcher that ended: its exit code is the reason.
func notExecuted(err error) error {
	var ended *endedError
	if errors.As(err, &ended) && ended.status.Exited() {
		return fmt.Errorf("it can't be executed: %w", syscall.Errno(ended.status.ExitStatus()))
	}
	return err
}

// join maps the region into the program, with what was laid out for it.
func (a *attempt) join() error {
	image, t := a.command.image, a.process
	moved := a.entry - image.entry
	a.region.at = pageUp(image.end+moved) + near
	loader := uint64(0)
	if image.loader {
		loader = a.registers.Rip
	}
	var err error
	if a.laid, err = lay(image, a.region, a.plan.cuts, moved, loader); err != nil {
		return err
	}
	if uint64(len(a.laid.code)) > a.region.size()-a.region.code() {
		return errors.New("the code for the cuts is longer than expected")
	}
	copy(a.memory[a.region.code():], a.laid.code)
	instruction, err := t.systemCall(image, moved)
	if err != nil {
		return err
	}
	const protection = syscall.PROT_READ | syscall.PROT_WRITE | syscall.PROT_EXEC
	const flags = syscall.MAP_SHARED | mapFixed | syscall.MAP_POPULATE
	at, err := t.call(a.registers, instruction, syscall.SYS_MMAP, a.region.at, a.region.size(), protection, flags, regionFile, 0)
	if err != nil {
		return os.NewSyscallError("mmap in the program", err)
	}
	if at != a.region.at {
		return errors.New("mmap in the program: the memory behind it is not free")
	}
	_, err = t.call(a.registers, instruction, syscall.SYS_CLOSE, regionFile)
	return os.NewSyscallError("close in the program", err)
}

// systemCall returns the address of an instruction that makes a system call: in the kernel's own library, since a page of the program
// would be read from disk for it, or else in the program.
func (t *tracee) systemCall(m *image, moved uint64) (uint64, error) {
	instruction := []byte{0x0f, 0x05}
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", t.pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(maps)) {
		var start, end uint64
		if !strings.HasSuffix(line, "[vdso]\n") {
			continue
		}
		if _, err := fmt.Sscanf(line, "%x-%x", &start, &end); err != nil {
			break
		}
		data := make([]byte, end-start)
		if _, err := syscall.PtracePeekText(t.pid, uintptr(start), data); err != nil {
			break
		}
		if i := bytes.Index(data, instruction); i >= 0 {
			return start + uint64(i), nil
		}
	}
	if i := bytes.Index(m.text.Code, instruction); i >= 0 {
		return m.text.Start + moved + uint64(i), nil
	}
	return 0, errors.New("it has no instruction that makes a system call")
}

func (a *attempt) word(at uint64) uint64 { return binary.LittleEndian.Uint64(a.memory[at:]) }

// probe measures how long it takes from a trap in the program until the tracer knows.
func (a *attempt) probe() error {
	var took []uint64
	for range 5 {
		if err := a.process.resume(a.registers, a.laid.probe); err != nil {
			return err
		}
		if err := a.process.wait("its first instruction"); err != nil {
			return err
		}
		took = append(took, timestamp()-a.word(headProbe))
	}
	a.latency = slices.Min(took) // the others had to wait for other processes
	return nil
}

// load has the loader do its work, up to the program's first instruction.
func (a *attempt) load() error {
	t := a.process
	was := make([]byte, 1)
	if _, err := syscall.PtracePeekText(t.pid, uintptr(a.entry), was); err != nil {
		return os.NewSyscallError("ptrace", err)
	}
	if err := t.poke(patch{a.entry, []byte{0xcc}}); err != nil {
		return err
	}
	if err := t.resume(a.registers, a.laid.loader); err != nil {
		return err
	}
	if err := t.wait("its first instruction"); err != nil {
		return err
	}
	a.loaded = timestamp()
	if err := syscall.PtraceGetRegs(t.pid, &a.registers); err != nil {
		return os.NewSyscallError("ptrace", err)
	}
	if a.registers.Rip != a.entry+1 {
		return fmt.Errorf("it trapped at %#x, not at its first instruction", a.registers.Rip-1)
	}
	return t.poke(patch{a.entry, was})
}

// end waits for the program's end.
func (a *attempt) end() error {
	var err error
	switch {
	case a.plan.watch != nil:
		err = a.watchEnd()
	case a.plan.calls != nil:
		err = a.watchCalls()
	}
	if err != nil {
		return err
	}
	if a.process.done {
		return nil
	}
	status, usage, err := a.process.finish()
	a.usage = usage
	if err == nil && !a.reached() {
		err = &endedError{status, "main.main"}
	}
	return err
}

// result takes what was written down.
func (a *attempt) result() (*run, error) {
	r := &run{entry: a.read(recordEntry), again: a.read(recordAgain), faults: a.usage.Minflt, reads: a.usage.Majflt}
	r.exec = a.stopped(headExec, a.executed)
	if a.loaded != 0 {
		r.loader = a.stopped(headLoader, a.loaded)
	}
	for i := range a.plan.cuts {
		r.cuts = append(r.cuts, a.read(i+recordsFirst))
	}
	const tooLong = 1 << 62
	if r.exec > tooLong || r.loader > tooLong || r.total() > tooLong {
		return nil, errors.New("the processor's time stamp went backwards")
	}
	return r, nil
}

// stopped returns the ticks from a time stamp in the head until the program stopped, of which the tracer knew at the time stamp until.
func (a *attempt) stopped(word, until uint64) uint64 {
	took := until - a.word(word)
	return took - min(took, a.latency)
}

func (a *attempt) read(i int) record {
	at := a.region.record(i)
	word := func(offset uint64) int64 { return int64(a.word(at + offset)) }
	r := record{time: a.word(at)}
	if !a.region.counts {
		return r
	}
	r.cpu = word(recordCPU)*1e9 + word(recordCPU+8)
	r.goroutines = word(recordGoroutines)
	r.faults, r.reads = word(recordFaults), word(recordReads)
	r.allocs, r.bytes = word(recordAllocs), word(recordBytes)
	return r
}
