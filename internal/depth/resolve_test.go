// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"slices"
	"testing"
)

// TestUnique: what it is given may be kept, and is not to change.
func TestUnique(t *testing.T) {
	ids := []int{7, 3, 7}
	if got := unique(ids); !slices.Equal(got, []int{3, 7}) || !slices.Equal(ids, []int{7, 3, 7}) {
		t.Errorf("%v of %v", got, ids)
	}
}
