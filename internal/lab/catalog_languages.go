// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

// languageWorkloads do the same work in several languages, as far as it is the same: the programs say what they do.
var languageWorkloads = []Workload{
	{
		Name: "Languages/start", Program: "languages", Args: []string{"-mode", "start"}, N: 5000, Show: []string{"ctxsw/op"},
		Lanes: []Lane{stockLane, inPlaceLane, inC, inPython, inJava, inJavaVirtual, inRust, inRustAsync, inLua}, Level: true,
		About: "starting what the language has for concurrency, and waiting for its end",
	},
	{
		Name: "Languages/switch", Program: "languages", Args: []string{"-mode", "switch"}, N: 100_000, Show: []string{"ctxsw/op"},
		Lanes: []Lane{stockLane, inPlaceLane, inPython, inLua}, Level: true,
		About: "Gosched of two goroutines with GOMAXPROCS=1; a step of a generator; a resume of a coroutine",
	},
	{
		Name: "Languages/add", Program: "languages", Args: []string{"-mode", "add"}, N: 2_000_000, Show: []string{"ctxsw/op"},
		Lanes: []Lane{stockLane, inC, inPython},
		About: "adding integers in a loop",
	},
}

var (
	inC           = Lane{Name: "c", Foreign: &Foreign{Tool: "gcc", Source: "foreign/languages.c", Build: []string{"-O2", "-pthread"}}}
	inPython      = Lane{Name: "python", Foreign: &Foreign{Tool: "python3", Source: "foreign/languages.py"}}
	inJava        = Lane{Name: "java", Foreign: &Foreign{Tool: "java", Source: "foreign/Languages.java", Run: []string{"--source", "17"}}}
	inJavaVirtual = Lane{Name: "java-virtual", Args: []string{"-virtual"}, Foreign: inJava.Foreign}
	inRust        = Lane{Name: "rust", Foreign: &Foreign{Tool: "rustc", Source: "foreign/languages.rs", Build: []string{"-O", "--edition=2021"}}}
	inRustAsync   = Lane{Name: "rust-async", Args: []string{"-async"}, Foreign: inRust.Foreign}
	inLua         = Lane{Name: "lua", Foreign: &Foreign{Tool: "lua5.4", Source: "foreign/languages.lua", Says: "-v"}}
)
