// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"io"
	"strings"
	"testing"
)

func TestReadTestJSON(t *testing.T) {
	const ok = `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"fine\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestB/sub"}
{"Action":"skip","Package":"p","Test":"TestB/sub"}
`
	tests := []struct {
		name, in string
		want     map[string]Outcome
		crash    string
	}{
		{"all well", ok + `{"Action":"pass","Package":"p"}`,
			map[string]Outcome{"TestA": Pass, "TestB/sub": Skip, WholeUnit: Pass}, ""},
		{"a failure", `{"Action":"run","Package":"p","Test":"TestC"}
{"Action":"fail","Package":"p","Test":"TestC"}
{"Action":"fail","Package":"p"}`, map[string]Outcome{"TestC": Fail, WholeUnit: Fail}, ""},
		{"a crash", ok + `{"Action":"run","Package":"p","Test":"TestD"}
{"Action":"output","Package":"p","Test":"TestD","Output":"fatal error: unknown caller pc\n"}
{"Action":"fail","Package":"p"}`, map[string]Outcome{"TestA": Pass, "TestB/sub": Skip, "TestD": Unfinished, WholeUnit: Fail}, "fatal error: unknown caller pc"},
		{"a crash of a child that its test expects", `{"Action":"run","Package":"p","Test":"TestE"}
{"Action":"output","Package":"p","Test":"TestE","Output":"fatal error: all goroutines are asleep\n"}
{"Action":"pass","Package":"p","Test":"TestE"}
{"Action":"pass","Package":"p"}`, map[string]Outcome{"TestE": Pass, WholeUnit: Pass}, ""},
		{"a timeout is no crash", `{"Action":"run","Package":"p","Test":"TestF"}
{"Action":"output","Package":"p","Test":"TestF","Output":"panic: test timed out after 1s\n"}
{"Action":"fail","Package":"p"}`, map[string]Outcome{"TestF": Unfinished, WholeUnit: Fail}, ""},
		{"a build that fails", `{"ImportPath":"p","Action":"build-output","Output":"x.go:1: no\n"}
{"ImportPath":"p","Action":"build-fail"}
{"Action":"fail","Package":"p","FailedBuild":"p"}`, map[string]Outcome{WholeUnit: Fail}, ""},
		{"nothing", "spade: no\n", map[string]Outcome{WholeUnit: Unfinished}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, err := readTestJSON(strings.NewReader(tt.in), io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			if len(res.Tests) != len(tt.want) {
				t.Errorf("results %v, want %v", res.Tests, tt.want)
			}
			for name, want := range tt.want {
				if got := res.outcome(name); got != want {
					t.Errorf("%s: %s, want %s", name, got, want)
				}
			}
			if res.Crash != tt.crash {
				t.Errorf("crash %q, want %q", res.Crash, tt.crash)
			}
		})
	}
}

func TestOutputIsKeptForFailuresOnly(t *testing.T) {
	const in = `{"Action":"run","Test":"TestA"}
{"Action":"output","Test":"TestA","Output":"good\n"}
{"Action":"pass","Test":"TestA"}
{"Action":"run","Test":"TestB"}
{"Action":"output","Test":"TestB","Output":"bad\n"}
{"Action":"fail","Test":"TestB"}
{"Action":"fail"}
`
	res, err := readTestJSON(strings.NewReader(in), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if res.Output["TestA"] != "" || res.Output["TestB"] != "bad\n" {
		t.Errorf("output %q", res.Output)
	}
}
