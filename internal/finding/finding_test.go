// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package finding

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestSumStaysInRange(t *testing.T) {
	for _, tt := range []struct {
		numbers []int64
		want    int64
	}{
		{nil, 0},
		{[]int64{1, 2, 3}, 6},
		{[]int64{math.MaxInt64, 1}, math.MaxInt64},
		{[]int64{math.MaxInt64 - 1, 1}, math.MaxInt64},
	} {
		if got := Sum(tt.numbers...); got != tt.want {
			t.Errorf("Sum(%v) = %d, want %d", tt.numbers, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		Percent(0.0781):       "7.8%",
		Points(-0.02):         "-2.0",
		Bytes(928):            "928 B",
		Bytes(2048):           "2 KiB",
		Bytes(1536):           "1.5 KiB",
		Bytes(256 << 20):      "256 MiB",
		Bytes(1 << 30):        "1 GiB",
		Seconds(2860e6):       "2860ms",
		Seconds(12.34e9):      "12.3s",
		Seconds(500 * 3600e9): "500h",
		(&Payer{File: "/a/b.go", Line: 7}).Place(): "b.go:7",
		(&Payer{File: `C:\a\b.go`}).Place():        "b.go",
		(&Payer{Line: 7}).Place():                  "",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestDiffer(t *testing.T) {
	g := func(growth, samples int64) *Growth { return &Growth{GrowthSamples: growth, Samples: samples} }
	for _, tt := range []struct {
		a, b *Growth
		want bool
	}{
		{g(80, 1000), g(75, 1000), false},
		{g(80, 1000), g(20, 1000), true},
		{g(8, 100), g(2, 100), false},
		{g(0, 1000), g(0, 1000), false},
		{g(0, 0), g(10, 1000), false},
	} {
		if got := Differ(tt.a, tt.b); got != tt.want {
			t.Errorf("Differ(%d of %d, %d of %d) = %v", tt.a.GrowthSamples, tt.a.Samples, tt.b.GrowthSamples, tt.b.Samples, got)
		}
	}
}

// TestRows checks that rows of two sets meet although the function moved by some lines, and the order.
func TestRows(t *testing.T) {
	var r Report
	for _, m := range []Message{
		{Growth: &Growth{Set: New, CPU: 100}},
		{Growth: &Growth{Set: Base, CPU: 1000}},
		{Payer: &Payer{Set: New, By: ByEntry, Name: "small", Growth: Parts{Copying: 1}}},
		{Payer: &Payer{Set: New, By: ByEntry, Name: "moved", Line: 5, Growth: Parts{Copying: 2}}},
		{Payer: &Payer{Set: Base, By: ByEntry, Name: "moved", Line: 9, Growth: Parts{Copying: 10}}},
		{Payer: &Payer{Set: Base, By: ByEntry, Name: "gone", Growth: Parts{Copying: 500}}},
		{Payer: &Payer{Set: New, By: ByTrigger, Name: "other"}},
	} {
		r.Handle(m)
	}
	var got []string
	for _, row := range r.Rows(ByEntry) {
		got = append(got, row.Payer().Name+" "+Percent(r.BaseShare(row))+" "+Percent(r.NewShare(row)))
	}
	if want := []string{"gone 50.0% 0.0%", "moved 1.0% 2.0%", "small 0.0% 1.0%"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReplayStops(t *testing.T) {
	config := `{"config":{"protocol":"` + Protocol + `","new field":1}}`
	refuse := errors.New("no more")
	for _, tt := range []struct {
		stream, want string
		handle       func(Message) error
	}{
		{config + "\n" + config, "", nil},
		{"", "empty", nil},
		{"{}", "no config", nil},
		{config + `{"growth":7}`, "message 2", nil},
		{config, "message 1: no more", func(Message) error { return refuse }},
	} {
		if tt.handle == nil {
			tt.handle = func(Message) error { return nil }
		}
		err := Replay(strings.NewReader(tt.stream), tt.handle)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.stream, err, tt.want)
		}
	}
}
