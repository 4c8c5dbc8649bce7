// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// host is what the scripts use of the Go that runs the test.
var host struct {
	GOROOT, GOVERSION, GOCACHE, GOMODCACHE, GOPROXY, GOMOD string
}

// spadeCache is the SPADECACHE of every script that does not choose another one.
var spadeCache string

func TestMain(m *testing.M) {
	testscript.Main(withCache{m}, map[string]func(){"spade": main})
}

// withCache gives the scripts a cache directory in common.
type withCache struct{ tests *testing.M }

func (w withCache) Run() int {
	out, err := exec.Command("go", "env", "-json", "GOROOT", "GOVERSION", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOMOD").Output()
	if err == nil {
		err = json.Unmarshal(out, &host)
	}
	if err != nil {
		log.Fatalf("go env: %v", err)
	}
	if spadeCache, err = os.MkdirTemp("", "spade-cache-"); err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(spadeCache)
	return w.tests.Run()
}

// TestScript runs the scripts in testdata/script.
//
// They compile into the go command's own cache, so that a second run is fast; a script that looks at what is compiled has a
// GOCACHE of its own. $ROOT is the GOROOT of the Go that runs the test,
// $SPADE the path of spade, which is in PATH as well, $MODULE the directory of spade's own source, and $PROXY the GOPROXY of the
// tester, for the scripts that install a package.
func TestScript(t *testing.T) { runScripts(t, "testdata/script") }

func runScripts(t *testing.T, dir string) {
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			for name, value := range scriptEnv(env.WorkDir) {
				env.Setenv(name, value)
			}
			spade, err := exec.LookPath("spade")
			if err != nil {
				return err
			}
			env.Setenv("SPADE", spade)
			return os.MkdirAll(env.Getenv("HOME"), 0o777)
		},
		Condition: condition,
		Cmds:      commands,
	})
}

// scriptEnv keeps the tester's settings, and the network, out of the scripts.
func scriptEnv(work string) map[string]string {
	return map[string]string{
		"HOME":        filepath.Join(work, ".home"),
		"ROOT":        host.GOROOT,
		"MODULE":      filepath.Dir(host.GOMOD),
		"PROXY":       host.GOPROXY,
		"GOCACHE":     host.GOCACHE,
		"GOMODCACHE":  host.GOMODCACHE,
		"GOPATH":      filepath.Join(work, ".gopath"),
		"GOENV":       "off",
		"GOFLAGS":     "",
		"GOPROXY":     "off",
		"GOTELEMETRY": "off",
		"GOTOOLCHAIN": "local",
		"SPADECACHE":  spadeCache,
	}
}

// TestSpadeHasNoMarker keeps spade's own binary, which is the test binary here, from passing for one that spade built.
func TestSpadeHasNoMarker(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if head := strings.Join([]string{"spade", "marker:v1:"}, "-"); bytes.Contains(data, []byte(head)) {
		t.Errorf("spade's own binary holds %q, the start of a marker", head)
	}
}
