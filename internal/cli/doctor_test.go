// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"strings"
	"testing"
)

func TestChooseStrategy(t *testing.T) {
	able := host{goos: "linux", goarch: "amd64", slots: true, pageSize: slotPage}
	with := func(change func(*host)) host {
		h := able
		change(&h)
		return h
	}
	for _, test := range []struct {
		gospade       string
		host          host
		strategy, why string
	}{
		{"", able, "inplace", "default"},
		{"stacks=inplace", able, "inplace", "GOSPADE"},
		{"stacks=copy", able, "copy", "GOSPADE"},
		{"report=1,stacks=copy", able, "copy", "GOSPADE"},
		{"stacks=copy,stacks=inplace", able, "inplace", "GOSPADE"}, // the last one counts
		{"stacks=nonsense,report", able, "inplace", "default"},
		{"", with(func(h *host) { h.goos, h.slots = "plan9", false }), "copy", "plan9/amd64"},
		{"", with(func(h *host) { h.pageSize = 64 << 10 }), "copy", "65536"},
		{"stacks=inplace", with(func(h *host) { h.rationed = "RLIMIT_AS" }), "copy", "RLIMIT_AS"},
	} {
		strategy, why := chooseStrategy(test.gospade, test.host)
		if strategy != test.strategy || !strings.Contains(why, test.why) {
			t.Errorf("GOSPADE=%s on %+v: %s, %q; want %s, ...%s...", test.gospade, test.host, strategy, why, test.strategy, test.why)
		}
	}
}

func TestAmount(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "0 bytes", 1023: "1023 bytes", 1 << 10: "1 KiB", 3 << 19: "1.5 MiB", 136 << 30: "136 GiB", unlimited: "unlimited",
	} {
		if got := amount(n); got != want {
			t.Errorf("amount(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestDiagnosisText(t *testing.T) {
	d := diagnosis{
		Checks:   []check{{"go", good, "go1.26.8"}, {"declarations", refused, "unknown:\nnewstack"}},
		Strategy: "copy", Why: "GOSPADE asks for it",
	}
	var out strings.Builder
	d.write(&out)
	want := "ok       go                     go1.26.8\n" +
		"refused  declarations           unknown:\n" +
		"                                newstack\n" +
		"\nstacks: copy: GOSPADE asks for it\n" +
		"spade go build would be refused.\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
