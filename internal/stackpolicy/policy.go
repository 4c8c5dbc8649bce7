// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package stackpolicy decides how much stack a new goroutine starts with, from how deep earlier goroutines of
// its kind went. It is arithmetic only: it allocates nothing, takes no lock, knows no clock, and imports nothing,
// because these same lines also join package runtime (internal/edit adds them there under its package clause), where
// they run on the system stack. Tests here drive it with streams of starts and depths.
//
// # Sizes
//
// A size index i stands for a stack of 2 KiB << i.
//
// # What is observed
//
// Goroutines of one kind are numbered in the order they start. An observed goroutine starts on the smallest stack, so
// that each size it outgrows is seen. Two things tell about it: it outgrew a size (while it is alive, so long-lived
// goroutines teach too), or it ended. Either one carries the goroutine's start number. The distance between start
// numbers is the denominator of every rate: one grower in ten thousand shows up as start numbers that lie ten
// thousand apart, though nothing was ever recorded for those between. One outlier therefore never speaks for its kind.
//
// # Decay
//
// The window covers at most stackWindow starts. When it would be longer, its older half is forgotten by halving
// every count. A rate below 1/stackWindow rounds to nothing, which is what it is worth.
package stackpolicy

const (
	// stackSizes is the number of size indexes: 2 KiB … 4 MiB.
	stackSizes = 12

	// stackWindow is the number of observed starts that a rate covers.
	stackWindow = 256

	// stackSlack is by how much a count may exceed the window. Start numbers go up in steps, and goroutines that started
	// before the window, and outgrow late, must not weigh on it for long.
	stackSlack = 16

	// stackDeep is the size index from which a goroutine counts as deep: past the stacks that are densely packed.
	stackDeep = 3

	// stackEnds is the number of sampled exits that a verdict covers; half of them are enough for one.
	stackEnds = 48

	// stackPrior is added to every denominator: so many starts are assumed to have stayed small. With it, four
	// growers in a row are the least that can change an advice.
	stackPrior = 8
)

// A stackHistory is what has been observed of one kind of goroutine. The zero value knows nothing.
// Its methods must not run concurrently on one history.
type stackHistory struct {
	base, last uint32 // start numbers: the window is (base, last]
	over       [stackSizes - 1]uint16

	ends, deepEnds uint8 // sampled exits, and those of them that had been deep
}

// outgrew records that the goroutine with this start number went from size index from to size index to.
func (h *stackHistory) outgrew(start uint32, from, to int) {
	h.advance(start)
	limit := h.last - h.base + stackSlack
	for i := max(from, 0); i < to && i < len(h.over); i++ {
		if uint32(h.over[i]) < limit {
			h.over[i]++
		}
	}
}

// ended records that the sampled goroutine with this start number has exited. It had grown to size index reached; what it
// outgrew on the way is recorded already.
func (h *stackHistory) ended(start uint32, reached int) {
	h.advance(start)
	if h.ends == stackEnds {
		h.ends /= 2
		h.deepEnds /= 2
	}
	h.ends++
	if reached >= stackDeep {
		h.deepEnds++
	}
}

// advance moves the window so that it covers start. Start numbers wrap around; one behind the window changes nothing.
func (h *stackHistory) advance(start uint32) {
	if int32(start-h.last) <= 0 {
		return
	}
	h.last = start
	for span := h.last - h.base; span > stackWindow; span = h.last - h.base {
		h.base += (span + 1) / 2
		for i := range h.over {
			h.over[i] /= 2
		}
	}
}

// verdict says whether this kind is worth taking apart: it is mixed if some go deep and some don't, uniform if not. It is
// neither until enough have ended. Exits tell it better than growths: goroutines run out of turn, and the share of growers
// among those that have started wavers meanwhile.
func (h *stackHistory) verdict() (mixed, uniform bool) {
	if h.ends < stackEnds/2 {
		return false, false
	}
	mixed = h.deepEnds > 0 && int(h.deepEnds)*5 <= int(h.ends)*4
	return mixed, !mixed
}

// A stackAdvice packs what a kind's next goroutine should start with. 0 advises the smallest stack.
type stackAdvice uint32

// always is the size index to start with whatever it takes to get such a stack.
func (a stackAdvice) always() int { return int(a & 0xf) }

// warm is the size index to start with if a stack of that size is at hand, its pages touched by a goroutine that
// has just exited: then a shallow goroutine loses nothing by having it. It is at least always.
func (a stackAdvice) warm() int { return int(a >> 4 & 0xf) }

// dense says that goroutines of this kind that outgrow the smallest stack stop at 8 KiB, so that a small stack,
// densely packed, serves them better than pages of their own.
func (a stackAdvice) dense() bool { return a>>8&1 != 0 }

// sure says that nearly all goroutines of this kind need more than half of always.
func (a stackAdvice) sure() bool { return a>>9&1 != 0 }

// advice weighs the history. A larger start is advised for always when 3 in 10 starts need it: about where the
// copies saved outweigh the memory that the others hold. It is advised for warm stacks when 1 in 32 needs it.
func (h *stackHistory) advice() stackAdvice {
	n := h.last - h.base + stackPrior
	var always, warm uint32
	for i := range uint32(len(h.over)) {
		over := uint32(h.over[i])
		if over*10 >= n*3 {
			always = i + 1
		}
		if over >= 2 && over*32 >= n {
			warm = i + 1
		}
	}
	a := always | warm<<4
	if h.over[0] >= 8 && h.over[2]*10 < h.over[0] {
		a |= 1 << 8
	}
	if always > 0 && uint32(h.over[always-1])*10 >= n*8 {
		a |= 1 << 9
	}
	return stackAdvice(a)
}
