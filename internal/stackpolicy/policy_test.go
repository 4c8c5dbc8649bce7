// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package stackpolicy

import (
	"math/rand/v2"
	"testing"
)

// sizeOf is the index of the smallest stack that holds depth bytes and the 928 bytes below the guard.
func sizeOf(depth int) int {
	i := 0
	for depth+928 > 2048<<i {
		i++
	}
	return i
}

// A simulation runs goroutines of one kind the way the runtime does: without an advice everyone is observed, one in
// 16 has its exit recorded; with one, one in 16 is observed.
type simulation struct {
	h      stackHistory
	starts uint32
	rnd    *rand.Rand

	started [stackSizes]int // goroutines by the size they started with
	copies  int             // moves between stacks
	alive   int             // goroutines that never exit, by bytes of stack
}

func newSimulation() *simulation { return &simulation{rnd: rand.New(rand.NewPCG(1, 2))} }

// run starts a goroutine that goes depth bytes deep, and ends it if exits.
func (s *simulation) run(depth int, exits, warm bool) {
	a := s.h.advice()
	need := sizeOf(depth)
	sampled := s.rnd.IntN(16) == 0
	start, observed := 0, a == 0 || sampled
	switch {
	case a == 0 && sampled:
		s.starts += 16
	case sampled:
		s.starts++
	case warm:
		start = a.warm()
	default:
		start = a.always()
	}
	s.started[start]++
	if need > start {
		s.copies++
		if observed {
			s.h.outgrew(s.starts, start, need)
		}
	}
	if exits && sampled {
		s.h.ended(s.starts, max(start, need))
	}
}

func TestAdvice(t *testing.T) {
	tests := []struct {
		name         string
		depth        func(i int) int
		n            int
		exits        bool
		always, warm int
		dense        bool
	}{
		{"shallow", func(int) int { return 500 }, 10000, true, 0, 0, false},
		{"shallow, parked", func(int) int { return 500 }, 10000, false, 0, 0, false},
		{"16 KiB", func(int) int { return 16000 }, 10000, true, 4, 4, false},
		{"16 KiB, parked", func(int) int { return 16000 }, 10000, false, 4, 4, false},
		{"4 KiB stays dense", func(int) int { return 3000 }, 10000, true, 1, 1, true},
		{"1 MiB", func(int) int { return 1 << 20 }, 10000, true, 10, 10, false},
		{"first one deep", func(i int) int { return 16000 * b2i(i == 0) }, 10000, true, 0, 0, false},
		{"first one deep, parked", func(i int) int { return 16000 * b2i(i == 0) }, 10000, false, 0, 0, false},
		{"1 in 10,000 deep, parked", func(i int) int { return 16000 * b2i(i%10000 == 0) }, 1000000, false, 0, 0, false},
		{"1 in 10 deep", func(i int) int { return 16000 * b2i(i%10 == 0) }, 10000, true, 0, 4, false},
		{"half deep", func(i int) int { return 16000 * b2i(i%2 == 0) }, 10000, true, 4, 4, false},
		{"deep, then shallow", func(i int) int { return 16000 * b2i(i < 5000) }, 20000, true, 0, 0, false},
		{"shallow, then deep", func(i int) int { return 16000 * b2i(i > 5000) }, 20000, true, 4, 4, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSimulation()
			for i := range tt.n {
				s.run(tt.depth(i), tt.exits, false)
			}
			a := s.h.advice()
			if a.always() != tt.always || a.warm() != tt.warm || a.dense() != tt.dense {
				t.Errorf("advice: always %d, warm %d, dense %v; want %d, %d, %v (history %+v)",
					a.always(), a.warm(), a.dense(), tt.always, tt.warm, tt.dense, s.h)
			}
		})
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A kind that is deep every time costs copies only until it is learned, and then for the observed few.
func TestCopiesSaved(t *testing.T) {
	s := newSimulation()
	const n = 100000
	for range n {
		s.run(25000, true, true)
	}
	if limit := n/16 + n/100; s.copies > limit {
		t.Errorf("%d of %d goroutines grew, want at most %d", s.copies, n, limit)
	}
}

// One outlier in ten thousand must not put the others on large stacks, wherever it stands in the stream.
func TestOutliersCostNothing(t *testing.T) {
	s := newSimulation()
	const n = 1000000
	for i := range n {
		s.run(300+16000*b2i(i%10000 == 17), false, true)
	}
	if large := n - s.started[0]; large > n/10000 {
		t.Errorf("%d of %d shallow goroutines started on a large stack", large, n)
	}
}

func TestStartNumbersWrap(t *testing.T) {
	h := stackHistory{base: 1<<32 - 10, last: 1<<32 - 10}
	for i := range uint32(40) {
		h.outgrew(1<<32-10+i+1, 0, 4)
	}
	if got := h.advice().always(); got != 4 {
		t.Errorf("always = %d after 40 growths across the wrap, want 4 (%+v)", got, h)
	}
}

func TestVerdict(t *testing.T) {
	tests := []struct {
		name           string
		every          int // one goroutine in this many goes deep; 0: none
		n              int
		mixed, uniform bool
	}{
		{"too few to tell", 2, 40, false, false},
		{"few outliers", 100000, 5000, false, true},
		{"shallow", 0, 5000, false, true},
		{"deep", 1, 5000, false, true},
		{"half and half", 2, 5000, true, false},
		{"1 in 10", 10, 5000, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSimulation()
			for i := range tt.n {
				s.run(16000*b2i(tt.every > 0 && i%max(tt.every, 1) == 0), true, false)
			}
			if mixed, uniform := s.h.verdict(); mixed != tt.mixed || uniform != tt.uniform {
				t.Errorf("verdict: mixed %v, uniform %v; want %v, %v (%+v)", mixed, uniform, tt.mixed, tt.uniform, s.h)
			}
		})
	}
}
