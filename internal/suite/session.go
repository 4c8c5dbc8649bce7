// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// session is one invocation of the command: its settings, and what it found.
type session struct {
	goNames []string
	lanes   string
	modes   []Mode
	short   bool
	timeout time.Duration
	procs   int
	match   string
	pkgs    *regexp.Regexp // of units
	fresh   bool
	list    bool
	store   store
	spade   string // path of the spade command, "" until needed
	test    string // GOROOT/test for toolchains without one

	stdout, stderr io.Writer
	toolchains     map[string]Toolchain
	spades         map[string]*SpadeBuild
}

// A suiteDef is one suite by name.
type suiteDef struct {
	name  string
	about string
	units func(context.Context, *session, Toolchain) ([]Unit, error)
	modes []string // instead of plain
	lanes string   // instead of all three
	every bool     // every release on the module proxy, unless -go names some
}

var allLanes = "stock,copy,inplace"

// suites lists what can be run, in the order of the help text.
func suites() []suiteDef {
	return []suiteDef{
		{name: "runtime", about: "package runtime, -short and in full", units: runtimeUnits},
		{name: "std-core", about: strings.Join(corePackages, " "), units: coreUnits},
		{name: "std", about: "every package of the standard library", units: stdUnits},
		{name: "goroot", about: "programs of GOROOT/test that are run", units: gorootUnits},
		{name: "modes", about: "runtime and friends, -short, under: " + strings.Join(modeSettings, "; "), units: modeUnits, modes: modeSettings},
		{name: "modules", about: "the tests of bbolt, badger, grpc-go and nats-server", units: moduleUnits},
		{name: "programs", about: "real programs, built, verified and used", units: programUnits, lanes: "copy,inplace"},
		{name: "releases", about: "every release of " + strings.Join(supportedLanguages, " and ") + ": known declarations, a small program", units: releaseUnits, lanes: "copy,inplace", every: true},
	}
}

// wanted reports whether -unit lets a unit through.
func (s *session) wanted(name string) bool {
	return s.pkgs == nil || s.pkgs.MatchString(name)
}

// testRun returns how package tests are run.
func (s *session) testRun() testRun {
	return testRun{Short: s.short, Timeout: s.timeout, Procs: s.procs, Match: s.match}
}

// flags returns what of the settings changes results, for the ids of stored results.
func (s *session) flags() string {
	return fmt.Sprintf("short=%t run=%s timeout=%s", s.short, s.match, s.timeout)
}

// toolchain returns the release of that name, looked up once.
func (s *session) toolchain(ctx context.Context, name string) (Toolchain, error) {
	if tc, ok := s.toolchains[name]; ok {
		return tc, nil
	}
	tc, err := findToolchain(ctx, name)
	if err != nil {
		return tc, err
	}
	s.toolchains[name] = tc
	return tc, nil
}

// spadeBuild returns what spade lays under a toolchain. The spade command is built from this module unless -spade names one.
// The value of its flag -stacks is "" for the binaries of lanes copy and inplace.
func (s *session) spadeBuild(ctx context.Context, tc Toolchain, stacks string) (*SpadeBuild, error) {
	key := tc.Name + " " + stacks
	if sb := s.spades[key]; sb != nil {
		return sb, nil
	}
	if s.spade == "" {
		name := filepath.Join(s.store.dir, "spade")
		if _, err := (command{Args: []string{"go", "build", "-o", name, "github.com/spadego/spade/cmd/spade"}, Env: os.Environ(), Timeout: shortCommand}).output(ctx); err != nil {
			return nil, fmt.Errorf("building spade (run this inside its module, or give -spade): %w", err)
		}
		s.spade = name
	}
	sb, err := askSpade(ctx, s.spade, stacks, tc)
	if err != nil {
		return nil, err
	}
	s.spades[key] = sb
	return sb, nil
}
