// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAgainst(t *testing.T) {
	page := func(bytes string) string {
		return "go: go1.99\n" + times(6, "copy", "BenchmarkMemory/page 1 "+bytes+" net-bytes/op") +
			times(6, "copy", "BenchmarkMemory/shallow/100000 1 2800 net-bytes/op")
	}
	for _, test := range []struct {
		name, here, there string
		status            int
		want              string
	}{
		{"alike", page("5000"), page("5010"), exitFine, "go1.99: 1 of 1 verdicts are the same in both"},
		{"unlike", page("5000"), page("3000"), exitFailed, "go1.99: 0 of 1 verdicts are the same in both\nC06 "},
		{"one is provisional", page("5000"), strings.Replace(page("5000"), "lane: copy\nBenchmarkMemory/page 1 5000 net-bytes/op\n", "lane: copy\n", 1), exitFine, "1 of 1"},
		{"another Go", page("5000"), strings.Replace(page("5000"), "go1.99", "go1.98", 1), exitUsage, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			here, there := filepath.Join(dir, "here"), filepath.Join(dir, "there")
			for path, text := range map[string]string{here: test.here, there: test.there} {
				if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			status, stdout, stderr := runLab(t, "report", "-table", "-against", there, here)
			if status != test.status || !strings.Contains(stdout, test.want) {
				t.Errorf("exit status %d, want %d; no %q in\n%s%s", status, test.status, test.want, stdout, stderr)
			}
			if status == exitUsage && !strings.Contains(stderr, "no claim has samples of one Go version in both") {
				t.Errorf("stderr: %s", stderr)
			}
		})
	}
}
