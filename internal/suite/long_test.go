// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package suite

import (
	"os"
	"strings"
	"testing"
)

// Each test is a suite of the same name. SPADE_SUITE holds flags of the command for all of them, separated by blanks:
// SPADE_SUITE='-short -go go1.26.8,go1.27.4'. A suite outlasts go test's own bound: pass -timeout 0.

func TestRuntime(t *testing.T)  { long(t, "runtime") }
func TestStdCore(t *testing.T)  { long(t, "std-core") }
func TestStd(t *testing.T)      { long(t, "std") }
func TestGoroot(t *testing.T)   { long(t, "goroot") }
func TestModes(t *testing.T)    { long(t, "modes") }
func TestModules(t *testing.T)  { long(t, "modules") }
func TestPrograms(t *testing.T) { long(t, "programs") }
func TestReleases(t *testing.T) { long(t, "releases") }

func long(t *testing.T, suite string) {
	args := append(strings.Fields(os.Getenv("SPADE_SUITE")), suite)
	if code := Main(args, t.Output(), t.Output()); code != exitSame {
		t.Errorf("suite %s: exit code %d", strings.Join(args, " "), code)
	}
}
