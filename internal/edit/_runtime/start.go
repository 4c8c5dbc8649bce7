// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package runtime

import (
	"internal/runtime/exithook"
	"internal/strconv"
)

// Strategy and settings are chosen once, at process start, from the environment variable GOSPADE: key=value pairs
// separated by commas. What is not understood is said once on standard error, and ignored.

var (
	// stackLearns: goroutines start on the stack that their kind is advised.
	stackLearns bool
	// slotsOn: stacks outgrow into slots and grow there in place. Implies stackLearns. Cleared if there turns out to be no
	// room for slots, before the first one.
	slotsOn bool
	// kindsAsked: kindAskSystem is called: stackLearns, or goroutines are noted.
	kindsAsked bool
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
			spadeUnknown(value, key, "inplace or copy")
		case key == "report":
			reportSetting(value)
		case key == "growths":
			if n, err := strconv.Atoi(value); err == nil && n >= 0 && n < 1<<30 {
				growthRate = uint32(n)
			} else {
				spadeUnknown(value, key, "0 for none or N for one in N")
			}
		case value != "" && value != "0" && value != "1" && spadeSwitch(key) != nil:
			spadeUnknown(value, key, "0 or 1")
		case spadeSwitch(key) != nil:
			*spadeSwitch(key) = value != "0"
		case earlySetting(key, value):
		default:
			print("spade: GOSPADE: unknown setting ", field, ", ignored; known are stacks, report, growths, highwater, move, poison, startprofile, starttrace, startms and startrate\n")
		}
	}
	stackLearns = inplace && !stacksShadowed()
	slotsOn = stackLearns && slotsPossible()
	if stackPaints {
		noteArm()
		if !spadeReport {
			reportSetting("")
		}
	}
	if stackNotes {
		growthRate = 1
	}
	kindsAsked = stackLearns || stackNotes
	if len(spadeMarker) == 0 {
		throw("no spade marker") // never: a use, so that the linker keeps the string
	}
}

// stacksShadowed reports whether something keeps shadow memory for the stacks that it knows of, or wants each at an address of its own.
func stacksShadowed() bool {
	return raceenabled || msanenabled || asanenabled || valgrindenabled || debug.efence != 0
}

// spadeMain does the rest once the collector runs. runtime.main calls it once, before package initialisation.
func spadeMain() {
	if spadeReport {
		exithook.Add(exithook.Hook{F: spadePrintReport, RunOnFailure: true})
	}
	if stackLearns {
		slotSweeper.round = 1
		lockInit(&slotSweeper.lock, lockRankScavenge) // it parks with it, like the scavenger
		slotSweeper.idle.Store(true)
		slotSweeper.parked = true
	}
}

// spadeSwitch returns the variable of a setting that is on or off, or nil.
//
//go:noinline
func spadeSwitch(key string) *bool {
	switch key {
	case "highwater":
		return &stackPaints
	case "move":
		return &slotMoves
	case "poison":
		return &slotPoisons
	}
	return nil
}

// spadeUnknown says that a value of a setting is not understood.
//
//go:noinline
func spadeUnknown(value, key, known string) {
	print("spade: GOSPADE: unknown value ", value, " of ", key, ", ignored; it can be ", known, "\n")
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
