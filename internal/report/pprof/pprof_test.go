// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pprof

import (
	"bytes"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

func TestProfile(t *testing.T) {
	var b bytes.Buffer
	w := New(&b)
	frames := []finding.Frame{
		{Func: "runtime.funcdata", Inlined: true}, {Func: "runtime.newstack", File: "stack.go", Line: 1100, Start: 1016},
		{Func: "main.dig", Line: 7}, {Func: "main.dig", Line: 8}, {Func: "main.serve", Line: 20, Inlined: true},
	}
	for _, m := range []finding.Message{
		{Growth: &finding.Growth{Set: finding.New, Duration: 5e9, CPU: 30e6, Samples: 3}},
		{Growth: &finding.Growth{Set: finding.Base, Duration: 7e9}},
		{Stack: &finding.Stack{Set: finding.New, Part: "unwinding", Entry: "main.serve", Trigger: "main.dig", Nanos: 20e6, Samples: 2, Frames: frames}},
		{Stack: &finding.Stack{Set: finding.New, Part: "copying", Entry: "main.serve", Trigger: "main.dig", Frame: "main.dig", Nanos: 10e6, Samples: 1, Frames: frames[1:]}},
		{Stack: &finding.Stack{Set: finding.Base, Nanos: 1, Samples: 1, Frames: frames}},
	} {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	p, err := profile.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.CheckValid(); err != nil {
		t.Fatal(err)
	}
	if len(p.Sample) != 2 || p.DurationNanos != 5e9 || p.Period != 10e6 {
		t.Fatalf("%d samples in %d ns, period %d", len(p.Sample), p.DurationNanos, p.Period)
	}
	first := p.Sample[0]
	if len(first.Location) != 4 || len(first.Location[0].Line) != 2 || first.Value[0] != 2 || first.Value[1] != 20e6 {
		t.Errorf("first sample %v", first)
	}
	if second := p.Sample[1]; second.Label["part"][0] != "copying" || second.Label["frame"][0] != "main.dig" || first.Label["frame"] != nil {
		t.Errorf("labels %v and %v", first.Label, second.Label)
	}
	if len(p.Function) != 4 || len(p.Location) != 5 {
		t.Errorf("%d functions, %d locations: the same ones are written once", len(p.Function), len(p.Location))
	}
}
