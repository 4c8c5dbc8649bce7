// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pprof

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

func TestStart(t *testing.T) {
	var b bytes.Buffer
	w := NewStart(&b)
	list := []finding.Message{{Start: &finding.Start{Set: finding.New, Total: finding.Spread{Mean: 100}}}}
	for _, p := range []finding.StartPart{
		{Kind: finding.PartStage, Name: "exec", Clock: finding.Spread{Mean: 50}},
		{Kind: finding.PartPackage, Name: "b", Package: "b", Chain: []string{"m", "a", "b"}, Clock: finding.Spread{Mean: 45}},
		{Kind: finding.PartVariable, Name: "x", Package: "b", Place: finding.Site{File: "/b.go", Line: 3}, Clock: finding.Spread{Mean: 40}, CPU: 41, Bytes: 42, Allocs: 43, Faults: 44},
		{Kind: finding.PartFunction, Name: "init.0", Package: "b", Clock: finding.Spread{Mean: 5}},
		{Kind: finding.PartPackage, Name: "example.com/m", Package: "main"},
		{Kind: finding.PartVariables, Name: "init", Package: "main", Clock: finding.Spread{Mean: 5}},
	} {
		for _, set := range []string{finding.New, finding.Base} {
			p.Set = set
			part := p
			list = append(list, finding.Message{StartPart: &part})
		}
	}
	for _, m := range list {
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
	var got []string
	for _, s := range p.Sample {
		var names []string
		for _, l := range s.Location {
			names = append(names, fmt.Sprintf("%s:%d", l.Line[0].Function.Name, l.Line[0].Line))
		}
		got = append(got, fmt.Sprint(strings.Join(names, " "), s.Value))
	}
	const want = `exec:0[50 0 0 0 0]
b.x:3 b:0 a:0 m:0[40 41 42 43 44]
b.init.0:0 b:0 a:0 m:0[5 0 0 0 0]
main.init:0 example.com/m:0[5 0 0 0 0]`
	if strings.Join(got, "\n") != want || p.DurationNanos != 100 {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}
