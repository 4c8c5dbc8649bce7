// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// corePackages are the patterns of the suite std-core.
var corePackages = []string{"runtime/...", "sync/...", "os/...", "net/http", "encoding/json", "iter", "testing/synctest", "reflect"}

// modePackages are what the suite modes runs under each of its modes.
var modePackages = []string{"runtime", "runtime/debug", "runtime/metrics", "runtime/pprof", "runtime/trace", "sync", "sync/atomic",
	"iter", "testing/synctest", "reflect", "encoding/json", "os/signal"}

// modeSettings are the modes of the suite modes. The race detector rules slots out, so that mode is about the fallback.
var modeSettings = []string{"GOMAXPROCS=1", "GOMAXPROCS=2", "GOMAXPROCS=64", "GODEBUG=gcstoptheworld=1", "GODEBUG=clobberfree=1",
	"GODEBUG=asyncpreemptoff=1", "GODEBUG=gccheckmark=1", "GOGC=1", "GOSPADE=move=1,poison=1", "-race"}

// runtimeUnits returns package runtime, -short and in full.
func runtimeUnits(_ context.Context, s *session, tc Toolchain) ([]Unit, error) {
	short := s.testRun()
	short.Short = true
	units := []Unit{packageUnit("runtime -short", "runtime", "", short)}
	if !s.short {
		units = append(units, packageUnit("runtime", "runtime", "", s.testRun()))
	}
	return units, nil
}

// coreUnits returns the packages that stacks touch most.
func coreUnits(ctx context.Context, s *session, tc Toolchain) ([]Unit, error) {
	return s.stdUnits(ctx, tc, s.testRun(), corePackages...)
}

// stdUnits returns the whole standard library.
func stdUnits(ctx context.Context, s *session, tc Toolchain) ([]Unit, error) {
	return s.stdUnits(ctx, tc, s.testRun(), "std")
}

// modeUnits returns the packages to run under unusual settings, always -short: ten modes are long enough.
func modeUnits(ctx context.Context, s *session, tc Toolchain) ([]Unit, error) {
	tr := s.testRun()
	tr.Short = true
	return s.stdUnits(ctx, tc, tr, modePackages...)
}

// stdUnits returns a unit for each package with tests that the patterns name.
func (s *session) stdUnits(ctx context.Context, tc Toolchain, tr testRun, patterns ...string) ([]Unit, error) {
	args := append([]string{"go", "list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}"}, patterns...)
	out, err := command{Args: args, Dir: os.TempDir(), Env: cleanEnv(os.Environ(), "GOTOOLCHAIN="+tc.Name), Timeout: shortCommand}.output(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing packages: %w", err)
	}
	var units []Unit
	for _, pkg := range strings.Fields(out) {
		if s.wanted(pkg) {
			units = append(units, packageUnit(pkg, pkg, "", tr))
		}
	}
	return units, nil
}
