// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"errors"
	"testing"
)

func TestDeeper(t *testing.T) {
	env := []string{"A=b", "SPADE_DEPTH=no number"}
	for depth := 0; ; depth++ {
		next, err := deeper(env, "/bin/go")
		if loop := (*LoopError)(nil); errors.As(err, &loop) {
			if depth < 5 || loop.Path != "/bin/go" {
				t.Errorf("%d within each other: %v; some may be", depth, err)
			}
			return
		}
		if err != nil || depth > 100 {
			t.Fatalf("%d within each other: %q, %v, want an end", depth, next, err)
		}
		if a, _ := lookupEnv(next, "A"); a != "b" || len(next) != len(env) {
			t.Fatalf("the environment %q becomes %q", env, next)
		}
		env = next
	}
}

func TestGrowsInPlace(t *testing.T) {
	for target, want := range map[[2]string]bool{
		{"linux", "amd64"}: true, {"linux", "arm64"}: true, {"linux", "386"}: false, {"darwin", "arm64"}: false, {"windows", "amd64"}: false,
	} {
		if got := GrowsInPlace(target[0], target[1]); got != want {
			t.Errorf("%s/%s: %v, want %v", target[0], target[1], got, want)
		}
		g := &Go{Env: map[string]string{"GOOS": target[0], "GOARCH": target[1]}}
		if note := g.TargetNote(); (note == "") != want {
			t.Errorf("%s: the note is %q", g.Target(), note)
		}
	}
}
