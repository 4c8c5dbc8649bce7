// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import "internal/runtime/exithook"

// Strategy and settings are chosen once, at process start, from the environment variable GOSPADE: key=value pairs
// separated by commas. What is not understood is said once on standard error, and ignored.

var (
	// stackLearns: goroutines start on the stack that their kind is advised.
	stackLearns bool
	// slotsOn: stacks outgrow into slots and grow there in place. Implies stackLearns. Cleared if there turns out to be no
	// room for slots, before the first one.
	slotsOn bool
	// spadeReport: print the counts at exit.
	spadeReport bool
)

// spadeInit reads GOSPADE. schedinit calls it once GODEBUG is read, while there is one goroutine and no user code.
func spadeInit() {
	inplace := true
	settings := gogetenv("GOSPADE")
	for settings != "" {
		var field string
		field, settings = spadeCut(settings, ',')
		key, value := spadeCut(field, '=')
		switch {
		case field == "":
		case key == "stacks" && value == "inplace":
			inplace = true
		case key == "stacks" && value == "copy":
			inplace = false
		case key == "stacks":
			print("spade: GOSPADE: unknown value ", value, " of stacks, ignored; it can be inplace or copy\n")
		case value != "" && value != "0" && value != "1" && spadeSwitch(key) != nil:
			print("spade: GOSPADE: unknown value ", value, " of ", key, ", ignored; it can be 0 or 1\n")
		case spadeSwitch(key) != nil:
			*spadeSwitch(key) = value != "0"
		default:
			print("spade: GOSPADE: unknown setting ", field, ", ignored; known are stacks, report, move and poison\n")
		}
	}
	stackLearns = inplace && !raceenabled && !msanenabled && !asanenabled && !valgrindenabled && debug.efence == 0
	slotsOn = stackLearns && slotsPossible()
	if len(spadeMarker) == 0 {
		throw("no spade marker") // never: a use, so that the linker keeps the string
	}
}

// spadeMain starts what needs a running scheduler. runtime.main calls it once, before package initialisation.
func spadeMain() {
	if spadeReport {
		exithook.Add(exithook.Hook{F: spadePrintReport, RunOnFailure: true})
	}
	if stackLearns {
		slotSweeper.round = 1
		lockInit(&slotSweeper.lock, lockRankScavenge) // it parks with it, like the scavenger
		go slotSweepForever()
	}
}

// spadeSwitch returns the variable of a setting that is on or off, or nil.
//
//go:noinline
func spadeSwitch(key string) *bool {
	switch key {
	case "report":
		return &spadeReport
	case "move":
		return &slotMoves
	case "poison":
		return &slotPoisons
	}
	return nil
}

// spadeCut splits s around the first sep. Without one, after is empty.
//
//go:noinline
func spadeCut(s string, sep byte) (before, after string) {
	for i := range len(s) {
		if s[i] == sep {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}
