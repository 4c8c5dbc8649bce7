// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build !linux || !(amd64 || arm64)

package runtime

// On these systems there are no slots: stacks are stock's, and what calls these functions finds nothing to do.

func slotsPossible() bool { return false }

func slotTake(class uint32) (word uintptr, mask uint64) { return 0, 0 }

func slotUntake(class uint32, word uintptr, mask uint64) {}

func slotNumber(class uint32, hi uintptr) uintptr { return 0 }

func slotHiOf(class uint32, i uintptr) uintptr { return 0 }

func slotDiscard(lo, hi uintptr) bool { return true }

func slotPopulate(lo, hi uintptr) {}

func slotSweepRest() { timeSleep(slotSweepPeriod) }

func slotReserved() (reserved, opened uintptr) { return 0, 0 }

func slotEachTaken(class uint32, fn func(hi uintptr)) {}
