// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import "testing"

func TestReason(t *testing.T) {
	at := func(line int64) Site { return Site{File: "/src/m/main.go", Line: line} }
	walk := Cycle{Funcs: []string{"main.walk"}, Bytes: 96, Functions: 1, Limits: []Limit{{"main.walk", at(7)}}}
	turn := Cycle{Funcs: []string{"main.even", "main.odd", "main.third"}, Bytes: 96, Functions: 9, Limits: []Limit{{"main.even", at(7)}, {"main.odd", at(9)}}}
	huge := Cycle{Funcs: []string{"fmt.a", "main.b"}, Bytes: 400, Functions: 900, Limits: []Limit{{"fmt.a", at(1)}, {"main.b", at(2)}}, More: true}
	parted := huge
	parted.Certain = true // but nothing says that it is reached
	reached := huge
	reached.Certain, reached.Reached = true, true
	parted.Junction = &Junction{Func: "fmt.a", At: at(5), Targets: 214}
	call := Unknown{Kind: UnknownCall, Func: "main.f", At: at(12), Bytes: 80}
	for _, test := range []struct {
		entry Entry
		want  string
	}{
		{Entry{Status: Exact}, ""},
		{Entry{Status: UpperBound}, ""},
		{
			Entry{Status: Unbounded, Cycles: []Cycle{walk}},
			"unbounded by a possible recursion: main.walk calls itself, 96 B a turn; a limit (//spade:turns N in main.walk), for what is at m/main.go:7, would bound it",
		},
		{
			Entry{Status: Unbounded, Cycles: []Cycle{turn, walk}, Unknowns: []Unknown{call}},
			"unbounded by a possible recursion: main.even calls itself through main.odd and 1 more, 96 B a turn; limits on 2 functions would bound it, one of them " +
				"//spade:turns N in main.even, for what is at m/main.go:7; so does 1 other recursion; besides, 1 unknown, the first at m/main.go:12",
		},
		{
			Entry{Status: Unbounded, Cycles: []Cycle{reached, walk, turn}},
			"unbounded by a certain recursion: fmt.a calls itself through main.b, 400 B a turn; limits on more than 2 functions would be needed; so do 2 other recursions",
		},
		{
			Entry{Status: Unbounded, Cycles: []Cycle{parted}},
			"unbounded by a possible recursion: fmt.a calls itself through main.b, 400 B a turn; limits on more than 2 functions would be needed, unless the call in fmt.a at " +
				"m/main.go:5, which may lead to 214 of them, is told what it calls (//spade:calls F in fmt.a)",
		},
		{
			Entry{Status: LowerBound, Unknowns: []Unknown{call, {Kind: UnknownCall, Func: "main.g"}, {Kind: UnknownC, Func: "main.h"}}},
			"may be deeper: 2 calls whose target is unknown, the first in main.f at m/main.go:12, and 1 other unknown; what it calls (//spade:calls F in main.f) would bound it",
		},
		{
			Entry{Status: LowerBound, Unknowns: []Unknown{{Kind: UnknownFrame, Func: "main.jump", At: at(3), Detail: "it jumps"}}},
			"may be deeper: a frame that the binary does not tell, in main.jump at m/main.go:3 (it jumps); no assertion helps",
		},
		{
			Entry{Status: LowerBound, Unknowns: []Unknown{{Kind: UnknownEntry, Func: "main.main", At: at(3)}}},
			"may be deeper: a go statement whose function is not known, in main.main at m/main.go:3; what it starts (//spade:calls F in the line above) would make it known",
		},
	} {
		if got := test.entry.Reason(); got != test.want {
			t.Errorf("got\n%s\nwant\n%s", got, test.want)
		}
	}
}
