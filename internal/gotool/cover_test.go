// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import "testing"

func TestCoversPackage(t *testing.T) {
	for _, test := range []struct {
		pattern, pkg string
		want         bool
	}{
		{"runtime", "runtime", true},
		{"runtime", "runtime/debug", false},
		{"runtime/...", "runtime", true},
		{"run...", "runtime", true},
		{"...", "testing/internal/testdeps", true},
		{"testing/...", "testing/internal/testdeps", true},
		{"all", "runtime", true},
		{"std", "runtime", true},
		{"./...", "runtime", false},
		{"example.com/m/...", "runtime", false},
		{"run.ime", "runtime", false},
	} {
		if got := coversPackage(test.pattern, test.pkg); got != test.want {
			t.Errorf("coversPackage(%q, %q) = %v, want %v", test.pattern, test.pkg, got, test.want)
		}
	}
}
