// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func TestVerdict(t *testing.T) {
	few := newBuilder()
	few.add(3, "runtime.copystack runtime.newstack main.dig main.serve")
	few.add(97, "main.work main.serve")
	little := newBuilder()
	little.add(30, "runtime.newstack main.dig main.serve")
	little.add(970, "main.work main.serve")
	onSpade := newBuilder()
	onSpade.add(30, "runtime.slotGrow runtime.newstack main.dig main.serve")
	onSpade.add(970, "main.work main.serve")
	none := newBuilder()
	none.add(10, "main.work")
	for _, tt := range []struct {
		name string
		b    *builder
		want []string
	}{
		{"empty", newBuilder(), []string{"The profiles hold no samples: record one while the program is busy."}},
		{"none", none, []string{"No growth in 10 samples.", "There is little to gain from in-place stacks here: at most 0.0% of CPU."}},
		{"few", few, []string{
			"Growth is 3.0% of CPU (±3.3 at best, from 100 samples).",
			"100.0% of it is from main.serve at main.go:40.",
			"Samples of growth: only 3. Record for longer, or give more profiles, before trusting who pays.",
			"Expected gain with in-place stacks: up to 3.0% of CPU.",
			"That is all growth and shrinking except deciding (0.0% of CPU); it assumes goroutines whose kind spade has learned, on stacks whose pages are warm.",
		}},
		{"only deciding", little, []string{
			"Growth is 3.0% of CPU (±1.1 at best, from 1000 samples).",
			"100.0% of it is from main.serve at main.go:30.",
			"There is little to gain from in-place stacks here: at most 0.0% of CPU.",
		}},
		{"on spade", onSpade, []string{
			"Growth is 3.0% of CPU (±1.1 at best, from 1000 samples).",
			"100.0% of it is from main.serve at main.go:40.",
			"The program runs on spade's runtime already: 3.0% of CPU is growth in place, 0.0% growth or shrinking by copying.",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Verdict(tallyOf(t, nil, tt.b.p)).Sentences
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestVerdictOnChange(t *testing.T) {
	for _, tt := range []struct {
		now, before int64 // samples of growth in 1000
		want        string
	}{
		{20, 80, "That is 6.0 points of CPU less than the base's 8.0%."},
		{80, 20, "That is 6.0 points of CPU more than the base's 2.0%."},
		{80, 75, "Against the base's 7.5%, that is no change that chance could not explain."},
	} {
		r := tallyOf(t, nil, grown(tt.now).p)
		base := NewTally(finding.Base, nil, false)
		if err := base.Fold(grown(tt.before).p); err != nil {
			t.Fatal(err)
		}
		for _, m := range base.Results() {
			r.Handle(m)
		}
		if got := Verdict(r).Sentences[1]; got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// grown is a profile of 1000 samples, n of them growth.
func grown(n int64) *builder {
	b := newBuilder()
	b.add(n, "runtime.copystack runtime.newstack main.dig main.serve")
	b.add(1000-n, "main.work main.serve")
	return b
}
