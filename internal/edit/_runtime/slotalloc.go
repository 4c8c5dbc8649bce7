// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/runtime/sys"
)

// Slots without a goroutine: fresh ones, and loose ones that are still warm

// looseSlots are warm slots whose goroutines have moved on to a larger class, linked by slotHeader.next. Each list is given
// by the hi of the first.
var looseSlots struct {
	lock  mutex // leaf
	class [slotClasses]struct {
		young  uintptr
		old    uintptr // those that have been there when the sweeper came by
		locked uintptr // those whose pages the kernel does not take back
	}
}

// slotInit prepares the header of a slot without pages.
func slotInit(class uint32, hi, size uintptr) {
	hdr := slotHead(hi)
	slotLock(hdr) // the sweeper may come by
	hdr.class = class
	hdr.lo, hdr.touched, hdr.recent = hi-size, hi-size, hi-size
	slotUnlock(hdr)
}

// slotAlloc returns a slot with newsize bytes of stack, of a class that has room for reach if it can be had.
func slotAlloc(pp *p, newsize, reach uintptr) (stack, bool) {
	class, ok := slotClassFor(max(newsize, reach))
	if !ok {
		if class, ok = slotClassFor(newsize); !ok {
			return stack{}, false
		}
	}
	hi := slotWarm(pp, class)
	if hi == 0 {
		hi = slotFresh(pp, class)
		if hi == 0 {
			return stack{}, false
		}
		slotInit(class, hi, newsize)
	}
	slotSetLo(slotHead(hi), hi-newsize)
	slotAccount(pp, int64(newsize))
	return stack{hi - newsize, hi}, true
}

// slotWarm returns a free slot whose pages are warm, or 0: a loose one, or one that a dead goroutine has kept.
func slotWarm(pp *p, class uint32) uintptr {
	if hi := looseTake(class); hi != 0 {
		return hi
	}
	if pp == nil {
		return 0
	}
	gp := stackReuse(pp, denseClasses+int(class))
	if gp == nil {
		return 0
	}
	hi := gp.stack.hi
	stackStrip(gp)
	pp.gFree.push(gp)
	return hi
}

// slotFree puts a slot that has lost its goroutine where slotWarm finds it.
func slotFree(hi uintptr) {
	if !stackKeepRoom() {
		slotRelease(hi)
		return
	}
	stackKeep(stack{hi: hi})
	loosePut(hi, &looseSlots.class[slotHead(hi).class].young)
}

// loosePut puts a slot on one of looseSlots' lists.
func loosePut(hi uintptr, list *uintptr) {
	lock(&looseSlots.lock)
	slotHead(hi).next = *list
	*list = hi
	unlock(&looseSlots.lock)
}

// looseTake returns a slot that slotFree was given, or 0.
func looseTake(class uint32) uintptr {
	loose := &looseSlots.class[class]
	if loose.young == 0 && loose.old == 0 && loose.locked == 0 {
		return 0 // racy, but a miss costs only warmth
	}
	lock(&looseSlots.lock)
	list, counted := &loose.locked, false
	switch {
	case loose.young != 0:
		list, counted = &loose.young, true
	case loose.old != 0:
		list, counted = &loose.old, true
	}
	hi := *list
	if hi != 0 {
		*list = slotHead(hi).next
	}
	unlock(&looseSlots.lock)
	if hi != 0 && counted {
		stackUnkeep(stack{hi: hi})
	}
	return hi
}

// slotFresh returns a slot without pages, or 0 if there is none to have.
func slotFresh(pp *p, class uint32) uintptr {
	if pp == nil {
		return 0
	}
	f := &pp.stacks.fresh[class]
	if f.mask == 0 {
		f.word, f.mask = slotTake(class)
		if f.mask == 0 {
			return 0
		}
	}
	i := f.word*64 + uintptr(sys.TrailingZeros64(f.mask))
	f.mask &= f.mask - 1
	return slotHiOf(class, i)
}
