// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// gorootDirs are the directories of GOROOT/test with programs of one file, as Go's own harness has them.
var gorootDirs = []string{".", "ken", "chan", "interface", "internal/runtime/sys", "syntax", "dwarf", "fixedbugs", "codegen", "abi",
	"typeparam", "typeparam/mdempsky", "arenas", "simd"}

// gorootActions are the recipes that run a program. Those that only look at what the compiler says are not about the runtime.
var gorootActions = []string{"run", "buildrun", "runoutput", "runindir"}

// chunkSize is how many programs make a unit: what an interrupted run loses, and how many binaries lie about at a time.
const chunkSize = 40

// gorootUnits returns the programs of GOROOT/test, in chunks of a directory.
func gorootUnits(ctx context.Context, s *session, tc Toolchain) ([]Unit, error) {
	dir, err := s.gorootTest(ctx, tc)
	if err != nil {
		return nil, err
	}
	match := regexp.MustCompile(s.match)
	var units []Unit
	for _, sub := range gorootDirs {
		names, err := gorootPrograms(filepath.Join(dir, sub), tc)
		if err != nil {
			return nil, err
		}
		names = slices.DeleteFunc(names, func(n string) bool { return !match.MatchString(n) })
		for i := 0; i < len(names); i += chunkSize {
			name := fmt.Sprintf("test/%s %02d", sub, i/chunkSize+1)
			if sub == "." {
				name = fmt.Sprintf("test %02d", i/chunkSize+1)
			}
			if !s.wanted(name) {
				continue
			}
			c := &gorootChunk{root: dir, sub: sub, names: names[i:min(i+chunkSize, len(names))], procs: s.gorootProcs(), built: map[string]*build{}}
			units = append(units, Unit{Name: name, Note: fmt.Sprintf(" (%d programs)", len(c.names)), Run: c.run, Clean: c.clean})
		}
	}
	return units, nil
}

// gorootProcs returns how many programs run at a time.
func (s *session) gorootProcs() int {
	if s.procs > 0 {
		return s.procs
	}
	return 2
}

// gorootTest returns the test directory for a toolchain: its own, that of -testdir, or that of go in PATH.
func (s *session) gorootTest(ctx context.Context, tc Toolchain) (string, error) {
	if s.test != "" {
		return filepath.Abs(s.test)
	}
	if tc.hasTest() {
		return filepath.Join(tc.GOROOT, "test"), nil
	}
	out, err := command{Args: []string{"go", "env", "GOROOT"}, Env: cleanEnv(os.Environ(), "GOTOOLCHAIN=local"), Dir: os.TempDir(), Timeout: shortCommand}.output(ctx)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(strings.TrimSpace(out), "test")
	if _, err := os.Stat(filepath.Join(dir, "235.go")); err != nil {
		return "", fmt.Errorf("%s has no test directory and neither has go in PATH (%w); give -testdir", tc.Name, err)
	}
	return dir, nil
}

// gorootPrograms returns the file names of the programs in dir that run on the toolchain's platform.
func gorootPrograms(dir string, tc Toolchain) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil, nil // not in every release
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".go") || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		src, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		r, err := parseRecipe(string(src))
		if err == nil && slices.Contains(gorootActions, r.Action) && buildable(string(src), tc) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}
