// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import "time"

// checkWorkloads count the checks in function prologues, in Go's own benchmarks and where they should hurt most. They run under
// callgrind, with a simulated instruction cache, and each says how much code there is too.
var checkWorkloads = []Workload{
	checked("json", "encoding/json", "^Benchmark(MarshalMap|UnmarshalMap|UnmarshalString|EncodeMarshaler)$", 1000, true),
	checked("regexp", "regexp", "^Benchmark(Find|FindSubmatch|Literal|MatchClass|ReplaceAll|OnePassShortA|Compile)$", 50, true),
	checked("sort", "sort", "^Benchmark(SearchWrappers|SortString1K|SortInt1K|StableInt1K)$", 5, true),
	checked("parser", "go/parser", "^Benchmark(ParseOnly)$", 1, false),
	checked("template", "html/template", "^Benchmark(EscapedExecute|CSSEscaper|StripTags|JSStrEscaper|URLEscaper)$", 50, false),
	checked("http", "net/http", "^Benchmark(ReadRequestChrome|ServeMux|ServerFakeConnWithKeepAlive|ServerHandlerTypeLen)$", 20, true),
	{
		Name: "Checks/indirect", Program: "chain", Level: true, Lanes: checkLanes, N: 20 << 10, Whole: true, Checks: true, Takes: 3 * time.Second,
		Show: checkFigures, About: "a chain of 1,024 indirect calls",
	},
	{
		Name: "Chain/indirect", Program: "chain", Level: true, Lanes: checkLanes, N: 20_000_000,
		Show: []string{"ctxsw/op"}, About: "the same chain, timed",
	},
}

var checkLanes = []Lane{stockLane, inPlaceLane, faultLane, faultDeepLane}

// checked returns the workload that counts the checks in benchmarks of a package of the standard library.
func checked(name, pkg, benchmarks string, n int, slow bool) Workload {
	return Workload{
		Name: "Checks/" + name, Program: pkg, Bench: benchmarks, Level: true, Lanes: checkLanes, N: n, Whole: true, Checks: true, Slow: slow,
		Takes: 3 * time.Second, Show: checkFigures, About: "Go's own benchmarks of " + pkg + ", with callgrind",
	}
}
