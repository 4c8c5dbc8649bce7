// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A testedModule is a module whose own tests are run.
type testedModule struct {
	name    string // short
	path    string
	version string
	pkgs    []string // patterns within the module
	match   string   // go test -run, where the whole takes hours
	skip    string   // go test -skip
}

// testedModules are widely used modules with thorough tests, at fixed versions.
var testedModules = []testedModule{
	{name: "bbolt", path: "go.etcd.io/bbolt", version: "v1.5.0", pkgs: []string{"./..."}},
	{name: "badger", path: "github.com/dgraph-io/badger/v4", version: "v4.9.6", pkgs: []string{"./..."}},
	{name: "grpc-go", path: "google.golang.org/grpc", version: "v1.85.0", pkgs: []string{"./..."}},
	// JetStream's cluster tests alone take hours; they are left out by name.
	{name: "nats-server", path: "github.com/nats-io/nats-server/v2", version: "v2.15.2", pkgs: []string{"./..."},
		skip: "JetStream|Cluster|NoRace|SuperCluster|LeafNode|MQTT"},
}

// moduleUnits returns a unit for each package with tests in the tested modules.
func moduleUnits(ctx context.Context, s *session, tc Toolchain) ([]Unit, error) {
	var units []Unit
	for _, m := range testedModules {
		if s.pkgs != nil && !s.mayWant(m.name) {
			continue
		}
		got, err := s.moduleUnits(ctx, tc, m)
		if err != nil {
			return nil, fmt.Errorf("%s@%s: %w", m.path, m.version, err)
		}
		units = append(units, got...)
	}
	return units, nil
}

// mayWant reports whether -unit could let a package of the module through: it names the module, or no module at all.
func (s *session) mayWant(module string) bool {
	pattern := s.pkgs.String()
	for _, m := range testedModules {
		if strings.Contains(pattern, m.name) {
			return strings.Contains(pattern, module)
		}
	}
	return true
}

// moduleUnits downloads a module, copies it to where its tests may write, and lists its packages.
func (s *session) moduleUnits(ctx context.Context, tc Toolchain, m testedModule) ([]Unit, error) {
	dir, err := s.copyModule(ctx, tc, m.path, m.version)
	if err != nil {
		return nil, err
	}
	args := append([]string{"go", "list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}"}, m.pkgs...)
	out, err := command{Args: args, Dir: dir, Env: cleanEnv(os.Environ(), "GOTOOLCHAIN="+tc.Name), Timeout: 2 * shortCommand}.output(ctx)
	if err != nil {
		return nil, err
	}
	tr := s.testRun()
	tr.Skip = m.skip
	if tr.Match == "" {
		tr.Match = m.match
	}
	var units []Unit
	for _, pkg := range strings.Fields(out) {
		name := m.name + strings.TrimPrefix(pkg, m.path)
		if s.wanted(name) {
			u := packageUnit(name, pkg, dir, tr)
			u.Key = m.version + " " + m.skip
			units = append(units, u)
		}
	}
	return units, nil
}

// copyModule returns a writable copy of a module, made once.
func (s *session) copyModule(ctx context.Context, tc Toolchain, path, version string) (string, error) {
	to := filepath.Join(s.store.dir, "src", fileName(path)+"@"+version)
	if _, err := os.Stat(to); err == nil {
		return to, nil
	}
	out, err := command{Args: []string{"go", "mod", "download", "-json", path + "@" + version}, Dir: os.TempDir(),
		Env: cleanEnv(os.Environ(), "GOTOOLCHAIN="+tc.Name), Timeout: 2 * shortCommand}.output(ctx)
	if err != nil {
		return "", err
	}
	var got struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		return "", err
	}
	temp := fmt.Sprintf("%s.%d", to, os.Getpid())
	if err := os.CopyFS(temp, os.DirFS(got.Dir)); err != nil {
		return "", err
	}
	if err := makeWritable(temp); err != nil {
		return "", err
	}
	return to, os.Rename(temp, to)
}

// makeWritable lets the owner write everything below dir: files of the module cache are read-only.
func makeWritable(dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil || info.Mode()&fs.ModeSymlink != 0 {
			return err
		}
		return os.Chmod(name, info.Mode().Perm()|0o200)
	})
}
