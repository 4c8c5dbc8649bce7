// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bufio"
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/arch/x86/x86asm"
	"golang.org/x/perf/benchfmt"

	"github.com/spadego/spade/internal/pclntab"
)

// The checks of a program are the instructions at the head of its functions that compare the stack pointer with the stack's bound, and
// those at their end that call the runtime for more stack. Which they are is in the program's code; how often each is executed, callgrind
// counts.

// Units of a sample of checks. A check has several instructions; text is the code of all functions.
const (
	unitChecks      = "sim-checks/op"
	unitCheckShare  = "sim-check-share"
	unitPerCheck    = "sim-instructions/check"
	unitCodeMisses  = "sim-i1-misses/op"
	unitChecked     = "checked-functions"
	unitCheckText   = "check-text-bytes"
	unitProgramText = "text-bytes"
)

// checkFigures are what a sample of checks has.
var checkFigures = []string{unitCheckShare, unitChecks, unitPerCheck, unitCodeMisses, unitChecked, unitCheckText, unitProgramText}

// checks are those of a program, by the addresses of their instructions.
type checks struct {
	first map[uint64]bool // of each check
	all   map[uint64]bool // on the way to the function's body
	bytes int             // of the checks and what they lead to
	text  int             // of all functions
}

// readChecks finds the checks of an amd64 program that is not relocated when it is loaded.
func readChecks(program io.ReaderAt) (*checks, error) {
	text, err := pclntab.ReadText(program)
	if err != nil {
		return nil, fmt.Errorf("the program's functions: %w", err)
	}
	if text.Machine != elf.EM_X86_64 {
		return nil, skip{"checks are known in code for amd64 only"}
	}
	found := &checks{first: map[uint64]bool{}, all: map[uint64]bool{}, text: len(text.Code)}
	for i := range text.Len() {
		f, err := text.Func(i)
		if err != nil {
			return nil, err
		}
		if f.End <= uint64(len(text.Code)) {
			found.in(text.Code[f.Entry:f.End], text.Start+f.Entry)
		}
	}
	return found, nil
}

// longest is how many instructions a check has at most: assembly loads g first.
const longest = 6

// in adds the check of a function whose code lies at an address, if it has one. For a small frame the stack pointer is compared as it
// is, for a larger one after a subtraction, and for a very large one it is looked first whether that wraps.
func (c *checks) in(code []byte, address uint64) {
	var at []uint64
	compared := false
	for pc := 0; pc < len(code) && len(at) < longest; {
		inst, err := x86asm.Decode(code[pc:], 64)
		if err != nil {
			return
		}
		at = append(at, address+uint64(pc))
		pc += inst.Len
		switch inst.Op {
		case x86asm.LEA, x86asm.MOV, x86asm.SUB, x86asm.JB:
			if compared {
				return
			}
		case x86asm.CMP:
			bound, ok := inst.Args[1].(x86asm.Mem)
			if !ok || bound.Base != x86asm.R14 || bound.Disp != 16 {
				return
			}
			compared = true
		case x86asm.JBE:
			rel, ok := inst.Args[0].(x86asm.Rel)
			if !ok || !compared {
				return
			}
			rest := more(code, pc+int(rel))
			if rest == 0 {
				return
			}
			c.first[at[0]] = true
			for _, a := range at {
				c.all[a] = true
			}
			c.bytes += pc + rest
			return
		default:
			return
		}
	}
}

// more returns how many bytes the code from pc on has that calls for more stack and goes back to the function's head, or 0.
func more(code []byte, pc int) int {
	const most = 64 // instructions: a few registers are saved and restored
	for began, n := pc, 0; pc > 0 && pc < len(code) && n < most; n++ {
		inst, err := x86asm.Decode(code[pc:], 64)
		if err != nil {
			break
		}
		pc += inst.Len
		if rel, ok := inst.Args[0].(x86asm.Rel); ok && inst.Op == x86asm.JMP && pc+int(rel) == 0 {
			return pc - began
		}
	}
	return 0
}

