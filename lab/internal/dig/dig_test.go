// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package dig

import (
	"runtime"
	"testing"
)

func TestMeasure(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the arrays' lengths are set for amd64's frame layout")
	}
	for _, test := range []struct{ depth, size int }{
		{4 << 10, Large}, {16 << 10, Large}, {128 << 10, Large}, {1_024_000, Large},
		{25_600, Small}, {16 << 10, Small},
	} {
		shape, err := Of(test.depth, test.size)
		if err != nil {
			t.Fatal(err)
		}
		got := shape.Measure()
		if slack := test.depth / 50; got > test.depth+slack+test.size || got < test.depth-slack-test.size {
			t.Errorf("%d bytes in frames of %d: reached %d", test.depth, test.size, got)
		}
	}
}

func TestDownDependsOnEveryFrame(t *testing.T) {
	for _, size := range []int{Large, Small} {
		a, _ := Of(8<<10, size)
		b, _ := Of(8<<10+size, size)
		if a.Down() == b.Down() {
			t.Errorf("frames of %d: one more frame makes no difference", size)
		}
	}
}

func TestOfRefuses(t *testing.T) {
	for _, test := range []struct{ depth, size int }{{4096, 100}, {63, Small}, {0, Large}} {
		if _, err := Of(test.depth, test.size); err == nil {
			t.Errorf("Of(%d, %d) succeeded", test.depth, test.size)
		}
	}
}

func TestBottomIsCalledOnce(t *testing.T) {
	shape, _ := Of(16<<10, Large)
	calls := 0
	shape.DownThen(func() { calls++ })
	if calls != 1 {
		t.Errorf("bottom called %d times", calls)
	}
}
