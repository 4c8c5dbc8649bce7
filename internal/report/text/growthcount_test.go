// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func counted(base bool) []finding.Message {
	list := []finding.Message{
		{Counts: &finding.Counts{Set: finding.New, Profiles: 2, Rate: 64}},
		{Counter: &finding.Counter{Set: finding.New, By: finding.ByEntry, Name: "main.serve", File: "/src/server.go", Line: 35, GrowthCount: finding.GrowthCount{Growths: 192, InPlace: 128, Copied: 65536, Nanos: 641280, Reach: 8192}}},
		{Counter: &finding.Counter{Set: finding.New, By: finding.ByEntry, Name: "runtime.bgsweep", System: true, GrowthCount: finding.GrowthCount{Growths: 1, Nanos: 900, Reach: 4096}}},
		{Counter: &finding.Counter{Set: finding.New, By: finding.ByTrigger, Name: "main.parse", File: "/src/server.go", Line: 90, GrowthCount: finding.GrowthCount{Growths: 193, Nanos: 3e9, Reach: 8192}}},
		{Verdict: &finding.Verdict{Sentences: []string{"193 growths."}}},
	}
	if base {
		list = append(list, finding.Message{Counts: &finding.Counts{Set: finding.Base, Profiles: 1, Rate: 1}},
			finding.Message{Counter: &finding.Counter{Set: finding.Base, By: finding.ByEntry, Name: "main.serve", File: "/other/server.go", Line: 35, GrowthCount: finding.GrowthCount{Growths: 7, Nanos: 7, Reach: 4096}}})
	}
	return list
}

func TestCounted(t *testing.T) {
	const want = `2 profiles of growths

193 growths.

Who grew, by entry and go statement
   growths  in place     copied     time  reaching
       192       128     64 KiB    641µs     8 KiB  main.serve  server.go:35
           and 1 more; -top 0 shows all

Who grew, by function that asked for more
   growths  in place     copied     time  reaching
       193         0        0 B       3s     8 KiB  main.parse  server.go:90
`
	if got := written(t, 1, counted(false)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCountedTwice(t *testing.T) {
	const want = `2 profiles of growths
against 1 profile of growths

193 growths.

Who grew, by entry and go statement
      base    growths  in place     copied     time  reaching
         7        192       128     64 KiB    641µs     8 KiB  main.serve  server.go:35
         0          1         0        0 B    900ns     4 KiB  runtime.bgsweep  (the runtime's own)

Who grew, by function that asked for more
      base    growths  in place     copied     time  reaching
         0        193         0        0 B       3s     8 KiB  main.parse  server.go:90
`
	if got := written(t, 0, counted(true)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
