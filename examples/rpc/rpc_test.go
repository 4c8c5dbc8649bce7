// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/spadego/spade/examples/internal/sidebyside"
)

func TestMeasureAsJSON(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := run([]string{"-json", "-calls", "20", "-callers", "3"}, &stdout, &stderr); status != 0 {
		t.Fatalf("exit status %d: %s", status, &stderr)
	}
	var m sidebyside.Measurement
	if err := json.Unmarshal(stdout.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	if m.PerSecond <= 0 {
		t.Errorf("%v calls/s", m.PerSecond)
	}
}

func TestLoadIsBounded(t *testing.T) {
	for _, args := range [][]string{
		{"-callers", "0"}, {"-callers", "1001"}, {"-calls", "0"}, {"-calls", "-1"}, {"-rounds", "101"}, {"greet"}, {"-fast"},
	} {
		var stdout, stderr bytes.Buffer
		if status := run(args, &stdout, &stderr); status != 2 || stderr.Len() == 0 {
			t.Errorf("%q: exit status %d: %s", args, status, &stderr)
		}
	}
}
