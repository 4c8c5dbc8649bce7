// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package slots

import (
	"strings"
	"testing"
)

// TestMetricsListed: metrics.All has them, sorted and described, with the kind that Read gives; and sizes are counted.
func TestMetricsListed(t *testing.T) {
	t.Parallel()
	path := program(t, "sizes")
	const n = 500
	for _, s := range strategies {
		o := runOK(t, s, path, nil, "500")
		if o.value(t, "sorted") != 1 || strings.Contains(o.out, "undescribed") || strings.Contains(o.out, "otherkind") {
			t.Errorf("%s:\n%s", s, o.out)
		}
		if n := o.value(t, "/godebug/non-default-behavior/randautoseed:events"); n != 1 {
			t.Errorf("%s: a setting of GODEBUG counts %d uses, want 1", s, n)
		}
		if names := strings.Count(o.out, "\n/spade/"); names != 14 {
			t.Errorf("%s: %d metrics with a number\n%s", s, names, o.out)
		}
		if small, large := o.value(t, "size-2048"), o.value(t, "size-16384"); s == "copy" && (small < n || small > n+50 || large != n) {
			t.Errorf("copy: %d stacks of 2 KiB and %d of 16 KiB, want %d each:\n%s", small, large, n, o.out)
		}
		sum := 0
		for name, count := range o.values {
			if strings.HasPrefix(name, "size-") {
				sum += count
			}
		}
		if sum < 2*n || sum > 2*n+50 {
			t.Errorf("%s: %d goroutines counted, %d are parked:\n%s", s, sum, 2*n, o.out)
		}
	}
}

// TestMispredictions: kinds of which some need a slot and some don't, and kinds that turn deeper.
func TestMispredictions(t *testing.T) {
	t.Parallel()
	path := program(t, "guess")
	o := runOK(t, "copy", path, nil)
	for _, kind := range []string{"shallow", "deep", "half", "deeper"} {
		if n := o.value(t, kind+"-unneeded") + o.value(t, kind+"-outgrown"); n != 0 {
			t.Errorf("copy: nothing is predicted, but %s is mispredicted %d times", kind, n)
		}
	}
	needSlots(t)
	o = runOK(t, "inplace", path, nil)
	if n := o.value(t, "shallow-unneeded") + o.value(t, "shallow-outgrown") + o.value(t, "deep-unneeded"); n != 0 {
		t.Errorf("uniform kinds are mispredicted:\n%s", o.out)
	}
	if given, n := o.value(t, "half-starts"), o.value(t, "half-unneeded"); n < given/4 || n > given {
		t.Errorf("half of %d goroutines in slots don't need them, %d are said to:\n%s", given, n, o.out)
	}
	if n := o.value(t, "deeper-outgrown"); n < 10 || n > 20000 {
		t.Errorf("%d goroutines outgrew what was advised:\n%s", n, o.out)
	}
}
