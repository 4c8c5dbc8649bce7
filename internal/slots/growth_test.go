// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package slots

import (
	"regexp"
	"strings"
	"testing"
)

// TestCounts: growths known by construction. Copying, they are exact; in place, what is learned leaves few of them.
func TestCounts(t *testing.T) {
	t.Parallel()
	path := program(t, "counts")
	o := runOK(t, "copy", path, nil, "1000")
	for name, want := range map[string]int{
		"shallow-growths": 0, "twice-growths": 2000, "twice-copied": 2000, "six-growths": 6000, "six-copied": 6000,
		"six-inplace": 0, "six-starts": 0, "six-enabled": 0, "six-reserved": 0,
	} {
		if got := o.value(t, name); got != want {
			t.Errorf("copy: %s is %d, want %d", name, got, want)
		}
	}
	// Six copies of what is used of 2 … 64 KB, just before each overflows.
	if bytes := o.value(t, "six-bytes") / 1000; bytes < 100<<10 || bytes > 126<<10 {
		t.Errorf("copy: %d bytes copied for a goroutine that outgrows 2 … 64 KB", bytes)
	}

	needSlots(t)
	o = runOK(t, "inplace", path, nil, "1000")
	for _, kind := range []string{"shallow", "twice", "six"} {
		if sum := o.value(t, kind+"-inplace") + o.value(t, kind+"-copied"); sum != o.value(t, kind+"-growths") {
			t.Errorf("inplace: %s: growths in place and copied add up to %d, all are %d", kind, sum, o.value(t, kind+"-growths"))
		}
	}
	if n := o.value(t, "six-growths"); n > 1000 {
		t.Errorf("inplace: %d growths of 1,000 goroutines of a deep kind: nothing was learned", n)
	}
	if n := o.value(t, "six-copied"); n > 100 {
		t.Errorf("inplace: %d growths by copying of 1,000 goroutines of a deep kind", n)
	}
	if n := o.value(t, "six-starts"); n < 800 {
		t.Errorf("inplace: %d of 1,000 goroutines of a deep kind started in a slot", n)
	}
	if o.value(t, "shallow-growths") != 0 || o.value(t, "shallow-starts") != 0 || o.value(t, "twice-starts") != 0 {
		t.Errorf("inplace: shallow goroutines grew or went to slots:\n%s", o.out)
	}
	if o.value(t, "six-enabled") != 1 || o.value(t, "six-reserved") == 0 {
		t.Errorf("inplace: not in force:\n%s", o.out)
	}
	if o := runOK(t, "inplace", path, []string{"GODEBUG=adaptivestackstart=1"}, "1000"); o.value(t, "six-starts") < 800 {
		t.Errorf("inplace: with adaptivestackstart=1 %d goroutines started in a slot", o.value(t, "six-starts"))
	}
}

// TestStackOverflow: Go's own error and traceback, at the same limit, below, between and above the sizes of slots.
func TestStackOverflow(t *testing.T) {
	t.Parallel()
	path := program(t, "maxstack")
	for _, args := range [][]string{
		{"overflow", "40", "100"}, {"overflow", "200", "450"}, {"overflow", "3000", "7000"}, // a slot has room for these
		{"overflow", "20", "2000"}, {"overflow", "64", "2000"}, {"overflow", "100", "2000"}, {"overflow", "1000", "20000"},
		{"overflow", "8000", "100000"}, {"overflow", "65536", "1000000"}, {"learned", "40", "100"},
	} {
		var forms [2]string
		for i, s := range strategies {
			o := run(t, s, path, nil, args...)
			if o.code != 2 || !strings.Contains(o.out, "-byte limit\n") || !strings.Contains(o.out, "\nfatal error: stack overflow\n") {
				t.Errorf("%s on %s: exit code %d, no stack overflow:\n%s", args, s, o.code, head(o.out))
			}
			forms[i] = form(o.out)
		}
		if forms[0] != forms[1] {
			t.Errorf("%s: the message differs.\ncopy:\n%s\ninplace:\n%s", args, forms[0], forms[1])
		}
	}
}

var numbers = regexp.MustCompile(`0x[0-9a-f]+|goroutine \d+|m=\d+|\.\.\.\d+ frames elided\.\.\.`)

// form returns a crash's output up to the frames of the goroutine's deep end, without what differs from run to run.
func form(out string) string {
	out, _, _ = strings.Cut(out, "frames elided")
	lines := strings.SplitN(out, "\n", 60)
	out = strings.Join(lines[:min(len(lines), 40)], "\n")
	return numbers.ReplaceAllString(out, "N")
}

// TestDeep: far beyond the largest slot.
func TestDeep(t *testing.T) {
	t.Parallel()
	path := program(t, "maxstack")
	for _, s := range strategies {
		runOK(t, s, path, nil, "deep", "9000") // 4.5 MB, 9 MB
		runOK(t, s, path, nil, "deep", "65000")
		runOK(t, s, path, []string{"GOGC=1"}, "deep", "3000")
	}
}

// TestLargeFrames: frames that no slot has room for.
func TestLargeFrames(t *testing.T) {
	t.Parallel()
	path := program(t, "maxstack")
	for _, s := range strategies {
		runOK(t, s, path, nil, "frames")
		runOK(t, s, path, []string{"GOGC=1", "GOMAXPROCS=1"}, "frames")
	}
}

// TestPreemption: growing and shrinking, while collections stop and scan goroutines all the time.
func TestPreemption(t *testing.T) {
	path := program(t, "preempt")
	for _, env := range []string{
		"GODEBUG=asyncpreemptoff=1", "GODEBUG=gccheckmark=1", "GODEBUG=clobberfree=1", "GODEBUG=gcshrinkstackoff=1",
		"GODEBUG=efence=1", "GODEBUG=gcstoptheworld=2", "GOGC=1", "GOMAXPROCS=1", "GOMAXPROCS=64",
		"GOSPADE=move=1", "GOSPADE=poison=1", "GOSPADE=move=1,poison=1",
	} {
		t.Run(env, func(t *testing.T) {
			if o := runOK(t, "inplace", path, []string{env}, "0.7"); o.value(t, "rounds") < 300 {
				t.Errorf("only %d rounds: something waits", o.value(t, "rounds"))
			}
		})
	}
}

// TestSpinning: goroutines that wait for each other, and can't be interrupted, must have the processors that they need.
func TestSpinning(t *testing.T) {
	t.Parallel()
	for _, s := range strategies {
		o := runOK(t, s, program(t, "spin"), []string{"GODEBUG=asyncpreemptoff=1", "GOGC=off"})
		if o.value(t, "alternated") != 1 || o.value(t, "released") != 1 {
			t.Errorf("%s: got no further than\n%s", s, o.out)
		}
	}
}

// TestColours: the tops of slots spread over a page, lest they compete for the same sets of a cache.
func TestColours(t *testing.T) {
	t.Parallel()
	needSlots(t)
	o := runOK(t, "inplace", program(t, "colours"), nil)
	if o.value(t, "offsets") < 12 || o.value(t, "most") > 40 {
		t.Errorf("the tops of 256 slots have %d different offsets, and %d share one", o.value(t, "offsets"), o.value(t, "most"))
	}
}
