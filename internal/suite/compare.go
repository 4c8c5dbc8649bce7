// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import "sort"

// A Kind says what became of a test that did not give the same result everywhere.
type Kind string

const (
	Difference Kind = "difference"  // passes under stock, never in the lane
	Expected   Kind = "expected"    // a difference that this package knows the reason of
	Crash      Kind = "crash"       // the Go runtime ended the process, in the lane only
	Flake      Kind = "flake"       // passes in the lane when tried again alone
	AloneFails Kind = "fails-alone" // passes under stock among others; tried alone it fails in both
	StockFails Kind = "stock-fails" // fails under stock, also alone
	StockFlake Kind = "stock-flake" // failed under stock once, and passes alone
)

// bad reports whether a finding of this kind makes the run fail.
func (k Kind) bad() bool { return k == Difference || k == Crash }

// A Finding is one test with a result to talk about.
type Finding struct {
	Lane  string  `json:"lane"`
	Test  string  `json:"test"`
	Kind  Kind    `json:"kind"`
	Stock Outcome `json:"stock"` // of the first run of the reference
	Got   Outcome `json:"got"`   // of the first run of the lane
	Tries string  `json:"tries"` // passes of those tried alone, per lane
	File  string  `json:"file,omitempty"`
}

// suspects returns the tests that pass in the reference and not in got, sorted. The unit's own result is among
// them only where no test explains it.
func suspects(ref, got Results) []string {
	var list []string
	for name, o := range ref.Tests {
		if o == Pass && got.outcome(name) != Pass && name != WholeUnit {
			list = append(list, name)
		}
	}
	if ref.outcome(WholeUnit) == Pass && got.outcome(WholeUnit) != Pass && len(list) == 0 && !explained(got) {
		list = append(list, WholeUnit)
	}
	sort.Strings(list)
	return list
}

// explained reports whether a test of res failed, so that the unit had to fail.
func explained(res Results) bool {
	return res.count(Fail)+res.count(Unfinished) > 0
}

// newFailures returns the tests that fail in got and are unknown to the reference, sorted: subtests with names that
// differ from run to run. Where a known test fails as well, they say nothing new.
func newFailures(ref, got Results) []string {
	var list []string
	for _, name := range got.names(Fail, Unfinished) {
		if _, known := ref.Tests[name]; !known && got.outcome(topLevel(name)) == Pass {
			list = append(list, name)
		}
	}
	return list
}

// outcome returns how a test ended, Missing for one that was never seen.
func (r Results) outcome(name string) Outcome {
	if o, ok := r.Tests[name]; ok {
		return o
	}
	return Missing
}

// missingTops returns the test functions of ref that got knows nothing of, sorted: those a dead process never came to.
func missingTops(ref, got Results) []string {
	seen := map[string]bool{}
	for name := range got.Tests {
		seen[topLevel(name)] = true
	}
	add := map[string]bool{}
	for name := range ref.Tests {
		if top := topLevel(name); !seen[top] {
			add[top] = true
		}
	}
	var list []string
	for name := range add {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}
