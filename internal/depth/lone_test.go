// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"runtime"
	"testing"
)

// TestLone: values that hold nothing but an interface are compared by way of functions for interfaces.
func TestLone(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the program measures itself in assembly for amd64")
	}
	binary, report := analysed(t, "lone")
	seen := observed(t, binary)
	for _, name := range []string{"main.comparesLone", "main.mapped"} {
		e, used := entryNamed(t, report, name), seen[name][0].used
		t.Logf("%s: %s of %d, used %d", name, e.Status, e.Bound, used)
		if !bounded(e) || e.Bound < used || e.Bound > 2*used {
			t.Errorf("%s: %s of %d, but it used %d; cycles %+v", name, e.Status, e.Bound, used, e.Cycles)
		}
	}
}
