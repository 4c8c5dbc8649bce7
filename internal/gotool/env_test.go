// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"slices"
	"testing"
)

func TestJoinFlags(t *testing.T) {
	for _, test := range []struct {
		flags []string
		want  string
	}{
		{nil, ""},
		{[]string{"-a", "-tags=x,y"}, "-a -tags=x,y"},
		{[]string{"-overlay=/my cache/o.json", "-v"}, "'-overlay=/my cache/o.json' -v"},
		{[]string{"-ldflags=-X 'main.a=b c'"}, `"-ldflags=-X 'main.a=b c'"`},
		{[]string{"-overlay=/it's/o.json"}, "-overlay=/it's/o.json"},
		{[]string{"'quoted'"}, `"'quoted'"`},
	} {
		got, err := joinFlags(test.flags)
		if err != nil || got != test.want {
			t.Errorf("joinFlags(%q) = %s, %v, want %s", test.flags, got, err, test.want)
		}
		if back, err := splitFlags(got); err != nil || !slices.Equal(back, test.flags) {
			t.Errorf("splitFlags(%s) = %q, %v, want %q", got, back, err, test.flags)
		}
	}
	if got, err := joinFlags([]string{`-ldflags='a' "b"`}); err == nil {
		t.Errorf("joinFlags of a flag with space and both quotes = %s, want an error", got)
	}
}
