// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long && linux

package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A machine stands for one on which nothing has been downloaded or built: everything that the go command and spade write is below dir.
type machine struct {
	dir string
	env map[string]string
}

// newMachine makes a machine whose module proxy is the module cache of the tester, and after that the proxy of the tester.
func newMachine(t *testing.T) *machine {
	t.Helper()
	dir, err := os.MkdirTemp("", "spade-machine-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				os.Chmod(path, 0o755) // the module cache can't be written to
			}
			return nil
		})
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil { // other users run what was built
		t.Fatal(err)
	}
	m := &machine{dir: dir, env: map[string]string{}}
	for _, setting := range os.Environ() {
		name, value, _ := strings.Cut(setting, "=")
		if !slices.ContainsFunc([]string{"GO", "SPADE", "XDG_", "CI", "GITHUB_", "PWD"}, func(p string) bool { return strings.HasPrefix(name, p) }) {
			m.env[name] = value
		}
	}
	home := filepath.Join(dir, "root")
	if err := os.Mkdir(home, 0o755); err != nil {
		t.Fatal(err)
	}
	m.env["HOME"] = home
	m.env["GOTOOLCHAIN"] = "local"
	m.env["GOPROXY"] = "file://" + filepath.ToSlash(host.GOMODCACHE) + "/cache/download," + host.GOPROXY
	m.env["PATH"] = strings.Join([]string{filepath.Join(home, "go", "bin"), filepath.Join(host.GOROOT, "bin"), os.Getenv("PATH")}, string(filepath.ListSeparator))
	return m
}

// run runs a command in a directory of the machine, with settings that hold for it alone.
func (m *machine) run(dir string, settings []string, command ...string) (output string, err error) {
	var env []string
	for name, value := range m.env {
		env = append(env, name+"="+value)
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env = dir, append(env, settings...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// needModules skips the test by name if a machine can't download what the modules in the directories require. Where CI is true it
// fails the test.
func needModules(t *testing.T, dirs ...string) {
	t.Helper()
	m := newMachine(t)
	for _, dir := range dirs {
		out, err := m.run(dir, nil, "go", "mod", "download")
		switch {
		case err == nil:
		case os.Getenv("CI") == "true":
			t.Fatalf("%s: go mod download: %v, and CI=true\n%s", dir, err, out)
		default:
			t.Skipf("skipped: what %s/go.mod requires is neither in the module cache nor to be had: %v\n%s", dir, err, out)
		}
	}
}

// copyTree copies a file or what is below a directory, replacing files that are there, without names in ignored.
func copyTree(t *testing.T, from, to string, ignored []string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		switch {
		case d.IsDir() && slices.Contains(ignored, filepath.ToSlash(name)):
			return filepath.SkipDir
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case !d.Type().IsRegular():
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, data, info.Mode().Perm())
	})
	if err != nil {
		t.Fatal(err)
	}
}
