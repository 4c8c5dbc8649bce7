// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pclntab

import "debug/elf"

// A Frame is one function at a program counter: one that was inlined there, or the one that the code belongs to.
type Frame struct {
	Func      string
	StartLine int // line of the func keyword
	File      string
	Line      int // of the program counter; in a function into which another was inlined, of the call
}

// inlineTree is which of the data that follow a record has the tree of inlined calls (abi.FUNCDATA_InlTree), and noData what there is
// instead of an offset if there is none.
const (
	inlineTree = 3
	noData     = 1<<32 - 1
)

// An inlined call in a tree: a byte that tells special functions, three that are not used, and three words: where the function's name is
// in names, where in the caller the call was, and the line that the function starts in.
const (
	inlinedSize   = 16
	inlinedName   = 4
	inlinedParent = 8
	inlinedStart  = 12
)

// mostInlined is more calls than are inlined into each other.
const mostInlined = 1000

// Frames returns the functions at the program counter pc, an offset from f's entry: the last one that was inlined there first, f itself
// last.
func (t *Text) Frames(f Func, pc uint64) []Frame {
	return framesAt(f, t.trees, f.Places(), pc)
}

// Inlines reports whether other functions were inlined into f.
func (f Func) Inlines() bool { return f.tree != noData }

func framesAt(f Func, trees []byte, places *Places, pc uint64) []Frame {
	var frames []Frame
	numbers := f.t.cursor(f.inlined)
	for range mostInlined {
		file, line := places.At(pc)
		number, ok := numbers.At(pc)
		at := uint64(f.tree) + uint64(number)*inlinedSize
		if !ok || number < 0 || f.tree == noData || at+inlinedSize > uint64(len(trees)) {
			return append(frames, Frame{f.Name, f.StartLine, file, line})
		}
		word := func(offset uint64) uint32 { return f.t.order.Uint32(trees[at+offset:]) }
		name, err := stringAt(f.t.names, uint64(word(inlinedName)))
		if err != nil {
			return append(frames, Frame{f.Name, f.StartLine, file, line})
		}
		frames = append(frames, Frame{name, int(int32(word(inlinedStart))), file, line})
		pc = uint64(word(inlinedParent))
	}
	return frames
}

// Words of the runtime's moduledata after that of the text: where the trees start, which is followed by where the table with all that
// belongs to it ends. There are more words before in Go 1.27 than in Go 1.26.
var wordTrees = []int{40, 43}

// readTrees returns what the trees of inlined calls are in, nil if it was not found.
func readTrees(f *elf.File, table *elf.Section, word func(i int) (uint64, bool)) []byte {
	for _, i := range wordTrees {
		start, ok := word(i)
		end, also := word(i + 1)
		if !ok || !also || end != table.Addr+table.Size || start >= end {
			continue
		}
		for _, s := range f.Sections {
			if s.Type == elf.SHT_PROGBITS && s.Addr <= start && end <= s.Addr+s.Size {
				trees := make([]byte, end-start)
				if _, err := s.ReadAt(trees, int64(start-s.Addr)); err == nil {
					return trees
				}
			}
		}
	}
	return nil
}
