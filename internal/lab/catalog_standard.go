// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

// standardWorkloads are benchmarks of Go's standard library.
var standardWorkloads = []Workload{
	{
		Name: "Std/json", Program: "encoding/json", Bench: "^Benchmark(CodeMarshal|CodeUnmarshal|MarshalMap|UnmarshalMap|DecoderStream)$",
		Level: true, Extra: []Lane{faultLane}, Slow: true, N: 10, Goal: noLoss, Counts: 1, About: "Go's own benchmarks of encoding/json",
	},
	{
		Name: "Std/regexp", Program: "regexp", Bench: "^Benchmark(Find|FindSubmatch|Literal|MatchClass|ReplaceAll|AnchoredLongMatch|OnePassLongPrefix|NotOnePassShortA|Compile)$",
		Level: true, Extra: []Lane{faultLane}, Slow: true, N: 10_000, Goal: noLoss, Counts: 200, About: "the same of regexp",
	},
	{
		Name: "Std/sort", Program: "sort", Bench: "^Benchmark(SearchWrappers|SortString1K|SortInt1K|StableInt1K|Sort1e4)$",
		Level: true, Extra: []Lane{faultLane}, Slow: true, N: 60, Goal: noLoss, Counts: 2, About: "the same of sort",
	},
	{
		Name: "Std/flate", Program: "compress/flate", Bench: "^Benchmark(Decode|Encode)$/^(Digits|Newton)$/^(Speed|Default)$/^1e5$",
		Level: true, Extra: []Lane{faultLane}, Slow: true, N: 40, Goal: noLoss, Counts: 1, About: "the same of compress/flate",
	},
	{
		Name: "Std/parser", Program: "go/parser", Bench: "^Benchmark(Parse|ParseOnly|Resolve)$",
		Level: true, Extra: []Lane{faultLane}, Slow: true, N: 80, Goal: noLoss, Counts: 2, About: "the same of go/parser",
	},
	{
		Name: "Std/template", Program: "html/template", Bench: ".",
		Level: true, Extra: []Lane{faultLane}, Slow: true, N: 5000, Goal: noLoss, Counts: 100, About: "the same of html/template, which executes text/template; that has none",
	},
	{
		Name: "Std/http", Program: "net/http", Bench: "^Benchmark(ReadRequestChrome|ServeMux|ServerFakeConnWithKeepAlive|ServerFakeConnNoKeepAlive|ServerHandlerTypeLen|ClientServer)$",
		Level: true, Extra: []Lane{faultLane}, Slow: true, N: 1000, Goal: noLoss, Counts: 40, About: "the same of net/http",
	},
}
