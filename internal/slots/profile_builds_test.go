// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package slots

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestProfileRace: the profile is exact with the race detector, too.
func TestProfileRace(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: builds the standard library for the race detector")
	}
	testExactBuild(t, "go1.26.8", true)
}

// TestProfileNextGo: and on the other Go that is supported.
func TestProfileNextGo(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: builds the standard library of another Go")
	}
	testExactBuild(t, "go1.27.4", false)
}

func testExactBuild(t *testing.T, version string, race bool) {
	name := "known-" + version
	env, flags := []string{"GOTOOLCHAIN=" + version}, []string(nil)
	if race {
		if _, err := exec.LookPath("gcc"); err != nil {
			t.Skip("skipped: the race detector needs gcc")
		}
		name += "-race"
		env, flags = append(env, "CGO_ENABLED=1"), []string{"-race"}
	}
	path, err := build(t, "known", name, env, flags...)
	if err != nil {
		if os.Getenv("CI") != "true" && strings.Contains(err.Error(), "download") {
			t.Skipf("skipped: %s can't be downloaded", version)
		}
		t.Fatal(err)
	}
	testExact(t, path, 200, slotsHere() && !race)
}
