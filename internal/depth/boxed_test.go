// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"runtime"
	"testing"
)

// TestBoxed: what is stored through a pointer that was in an interface, the variable holds.
func TestBoxed(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the program measures itself in assembly for amd64")
	}
	binary, report := analysed(t, "boxed")
	seen := observed(t, binary)
	if len(seen) != 12 {
		t.Fatalf("%d goroutines were observed", len(seen))
	}
	for name, o := range seen {
		if e := entryNamed(t, report, name); e.Bound < o[0].used || !bounded(e) && name != "main.callFunction" { // package reflect may have made that
			t.Errorf("%s: %s of %d, but it used %d: %+v", name, e.Status, e.Bound, o[0].used, e.Path)
		}
	}
}
