// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"sort"
	"strings"
)

// An Outcome is how one test ended in one lane.
type Outcome string

const (
	Pass       Outcome = "pass"
	Fail       Outcome = "fail"
	Skip       Outcome = "skip"
	Unfinished Outcome = "unfinished" // started, and the process ended before it did
	Missing    Outcome = "missing"    // known in the reference, never seen here
)

// WholeUnit names the result of a unit itself (for a package: its exit code), beside those of its tests.
const WholeUnit = "(unit)"

// Results is what one unit gave in one lane.
type Results struct {
	Tests   map[string]Outcome `json:"tests"`
	Output  map[string]string  `json:"output,omitempty"`  // of tests that did not pass, last 64 KB each
	Crash   string             `json:"crash,omitempty"`   // first line of a fatal error of the Go runtime that ended a test process
	Seconds float64            `json:"seconds,omitempty"` // wall time
	Log     string             `json:"log,omitempty"`     // file with everything that was printed
}

// newResults returns results without tests.
func newResults() Results {
	return Results{Tests: map[string]Outcome{}, Output: map[string]string{}}
}

// set records the outcome of a test, with its output unless it passed.
func (r *Results) set(name string, o Outcome, output string) {
	r.Tests[name] = o
	if o != Pass && output != "" {
		r.Output[name] = lastBytes(output, 64<<10)
	}
}

// merge adds the tests of other that r lacks.
func (r *Results) merge(other Results) {
	for name, o := range other.Tests {
		if _, ok := r.Tests[name]; !ok {
			r.Tests[name] = o
			if out := other.Output[name]; out != "" {
				r.Output[name] = out
			}
		}
	}
	if r.Crash == "" {
		r.Crash = other.Crash
	}
	r.Seconds += other.Seconds
}

// count returns how many tests ended with o, the unit itself not counted.
func (r Results) count(o Outcome) int {
	n := 0
	for name, got := range r.Tests {
		if got == o && name != WholeUnit {
			n++
		}
	}
	return n
}

// names returns the tests that ended with one of outcomes, sorted.
func (r Results) names(outcomes ...Outcome) []string {
	var list []string
	for name, got := range r.Tests {
		for _, o := range outcomes {
			if got == o {
				list = append(list, name)
			}
		}
	}
	sort.Strings(list)
	return list
}

// topLevel returns the test function that a subtest belongs to.
func topLevel(test string) string {
	top, _, _ := strings.Cut(test, "/")
	return top
}

// lastBytes returns the end of s, at most n bytes, from the start of a line where possible.
func lastBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = s[len(s)-n:]
	if i := strings.IndexByte(s, '\n'); i >= 0 && i < len(s)-1 {
		s = s[i+1:]
	}
	return "[...]\n" + s
}
