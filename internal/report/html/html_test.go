// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package html

import (
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func page1(t *testing.T, base bool) string {
	t.Helper()
	var b strings.Builder
	w := New(&b, 1)
	list := []finding.Message{
		{Config: &finding.Config{Spade: "v9"}},
		{Source: &finding.Source{Name: "<b>file</b>", Problem: "it is empty", Skipped: true}},
		{Growth: &finding.Growth{Set: finding.New, CPU: 1e9, Samples: 100, Growth: finding.Parts{Copying: 250e6}}},
		{Payer: &finding.Payer{Set: finding.New, By: finding.ByEntry, Name: "main.f[go.shape.<script>]", File: "a.go", Line: 3, Growth: finding.Parts{Copying: 200e6}}},
		{Payer: &finding.Payer{Set: finding.New, By: finding.ByEntry, Name: "main.g", Growth: finding.Parts{Copying: 50e6}}},
		{Verdict: &finding.Verdict{Sentences: []string{"Growth is 25.0% of CPU."}}},
	}
	if base {
		list = append(list, finding.Message{Growth: &finding.Growth{Set: finding.Base, CPU: 1e9, Growth: finding.Parts{Copying: 500e6}}})
	}
	for _, m := range list {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPage(t *testing.T) {
	got := page1(t, false)
	for _, want := range []string{
		"<title>Stack growth: 25.0% of CPU</title>", "<p>Growth is 25.0% of CPU.</p>", "a.go:3", "and 1 more",
		"&lt;b&gt;file", "main.f[go.shape.&lt;script&gt;]", "prefers-color-scheme: dark", `name="viewport"`, `style="width:100.0%"`,
		"spade growth, v9",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	for _, unwanted := range []string{"<script", "http://", "https://", "src=", "url(", "@import", "<link", "ZgotmplZ", "base</th>"} {
		if strings.Contains(got, unwanted) {
			t.Errorf("the page has %s", unwanted)
		}
	}
}

func TestPageOfTwoSets(t *testing.T) {
	got := page1(t, true)
	for _, want := range []string{"<th>base</th>", "<td>50.0%</td><td>25.0%</td><td>-25.0</td>"} {
		if !strings.Contains(got, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}
