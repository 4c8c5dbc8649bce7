// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package html

import (
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func startPage1(t *testing.T, sets ...string) string {
	t.Helper()
	var b strings.Builder
	w := NewStart(&b)
	handle := func(m finding.Message) {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	handle(finding.Message{Config: &finding.Config{Spade: "v9"}})
	for i, set := range sets {
		clock := int64(6e6 - 2e6*i)
		handle(finding.Message{Start: &finding.Start{Set: set, Program: "<b>" + set, Runs: 5, Total: finding.Spread{Mean: 4e6 + clock}, Unseen: []string{"a & b"}}})
		for _, p := range []finding.StartPart{
			{Kind: finding.PartStage, Name: "exec", Clock: finding.Spread{Mean: 4e6}},
			{Kind: finding.PartPackage, Name: "late", Package: "late", Begin: 7e6, Clock: finding.Spread{Mean: 3e6}, Group: "m@v1.0.0", Chain: []string{"m", "a", "late"}},
			{Kind: finding.PartPackage, Name: "early", Package: "early", Begin: 4e6, Clock: finding.Spread{Mean: clock - 3e6 - 2000}},
			{Kind: finding.PartVariable, Name: "x[<T>]", Package: "early", Begin: 4e6, Place: finding.Site{File: "/src/early/a.go", Line: 3}},
			{Kind: finding.PartPackage, Name: "tiny", Package: "tiny", Begin: 5e6, Clock: finding.Spread{Mean: 2000}},
		} {
			p.Set = set
			handle(finding.Message{StartPart: &p})
		}
		handle(finding.Message{Touched: &finding.Touched{Set: set, Section: ".text", Size: 2048, Bytes: 1024}})
		handle(finding.Message{Touched: &finding.Touched{Set: set, Section: ".data", Package: "early", Size: 9216, Bytes: 4096, Written: 3072}})
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestStartPage(t *testing.T) {
	got := startPage1(t, finding.New)
	at := 0
	for _, want := range []string{
		"<title>Start of &lt;b&gt;new: 10.000 ms</title>", "<code>exec</code>", `style="left:0.00%;width:40.00%"`,
		"<code>early</code>", `style="left:40.00%;width:29.98%"`, "var x[&lt;T&gt;]", "early/a.go:3",
		"<code>late</code>", `style="left:70.00%;width:30.00%"`, "m → a", "<code>1 other packages, at various times</code>", "0.002 ms",
		"m@v1.0.0", "1 KiB", "of 2 KiB", "4 KiB", "of 9 KiB", "3 KiB written", "<code>early</code>", "a &amp; b", "spade start, v9",
	} {
		i := strings.Index(got[at:], want)
		if i < 0 {
			t.Fatalf("the page has no %s, at least not in order", want)
		}
		at += i
	}
	for _, unwanted := range []string{"<script", "http://", "https://", "src=", "url(", "@import", "<link", "ZgotmplZ", "against"} {
		if strings.Contains(got, unwanted) {
			t.Errorf("the page has %s", unwanted)
		}
	}
}

func TestStartPageOfTwo(t *testing.T) {
	got := startPage1(t, finding.New, finding.Base)
	for _, want := range []string{"What has changed", "&#43;2.000 ms", `class="bar base"`, "&lt;b&gt;base: 8.000 ms"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if strings.Contains(got, ".text") {
		t.Error("the page tells which bytes of one of two programs are in use")
	}
}
