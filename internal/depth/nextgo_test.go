// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// nextGo is the latest release of the other Go that is supported: a spade that it built is for what it builds.
const nextGo = "go1.27.4"

// onNextGo are the tests that look at what releases may make otherwise: how the compiler and the standard library call, and compare.
var onNextGo = []string{
	"TestCorpus", "TestBoxed", "TestReflection", "TestDecoding", "TestImplicit", "TestTyped", "TestAssertions", "TestObservedFrames", "TestFollowStacks", "TestReach",
}

// TestNextGo runs them by it.
func TestNextGo(t *testing.T) {
	switch {
	case testing.Short():
		t.Skip("skipped: builds the standard library of another Go")
	case runtime.GOARCH != "amd64":
		t.Skip("the programs measure themselves in assembly for amd64")
	case strings.HasPrefix(runtime.Version(), "go1.27"):
		t.Skip("this is it")
	}
	if out, err := nextGoCommand("version"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%v\n%s", err, out)
		}
		t.Skipf("skipped: %s is not in the module cache, and the module proxy does not answer", nextGo)
	}
	out, err := nextGoCommand("test", "-count=1", "-v", "-run", "^("+strings.Join(onNextGo, "|")+")$", ".")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range onNextGo {
		if !strings.Contains(out, "--- PASS: "+name+" ") {
			t.Errorf("%s has not passed", name)
		}
	}
}

func nextGoCommand(args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+nextGo, "GOFLAGS=-buildvcs=false")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
