// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"testing"

	"golang.org/x/arch/x86/x86asm"
)

// TestRingCode reads the code of the functions that move a channel's index: the index is incremented like any variable.
func TestRingCode(t *testing.T) {
	_, text := ownProgram(t)
	seen := 0
	for i := range text.Len() {
		f, err := text.Func(i)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name != "runtime.chansend" && f.Name != "runtime.chanrecv" {
			continue
		}
		seen++
		increments := 0
		for code := text.Code[f.Entry:f.End]; len(code) > 0; {
			inst, err := x86asm.Decode(code, 64)
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			switch inst.Op {
			case x86asm.XADD:
				t.Errorf("%s has %v", f.Name, inst)
			case x86asm.INC:
				increments++
			}
			code = code[inst.Len:]
		}
		if increments == 0 {
			t.Errorf("%s increments nothing", f.Name)
		}
	}
	if seen != 2 {
		t.Errorf("%d of the two functions are in this program", seen)
	}
}
