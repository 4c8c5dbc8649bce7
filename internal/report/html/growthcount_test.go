// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package html

import (
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

// TestCountedPage: a page on growths that were counted, without CPU profiles.
func TestCountedPage(t *testing.T) {
	var b strings.Builder
	w := New(&b, 1)
	for _, m := range []finding.Message{
		{Counts: &finding.Counts{Set: finding.New, Profiles: 2}},
		{Counts: &finding.Counts{Set: finding.Base, Profiles: 1}},
		{Counter: &finding.Counter{Set: finding.New, By: finding.ByEntry, Name: "main.f[<script>]", File: "/src/a.go", Line: 3, GrowthCount: finding.GrowthCount{Growths: 12, InPlace: 5, Copied: 2048, Nanos: 5e6, Reach: 4096}}},
		{Counter: &finding.Counter{Set: finding.Base, By: finding.ByEntry, Name: "main.f[<script>]", File: "/src/a.go", Line: 3, GrowthCount: finding.GrowthCount{Growths: 77}}},
		{Counter: &finding.Counter{Set: finding.New, By: finding.ByEntry, Name: "main.g", GrowthCount: finding.GrowthCount{Growths: 1}}},
		{Verdict: &finding.Verdict{Sentences: []string{"12 growths."}}},
	} {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<title>Stack growth</title>", "2 profiles of growths", "<p>12 growths.</p>", "main.f[&lt;script&gt;]", "a.go:3", "and 1 more",
		"<td>77</td><td>12</td>", "<td class=\"wide\">2 KiB</td><td>5ms</td><td>4 KiB</td>",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page has no %s:\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "Where CPU time goes") || strings.Contains(b.String(), "of CPU") {
		t.Error("the page is about CPU time")
	}
}
