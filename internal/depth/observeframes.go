// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"debug/elf"
	"encoding/binary"
	"fmt"

	"golang.org/x/arch/x86/x86asm"
)

// A laidFrame is a function on a stack, as frame pointers tell, beside what the binary's table says.
type laidFrame struct {
	function int
	pc       uint64 // offset of the call of the frame before, from the function's entry; of the innermost, where it asked for more stack
	entered  int64  // bytes of stack in use when the function was entered; notSeen if that can't be told
	// unseen says why another frame lies between this one and the one that is next in the list, and where this one lies is not known; "" if
	// none does.
	unseen string
}

const notSeen = -1

// Why frames are not compared with the table.
const (
	noPointer = "assembly without a frame pointer"
	byFault   = "a function without a frame that faulted"
	bySignal  = "a frame that a signal handler has made"
	offStack  = "calls beyond code of C, or more than the runtime records"
)

// layOut returns the frames of a stack, innermost first, and whether the last one is that of the goroutine's first function.
func (c *code) layOut(s Stack) (frames []laidFrame, whole bool) {
	saved := int64(8) // the frame pointer points to where the caller's lies, next to the return address
	for i, pc := range s.PCs {
		if last := len(frames) - 1; last < 0 || c.functions[frames[last].function].Name != sigpanic {
			pc-- // within the call; of what faulted, the instruction itself
		}
		id, found := c.text.Find(pc)
		if !found {
			return frames, false
		}
		f := &c.functions[id]
		if s.At[i] == 0 && f.Name == "runtime.goexit" {
			whole = true
			break
		}
		laid := laidFrame{function: id, pc: pc - f.Entry, entered: notSeen}
		switch {
		case i == 0:
			laid.entered = s.At[0]
		case c.text.Machine == elf.EM_AARCH64: // the return address is at the lower end of the frame
			if i+1 < len(s.At) && s.At[i+1] != 0 {
				laid.entered = s.At[i+1] - saved
			}
		case s.At[i] != 0:
			laid.entered = s.At[i] - saved
		}
		frames = append(frames, laid)
	}
	for i := 1; i < len(frames); i++ {
		frames[i].unseen = c.unseen(frames[i-1], frames[i])
	}
	if last := len(frames) - 1; whole && last > 0 && c.text.Machine == elf.EM_AARCH64 {
		frames[last].entered = topBytes(c.text.Machine)
	}
	return frames, whole
}

// unseen says why the frame pointer that was followed to a frame is not its own. The frame called the given one.
func (c *code) unseen(callee, frame laidFrame) string {
	f := &c.functions[frame.function]
	if c.functions[callee.function].Name == sigpanic {
		if height, _ := f.SP().At(frame.pc); height == 0 {
			return byFault
		}
	}
	if f.Assembly && !c.setsFramePointer(f) {
		return noPointer
	}
	return ""
}

// setsFramePointer reports whether the function makes the frame pointer point to its frame.
func (c *code) setsFramePointer(f *function) bool {
	code := c.text.Code[f.Entry:f.End]
	if c.text.Machine == elf.EM_AARCH64 {
		for ; len(code) >= 4; code = code[4:] {
			if w := binary.LittleEndian.Uint32(code); w == 0xD10023FD || w&0xFF8003FF == 0x910003FD { // SUB $8, RSP, R29; ADD $n, RSP, R29
				return true
			}
		}
		return false
	}
	for len(code) > 0 {
		i, ok := decodeAMD64(code, 0)
		if !ok {
			return false
		}
		if inst, err := x86asm.Decode(code, 64); err == nil && inst.Args[0] == x86asm.RBP {
			from, _ := inst.Args[1].(x86asm.Mem)
			if inst.Op == x86asm.MOV && inst.Args[1] == x86asm.RSP || inst.Op == x86asm.LEA && from.Base == x86asm.RSP {
				return true
			}
		}
		code = code[i.size:]
	}
	return false
}

// A frameCheck counts frames whose height is compared with the table.
type frameCheck struct {
	frames, same int64
	unchecked    map[string]int64
	wrong        map[string]bool // what differs, each once
}

// heights compares the height of every frame at its call with what the table has for it.
func (k *frameCheck) heights(c *code, frames []laidFrame, whole bool) {
	for i := 1; i < len(frames); i++ {
		caller, callee := frames[i], frames[i-1]
		f := &c.functions[caller.function]
		switch {
		case caller.unseen != "":
			k.unchecked[caller.unseen]++
			continue
		case c.text.Machine == elf.EM_AARCH64 && c.functions[callee.function].Name == sigpanic:
			k.unchecked[bySignal]++
			continue
		case caller.entered == notSeen || callee.entered == notSeen:
			k.unchecked[offStack]++
			continue
		}
		want, known := f.SP().At(caller.pc)
		got := callee.entered - caller.entered - c.text.ReturnAddress
		k.compare(known && got == want, "%s+%#x has %d bytes of stack when it calls %s, %d in the binary's table",
			f.Name, caller.pc, got, c.functions[callee.function].Name, want)
	}
	if last := len(frames) - 1; whole && last >= 0 {
		top := topBytes(c.text.Machine)
		k.compare(frames[last].entered == top || frames[last].unseen != "", "%s has %d bytes of stack above it, not %d",
			c.functions[frames[last].function].Name, frames[last].entered, top)
	}
}

func (k *frameCheck) compare(same bool, format string, args ...any) {
	k.frames++
	if same {
		k.same++
		return
	}
	k.wrong[fmt.Sprintf(format, args...)] = true
}

// deepest is how many bytes of stack are in use at least once the innermost function has made its frame.
func (c *code) deepest(frames []laidFrame) int64 {
	f := &c.functions[frames[0].function]
	if f.Assembly { // what it pushes later is in its frame, too
		return frames[0].entered
	}
	return frames[0].entered + f.frame
}