// A checkCount is what callgrind saw of a program, and of its checks.
type checkCount struct {
	instructions, codeMisses int64 // of all
	within, checks           int64 // instructions in checks; checks
}

// count reads callgrind's output, which has a line "address line instructions …" for each instruction.
func (c *checks) count(profile io.Reader) (sum checkCount, err error) {
	lines := bufio.NewScanner(profile)
	lines.Buffer(nil, 1<<20)
	misses := -1 // which of the numbers of a line
	for inclusive := false; lines.Scan(); {
		line := lines.Text()
		if events, found := strings.CutPrefix(line, "events: "); found {
			for i, name := range strings.Fields(events) {
				if name == "I1mr" {
					misses = i
				}
			}
		}
		if strings.HasPrefix(line, "calls=") {
			inclusive = true // the next line is what the call took
			continue
		}
		if !strings.HasPrefix(line, "0x") || inclusive {
			inclusive = false
			continue
		}
		fields := strings.Fields(line)
		if len(fields) < 3 {
			continue // no event happened
		}
		address, err := strconv.ParseUint(fields[0], 0, 64)
		if err != nil {
			return sum, fmt.Errorf("callgrind's output: %w", err)
		}
		number := func(i int) (n int64) {
			if i >= 0 && i+2 < len(fields) && err == nil {
				n, err = strconv.ParseInt(fields[i+2], 10, 64)
			}
			return n
		}
		n := number(0)
		sum.instructions += n
		sum.codeMisses += number(misses)
		if c.all[address] {
			sum.within += n
		}
		if c.first[address] {
			sum.checks += n
		}
		if err != nil {
			return sum, fmt.Errorf("callgrind's output: %w", err)
		}
	}
	if sum.instructions == 0 && lines.Err() == nil {
		return sum, errors.New("callgrind's output has no instructions")
	}
	return sum, lines.Err()
}

// countChecks returns how many checks an operation of w executes, and what they are of all instructions.
func (r *run) countChecks(ctx context.Context, w Workload, lane Lane, base start) (*benchfmt.Result, error) {
	program, err := os.Open(base.argv[0])
	if err != nil {
		return nil, err
	}
	defer program.Close()
	known, err := readChecks(program)
	if err != nil {
		return nil, err
	}
	if err := r.needValgrind(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "spade-lab-")
	if err != nil {
		return nil, fmt.Errorf("a place for callgrind's output: %w", err)
	}
	defer os.RemoveAll(dir)
	profile := filepath.Join(dir, "profile")
	counted := func(n int) (checkCount, error) {
		_, err := r.events(ctx, base, w.arguments(lane, n), []string{"--callgrind-out-file=" + profile, "--cache-sim=yes", "--dump-instr=yes", "--compress-pos=no"})
		if err != nil {
			return checkCount{}, err
		}
		file, err := os.Open(profile)
		if err != nil {
			return checkCount{}, err
		}
		defer file.Close()
		return known.count(file)
	}
	n := r.operations(w)
	once, err := counted(n)
	if err != nil {
		return nil, err
	}
	again, err := counted(countTimes * n)
	if err != nil {
		return nil, err
	}
	perOp := func(a, b int64) float64 { return max(0, float64(b-a)/float64((countTimes-1)*n)) } // start-up may have had more
	all, within, times := perOp(once.instructions, again.instructions), perOp(once.within, again.within), perOp(once.checks, again.checks)
	per := 0.0
	if times > 0 {
		per = within / times
	}
	return firstResult(strings.NewReader(fmt.Sprintf("%s\nBenchmark%s %d %.2f %s %.5f %s %.2f %s %.4g %s %.2f %s %d %s %d %s %d %s\n",
		strings.Join(base.config, "\n"), w.Name, (countTimes-1)*n, all, unitInstructions, within/all, unitCheckShare, times, unitChecks,
		per, unitPerCheck, perOp(once.codeMisses, again.codeMisses), unitCodeMisses,
		len(known.first), unitChecked, known.bytes, unitCheckText, known.text, unitProgramText)))
}
