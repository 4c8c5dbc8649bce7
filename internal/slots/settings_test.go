// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package slots

import (
	"strings"
	"testing"
)

// TestUnknownSettings: said once on standard error, and ignored.
func TestUnknownSettings(t *testing.T) {
	t.Parallel()
	path := program(t, "hello")
	for _, test := range []struct {
		setting string
		lines   int
		word    string
	}{
		{"", 0, ""},
		{"stacks=inplace", 0, ""},
		{"stacks=copy,", 0, ""},
		{"stacks=sideways", 1, "sideways"},
		{"colour=blue", 1, "colour"},
		{"colour", 1, "colour"},
		{"colour=blue,stacks=up", 2, "up"},
	} {
		// GOSPADE is set twice, and the last one counts.
		o := runOK(t, "copy", path, []string{"GOSPADE=" + test.setting})
		said, ok := strings.CutSuffix(o.out, "hello\n")
		if !ok || strings.Count(said, "\n") != test.lines || strings.Count(said, "spade: GOSPADE: ") != test.lines || !strings.Contains(said, test.word) {
			t.Errorf("GOSPADE=%s prints %q, want %d lines on what is unknown (%q), then hello", test.setting, o.out, test.lines, test.word)
		}
	}
}

// TestReport: printed at the end of main and by os.Exit alike, and only if asked for.
func TestReport(t *testing.T) {
	t.Parallel()
	path := program(t, "counts")
	for _, test := range []struct {
		setting, code string
		report        bool
	}{
		{"report=1", "0", true}, {"report=1", "3", true}, {"report", "3", true}, {"stacks=copy,report=1", "3", true},
		{"report=0", "3", false}, {"stacks=copy", "0", false},
	} {
		o := run(t, "copy", path, []string{"GOSPADE=" + test.setting}, "exit", test.code)
		if got := string(rune('0' + o.code)); got != test.code {
			t.Errorf("GOSPADE=%s: exit code %d, want %s", test.setting, o.code, test.code)
		}
		if got := strings.Count(o.out, "spade: growths "); got != 0 != test.report || got > 1 {
			t.Errorf("GOSPADE=%s, exit code %s: %d reports:\n%s", test.setting, test.code, got, o.out)
		}
	}
	if o := run(t, "copy", path, []string{"GOSPADE=stacks=copy,report=1"}, "exit", "0"); !strings.Contains(o.out, "spade: stacks=copy\n") {
		t.Errorf("the report does not name the strategy:\n%s", o.out)
	}
}
