// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/spadego/spade/internal/finding"
)

// A Stack is a call stack with which a goroutine has grown, or was deeper than others.
type Stack struct {
	Func string `json:"entry"`
	// PCs are distances from the start of the text, the innermost function's first: return addresses but for that one.
	PCs []uint64 `json:"stack"`
	// At is nil, or has for each of PCs how many bytes below the stack's upper end the frame pointer is there; of the innermost function, the
	// stack pointer. It is 0 where there is no frame pointer to follow. Both are empty if the runtime had no room for them.
	At []int64 `json:"-"`
	// Frames are PCs in their lower halves, and At in their upper halves, as the runtime writes them.
	Frames []uint64 `json:"frames"`
}

// ReadStacks reads the call stacks in what ReadObservations reads.
func ReadStacks(r io.Reader) ([]Stack, error) {
	var all []Stack
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		var s Stack
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			return nil, fmt.Errorf("%q: %w", lines.Text(), err)
		}
		if s.Frames != nil {
			s.At = []int64{}
		}
		for _, word := range s.Frames {
			s.PCs, s.At = append(s.PCs, word&(1<<32-1)), append(s.At, int64(word>>32))
		}
		if len(s.PCs) > 0 || s.At != nil {
			all = append(all, s)
		}
	}
	return all, lines.Err()
}

// Grown lets EmitObserved compare call stacks with what the source asserts, and with frames and calls as they are known.
func (a *Analysis) Grown(stacks []Stack) { a.stacks = stacks }

// brokenAssertions says which assertions do not hold in what was observed, each once.
func (a *Analysis) brokenAssertions() []finding.Observed {
	if len(a.stacks) == 0 {
		return nil
	}
	s := a.graph.asserted
	said := map[*assertion]*finding.Observed{}
	say := func(a *assertion, o Stack, format string, args ...any) {
		if said[a] == nil {
			said[a] = &finding.Observed{
				Func: o.Func, Violation: true, Broken: fmt.Sprintf(format, args...),
				Assertions: []finding.Assertion{{Text: a.text, At: a.at}},
			}
		}
	}
	for _, o := range a.stacks {
		frames := s.frames(o.PCs)
		counts := make([]int, len(s.limits))
		for i, f := range frames {
			if limit, limited := s.limited[f.function]; limited {
				if counts[limit]++; counts[limit] > s.limits[limit].turns {
					say(s.limits[limit], o, "%s was on the stack %d times", s.code.functions[f.function].Name, s.count(frames, limit))
				}
			}
			if a, called := s.called(frames, i); a != nil && !slices.Contains(a.functions, called) {
				say(a, o, "%s called %s", s.code.functions[f.function].Name, s.code.functions[called].Name)
			}
		}
	}
	var all []finding.Observed
	for _, found := range said {
		all = append(all, *found)
	}
	slices.SortFunc(all, func(a, b finding.Observed) int {
		return compareAssertions(a.Assertions[0], b.Assertions[0])
	})
	return all
}

// nameStart names the assertion on a go statement that has started what is not foreseen.
func (s *assertions) nameStart(o *finding.Observed) {
	if a := s.lines[place{o.Site.File, int(o.Site.Line)}]; a != nil && o.Violation && o.Status == "" {
		o.Broken = "the go statement started " + o.Func
		o.Assertions = []finding.Assertion{{Text: a.text, At: a.at}}
	}
}

// A frame is a function on a stack, and its call of the one before it, if it is not the innermost.
type frame struct {
	function int
	call     *call
}

func (s *assertions) frames(stack []uint64) []frame {
	var frames []frame
	for i, pc := range stack {
		if i > 0 {
			pc-- // within the call
		}
		id, found := s.code.text.Find(pc)
		if !found {
			break
		}
		f := frame{function: id}
		if i > 0 {
			calls := s.code.functions[id].calls
			for n := range calls {
				if at := s.code.functions[id].Entry + calls[n].pc; at <= pc && (f.call == nil || calls[n].pc > f.call.pc) {
					f.call = &calls[n]
				}
			}
		}
		frames = append(frames, f)
	}
	return frames
}

// count returns how often a limited function is on a stack.
func (s *assertions) count(frames []frame, limit int) int {
	n := 0
	for _, f := range frames {
		if of, limited := s.limited[f.function]; limited && of == limit {
			n++
		}
	}
	return n
}

// called returns the assertion on the call of frame i, and what was called. It returns nil if there is none, or if the stack does not show it.
func (s *assertions) called(frames []frame, i int) (*assertion, int) {
	c := frames[i].call
	if c == nil {
		return nil, 0
	}
	if c.target == unknownTarget {
		return s.onCall(frames[i].function, *c), frames[i-1].function
	}
	a := s.direct(frames[i].function, *c)
	if a == nil {
		return nil, 0
	}
	for i--; i > 0 && reflectedBy(s.code.functions[frames[i].function].Name) == 0; i-- {
		if name := s.code.functions[frames[i].function].Name; !slices.Contains(callsByReflection, name) && name != "runtime.reflectcall" {
			return nil, 0 // package reflect itself has grown
		}
	}
	if i <= 0 {
		return nil, 0
	}
	return a, frames[i-1].function
}
