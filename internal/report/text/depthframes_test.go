// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func TestFrames(t *testing.T) {
	const want = `example.com/m, go1.26.8 amd64: the frames of 3 functions, and estimates of them: the sizes of what the SSA
  form of the source allocates, added up.

Estimate less frame, in bytes
    least        5%       25%    median       75%       95%      most
      -40       -40       -40         0         0         0       120 

33.3% of the estimates are right, 33.3% are off by a tenth of the frame or less, 66.7% by half of it or less.

    frame  estimate     error  function
       80       200      +120  main.big  m/main.go:5
          and 2 more; -top 0 shows all
`
	var b strings.Builder
	w := NewFrames(&b, 1)
	for _, m := range []finding.Message{
		depthMessages[0],
		{FrameSize: &finding.FrameSize{Func: "main.none", Bytes: 88, Estimate: 48}},
		{FrameSize: &finding.FrameSize{Func: "main.big", At: finding.Site{File: "/src/m/main.go", Line: 5}, Bytes: 80, Estimate: 200}},
		{FrameSize: &finding.FrameSize{Func: "main.right", Bytes: 8, Estimate: 8}},
	} {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
