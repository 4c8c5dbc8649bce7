// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"slices"
	"strings"
	"testing"
)

func TestMove(t *testing.T) {
	for _, test := range []struct {
		old, now string
		want     move
	}{
		{"", "", move{}},
		{"a b c", "a b c", move{1, 2, 3}},
		{"a b c", "a x c", move{1, 0, 3}},
		{"a b c", "x a b c", move{2, 3, 4}},
		{"a b c", "b c", move{0, 1, 2}},
		{"a b c", "a b", move{1, 2, 0}},
		{"a b c", "a b c d", move{1, 2, 3}},
		{"", "a", move{}},
		{"a", "", move{0}},
		{"a b c d e f g h i j k l m n o p", "a x c d e f g h i j k l m n y z p", move{1, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0, 17}},
		{"a a a b", "a a b", move{1, 2, 0, 3}},
		{"a b c d e", "c d e a b", move{4, 5, 1, 2, 3}},
		{"a b b c d e", "c d e b a b", move{5, 0, 0, 1, 2, 3}},
	} {
		lines := func(s string) []uint64 { return linesOf([]byte(strings.Join(strings.Fields(s), "\n"))) }
		if got := moveOf(lines(test.old), lines(test.now)); !slices.Equal(got, test.want) {
			t.Errorf("%q to %q: %v, want %v", test.old, test.now, got, test.want)
		}
	}
}
