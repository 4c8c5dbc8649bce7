// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long && linux

package main

import (
	"archive/zip"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// workflowModule is the module that the workflow builds and tests.
var workflowModule = map[string]string{
	"go.mod":             "module example.com/greet\n\ngo 1.26\n",
	"greet.go":           "package greet\n\nfunc Text() string { return \"hello\" }\n",
	"greet_test.go":      "package greet\n\nimport \"testing\"\n\nfunc TestText(t *testing.T) {\n\tif Text() != \"hello\" {\n\t\tt.Fail()\n\t}\n}\n",
	"cmd/server/main.go": "package main\n\nimport \"example.com/greet\"\n\nfunc main() { println(greet.Text()) }\n",
	"cmd/two/main.go":    "package main\n\nfunc main() {}\n",
	"spade.json":         `{"version": 1, "budgets": [{"entries": "runtime.main", "bytes": 100000, "status": ["exact", "upper bound", "lower bound", "unbounded"]}]}`,
}

// TestWorkflow runs the steps of the example as GitHub would, for a module of two commands: on a machine without anything, then on
// one that has nothing but what the workflow puts into the cache, then with steps that must not pass.
func TestWorkflow(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("skipped: GitHub runs steps in bash, which is not installed")
	}
	needModules(t, "../..")
	steps := workflowSteps(readText(t, "../../examples/github/workflow.yml"))
	m := newMachine(t)
	m.env["GOSUMDB"] = "off" // it does not know this spade
	m.env["GOPROXY"] = "file://" + filepath.ToSlash(publishSpade(t)) + "," + m.env["GOPROXY"]
	workspace := filepath.Join(m.dir, "workspace")
	prepare := func() {
		for name, text := range workflowModule {
			path := filepath.Join(workspace, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		m.env["RUNNER_TEMP"] = filepath.Join(m.dir, "temp")
		if err := os.Mkdir(m.env["RUNNER_TEMP"], 0o755); err != nil {
			t.Fatal(err)
		}
	}

	prepare()
	failed, out := runSteps(t, m, workspace, steps)
	if failed != "" {
		t.Fatalf("step %s failed:\n%s", failed, out)
	}
	for _, sign := range []string{"\nstacks: ", "\nok  \texample.com/greet\t", "/server: built by spade ", "/two: built by spade ", "\n1 entry with a budget, all kept"} {
		if !strings.Contains(out, sign) {
			t.Errorf("the steps don't print %q:\n%s", sign, out)
		}
	}

	keepOnlyCached(t, m, steps)
	prepare()
	m.env["GOFLAGS"] = "-x"
	failed, out = runSteps(t, m, workspace, steps)
	if failed != "" {
		t.Fatalf("with the cache, step %s failed:\n%s", failed, out)
	}
	if compiled := regexp.MustCompile(`/compile .*-p (\S+)`).FindAllStringSubmatch(out, -1); len(compiled) > 0 || !strings.Contains(out, "/link ") {
		t.Errorf("with the cache, %d packages were compiled, the first %q, want none, and commands linked", len(compiled), compiled[:min(1, len(compiled))])
	}
	if !strings.Contains(out, "\nok  \texample.com/greet\t(cached)\n") {
		t.Errorf("with the cache, the test ran again:\n%s", out)
	}

	m.env["GOFLAGS"] = ""
	if failed, out = runSteps(t, m, workspace, replaceInSteps(steps, "spade go build", "go build")); !strings.Contains(failed, "spade verify") {
		t.Errorf("with binaries of plain go, the step that failed is %q, want spade verify:\n%s", failed, out)
	}
	if err := os.WriteFile(filepath.Join(workspace, "spade.json"), []byte(`{"version": 1, "budgets": [{"entries": "runtime.main", "bytes": 100}]}`), 0o666); err != nil {
		t.Fatal(err)
	}
	if failed, out = runSteps(t, m, workspace, steps); !strings.Contains(failed, "spade check") {
		t.Errorf("with a budget that is too small, the step that failed is %q, want spade check:\n%s", failed, out)
	}
	log := readText(t, filepath.Join(m.env["RUNNER_TEMP"], "spade.sarif"))
	if uploads := slices.ContainsFunc(steps, func(s workflowStep) bool { return strings.Contains(s.uses, "/upload-sarif@") }); !uploads || !strings.Contains(log, `"ruleId": "stack-budget"`) {
		t.Errorf("a step uploads what spade check has written: %v\n%s", uploads, log)
	}
}

// A workflowStep is a step's action or commands, and the paths that it caches.
type workflowStep struct {
	uses, run string
	paths     []string
}

// workflowSteps reads the steps off a workflow. It knows as much YAML as the example has: a value is on the line of its key, or, after
// |, on the lines below that are indented further.
func workflowSteps(text string) (steps []workflowStep) {
	pair := regexp.MustCompile(`^( *)(- )?(\w+): *(.*?)( # .*)?$`)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		m := pair.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		indent, key, value := len(m[1]), m[3], m[4]
		if m[2] != "" {
			steps = append(steps, workflowStep{})
			indent += len(m[2])
		}
		if value == "|" {
			value = ""
			for _, below := range lines[i+1:] {
				if text := strings.TrimLeft(below, " "); text != "" && len(below)-len(text) <= indent {
					break
				}
				value += strings.TrimSpace(below) + "\n"
			}
		}
		if len(steps) == 0 {
			continue
		}
		switch step := &steps[len(steps)-1]; key {
		case "uses":
			step.uses = value
		case "run":
			step.run = value
		case "path":
			step.paths = strings.Fields(value)
		}
	}
	return steps
}

// runSteps runs the steps as far as one fails, and returns that one's commands, and what all have printed.
func runSteps(t *testing.T, m *machine, workspace string, steps []workflowStep) (failed, output string) {
	t.Helper()
	commands := 0
	for _, step := range steps {
		if step.run == "" {
			continue
		}
		if strings.Contains(step.run, "${{") {
			t.Fatalf("this test can't evaluate %q", step.run)
		}
		commands++
		out, err := m.run(workspace, nil, "bash", "-e", "-c", step.run)
		output += out
		if err != nil {
			return step.run, output
		}
	}
	if commands < 5 {
		t.Fatalf("found only %d steps with commands: is the reading of the workflow broken?", commands)
	}
	return "", output
}

func replaceInSteps(steps []workflowStep, from, to string) []workflowStep {
	steps = slices.Clone(steps)
	for i := range steps {
		steps[i].run = strings.ReplaceAll(steps[i].run, from, to)
	}
	return steps
}

// keepOnlyCached makes m a new machine with nothing but what the steps cache of the old one.
func keepOnlyCached(t *testing.T, m *machine, steps []workflowStep) {
	t.Helper()
	old := m.dir + ".old"
	if err := os.Rename(m.dir, old); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(old) })
	cached := 0
	for _, step := range steps {
		if !strings.HasPrefix(step.uses, "actions/cache@") {
			continue
		}
		for _, path := range step.paths {
			cached++
			now := filepath.Join(m.env["HOME"], strings.TrimPrefix(path, "~"))
			name, err := filepath.Rel(m.dir, now)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Dir(now), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(filepath.Join(old, name), now); err != nil {
				t.Errorf("%s is cached, and nothing has made it: %v", path, err)
			}
		}
	}
	if cached != 3 {
		t.Errorf("%d directories are cached, want those of compiled packages, of modules and of spade", cached)
	}
}

// publishSpade makes a module proxy, in files, that has this spade as the latest version. It returns its directory.
func publishSpade(t *testing.T) string {
	t.Helper()
	const path, version = "github.com/spadego/spade", "v0.99.0"
	proxy := t.TempDir()
	dir := filepath.Join(proxy, filepath.FromSlash(path), "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"list":            version + "\n",
		version + ".info": `{"Version":"` + version + `"}`,
		version + ".mod":  readText(t, "../../go.mod"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Create(filepath.Join(dir, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	archive := zip.NewWriter(file)
	err = fs.WalkDir(os.DirFS("../.."), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != ".":
			// a directory with a go.mod is a module of its own
			if _, err := os.Stat(filepath.Join("../..", name, "go.mod")); err == nil || name == ".git" {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		w, err := archive.Create(path + "@" + version + "/" + name)
		if err != nil {
			return err
		}
		_, err = w.Write([]byte(readText(t, filepath.Join("../..", name))))
		return err
	})
	if err == nil {
		err = archive.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return proxy
}
