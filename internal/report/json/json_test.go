// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package json

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func TestRoundTrip(t *testing.T) {
	want := []finding.Message{
		{Config: &finding.Config{Protocol: finding.Protocol, Analysis: "growth"}},
		{Payer: &finding.Payer{Set: finding.New, By: finding.ByEntry, Name: "main.f[<T>]", Growth: finding.Parts{InPlace: 3}}},
		{Verdict: &finding.Verdict{Analysis: "growth", Sentences: []string{"a & b"}}},
	}
	var b bytes.Buffer
	w := New(&b)
	for _, m := range want {
		if err := w.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(b.Bytes(), []byte("\n")); lines != len(want) || !bytes.Contains(b.Bytes(), []byte("main.f[<T>]")) {
		t.Errorf("%d lines:\n%s", lines, &b)
	}
	var got []finding.Message
	if err := finding.Replay(&b, func(m finding.Message) error {
		got = append(got, m)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}
