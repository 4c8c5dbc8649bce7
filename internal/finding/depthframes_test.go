// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"slices"
	"testing"
)

func TestFramesReport(t *testing.T) {
	var r FramesReport
	for _, f := range []FrameSize{{Func: "b", Bytes: 100, Estimate: 95}, {Func: "a", Bytes: 80, Estimate: 200}, {Func: "c", Bytes: 40, Estimate: 40}, {Func: "d", Bytes: 300}} {
		if err := r.Handle(Message{FrameSize: &f}); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := r.Errors(), []int64{-300, -5, 0, 120}; !slices.Equal(got, want) {
		t.Errorf("errors %d, want %d", got, want)
	}
	if r.Within(0) != .25 || r.Within(.1) != .5 || r.Within(1) != .75 {
		t.Errorf("within nothing %v, a tenth %v, all %v", r.Within(0), r.Within(.1), r.Within(1))
	}
	var names []string
	for _, f := range r.Worst() {
		names = append(names, f.Func)
	}
	if want := []string{"d", "a", "b", "c"}; !slices.Equal(names, want) {
		t.Errorf("order %q, want %q", names, want)
	}
}
