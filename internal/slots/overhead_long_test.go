// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package slots

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestRecordingCost counts, with callgrind, the instructions of a call in examples/rpc, and those of them that record growths: for the
// profile, one growth in 64, and for the high-water estimate, every one. Callgrind has no room for slots: its stacks in place are
// those whose start is learned.
//
//	go test -tags long -run TestRecordingCost -v ./internal/slots
func TestRecordingCost(t *testing.T) {
	if _, err := exec.LookPath("valgrind"); err != nil {
		t.Skip("skipped: valgrind counts the instructions, and is not installed")
	}
	if err := buildSpade(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(bin, "rpc")
	if err := goCommand(filepath.Join(bin, "spade"), nil, "go", "build", "-C", "../../examples/rpc", "-o", path, "."); err != nil {
		t.Fatal(err)
	}
	recording := []string{"--toggle-collect=runtime.growthStart", "--toggle-collect=runtime.growthRecord", "--toggle-collect=runtime.kindReached"}
	for _, s := range strategies {
		call := perCall(t, path, "stacks="+s)
		records := perCall(t, path, "stacks="+s, recording...)
		t.Logf("%s: %.0f instructions a call, of which %.0f record growths: %.2f%%", s, call, records, 100*records/call)
		if records > call/200 || s == "copy" && records <= 0 {
			t.Errorf("%s: of %.0f instructions a call, %.1f are for recording growths", s, call, records)
		}
	}
}

// perCall returns the instructions that a call takes: those of 3,000 calls less those of 1,000, without start-up and warm-up.
func perCall(t *testing.T, path, setting string, flags ...string) float64 {
	return float64(instructions(t, path, setting, 3000, flags)-instructions(t, path, setting, 1000, flags)) / 2000
}

var callgrindCount = regexp.MustCompile(`Collected : (\d+)`)

func instructions(t *testing.T, path, setting string, calls int, flags []string) int64 {
	t.Helper()
	args := append([]string{"--tool=callgrind", "--callgrind-out-file=/dev/null"}, flags...)
	cmd := exec.Command("valgrind", append(args, path, "-json", "-callers=1", "-calls="+strconv.Itoa(calls))...)
	cmd.Env = append(os.Environ(), "GOSPADE="+setting, "GOMAXPROCS=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, head(string(out)))
	}
	match := callgrindCount.FindStringSubmatch(string(out))
	if match == nil {
		t.Fatalf("callgrind printed no count:\n%s", head(string(out)))
	}
	n, err := strconv.ParseInt(strings.TrimSpace(match[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
