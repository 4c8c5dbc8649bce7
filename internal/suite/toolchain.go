// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Toolchain is one release of Go, found by its name.
type Toolchain struct {
	Name     string // go1.26.8
	GOROOT   string
	GOOS     string
	GOARCH   string
	CGO      bool
	ToolTags []string // goexperiment.x of this toolchain
	Releases []string // go1.1 … go1.N
}

// findToolchain asks the go command of PATH for a release; that downloads it where it is missing.
func findToolchain(ctx context.Context, name string) (Toolchain, error) {
	env := cleanEnv(os.Environ(), "GOTOOLCHAIN="+name)
	out, err := command{Args: []string{"go", "env", "-json", "GOROOT", "GOOS", "GOARCH", "CGO_ENABLED", "GOVERSION"}, Env: env, Dir: os.TempDir(), Timeout: 10 * time.Minute}.output(ctx)
	if err != nil {
		return Toolchain{}, fmt.Errorf("looking for %s: %w", name, err)
	}
	var got struct{ GOROOT, GOOS, GOARCH, CGO_ENABLED, GOVERSION string }
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		return Toolchain{}, fmt.Errorf("looking for %s: %w", name, err)
	}
	if v, _, _ := strings.Cut(got.GOVERSION, " "); v != name {
		return Toolchain{}, fmt.Errorf("asked go for %s, got %s; is GOTOOLCHAIN understood by the go command in PATH?", name, got.GOVERSION)
	}
	t := Toolchain{Name: name, GOROOT: got.GOROOT, GOOS: got.GOOS, GOARCH: got.GOARCH, CGO: got.CGO_ENABLED == "1"}
	out, err = command{Args: []string{"go", "list", "-f", `{{join context.ToolTags " "}};{{join context.ReleaseTags " "}}`, "unsafe"}, Env: env, Dir: os.TempDir(), Timeout: time.Minute}.output(ctx)
	if err != nil {
		return t, err
	}
	tools, releases, _ := strings.Cut(strings.TrimSpace(out), ";")
	t.ToolTags, t.Releases = strings.Fields(tools), strings.Fields(releases)
	return t, nil
}

// hasTest reports whether the toolchain has the test/ directory of the Go repository. Downloaded ones lack it.
func (t Toolchain) hasTest() bool {
	_, err := os.Stat(filepath.Join(t.GOROOT, "test", "235.go"))
	return err == nil
}

// cleanEnv returns environ without what would steer go or spade from outside, plus set.
func cleanEnv(environ []string, set ...string) []string {
	var env []string
	for _, kv := range environ {
		switch name, _, _ := strings.Cut(kv, "="); name {
		case "GOFLAGS", "GOTOOLCHAIN", "GOROOT", "GOSPADE", "GODEBUG", "GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GOTRACEBACK",
			"GOEXPERIMENT", "GOWORK", "GO111MODULE", "GOENV", "GOBIN", "GO_TEST_TIMEOUT_SCALE", "GO_BUILDER_NAME", "PWD":
			continue
		}
		env = append(env, kv)
	}
	return append(append(env, "GOENV=off", "GOWORK=off"), set...)
}
