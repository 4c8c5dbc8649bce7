// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCalledByVet(t *testing.T) {
	for args, want := range map[string]bool{
		"-V=full":                      true,
		"-flags":                       true,
		"/tmp/b001/vet.cfg":            true,
		"-json /tmp/b001/vet.cfg":      true,
		"-json -team=a b/vet.cfg":      true,
		"-findings x.json b/vet.cfg":   true,
		"go vet -flags":                false,
		"verify vet.cfg":               false,
		"go build -o x.cfg":            false,
		"check -findings depth.cfg":    false,
		"-h":                           false,
		"-version":                     false,
		"env -json":                    false,
		"check -file x.json -findings": false,
	} {
		if got := calledByVet(strings.Fields(args)); got != want {
			t.Errorf("%s: %v, want %v", args, got, want)
		}
	}
}

// vetted runs spade as go vet does on a package, and returns its exit code and what it wrote.
func vetted(t *testing.T, unit vetUnit, flags ...string) (code int, stdout, stderr string) {
	t.Helper()
	data, err := json.Marshal(unit)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "vet.cfg")
	if err := os.WriteFile(config, data, 0o666); err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	c := Command{Args: append(flags, config), Dir: t.TempDir(), Stdout: &out, Stderr: &errs}
	code = c.Run()
	return code, out.String(), errs.String()
}

func inFile(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestVetPassesOn(t *testing.T) {
	dir := t.TempDir()
	source := inFile(t, filepath.Join(dir, "a.go"), "package a\n")
	imported := inFile(t, filepath.Join(dir, "b.out"), "one")
	written := func() string {
		t.Helper()
		output := filepath.Join(t.TempDir(), "vet.out")
		unit := vetUnit{ID: "a", GoFiles: []string{source}, PackageVetx: map[string]string{"b": imported}, VetxOutput: output}
		if code, out, errs := vetted(t, unit, "-json"); code != 0 || out+errs != "" {
			t.Fatalf("exit code %d, %q, %q", code, out, errs)
		}
		data, err := os.ReadFile(output)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	first := written()
	if again := written(); again != first {
		t.Error("the same package differs")
	}
	inFile(t, imported, "two")
	second := written()
	inFile(t, source, "package a // edited\n")
	if third := written(); second == first || third == second {
		t.Error("an edit, of the package or of one that it imports, does not show")
	}
}

func TestVetMain(t *testing.T) {
	dir := t.TempDir()
	source := inFile(t, filepath.Join(dir, "main.go"), "package main\n")
	test := inFile(t, filepath.Join(dir, "main_test.go"), "package main_test\n")
	findings := inFile(t, filepath.Join(dir, "depth.json"), `{"config":{"protocol":"spade/1","analysis":"depth"}}
{"program":{"path":"example.com/m","machine":"amd64"}}
{"entry":{"name":"main.serve","kind":"go","start":{"file":"/m/main.go","line":9},"go_sites":[{"file":"/m/main.go","line":5}],"status":"exact","bound":3000,"forecast":{}}}
{"program":{"path":"example.com/other","machine":"amd64"}}
{"entry":{"name":"main.main","kind":"main","start":{"file":"/o/main.go","line":3},"status":"exact","bound":9000,"forecast":{}}}
`)
	output := filepath.Join(dir, "vet.out")
	unit := vetUnit{ID: "m [m.test]", Dir: dir, ImportPath: "example.com/m [example.com/m.test]", GoFiles: []string{test, source}, VetxOutput: output}
	given := "-findings=" + findings
	if code, out, errs := vetted(t, unit, given); code != 0 || out+errs != "" {
		t.Errorf("without budgets: exit code %d, %q, %q", code, out, errs)
	}
	budgets := inFile(t, filepath.Join(dir, "spade.json"), `{"version": 1, "budgets": [{"entries": "main.*", "bytes": 1000, "team": "shop"}, {"entries": "main.old", "bytes": 1}]}`)

	const sentence = "main.serve needs 3000 bytes of stack, 2000 more than its budget of 1000: its path is not known. Look at it with spade depth, or raise the budget (spade.json:1, team shop)."
	if code, out, errs := vetted(t, unit, given); code != 1 || out != "" || errs != "/m/main.go:5:1: "+sentence+"\n" {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
	if _, err := os.Stat(output); err == nil {
		t.Error("something is passed on: the go command would not run the tool again")
	}
	code, out, errs := vetted(t, unit, "-json", given, "-file", budgets)
	var tree map[string]map[string][]map[string]string
	if err := json.Unmarshal([]byte(out), &tree); code != 0 || errs != "" || err != nil {
		t.Fatalf("exit code %d, %q, %q: %v", code, out, errs, err)
	}
	if list := tree["m [m.test]"]["spade"]; len(list) != 1 || list[0]["message"] != sentence || list[0]["posn"] != "/m/main.go:5:1" {
		t.Errorf("got %v", tree)
	}
	unit.Stdout = filepath.Join(dir, "vet.stdout")
	if code, out, errs := vetted(t, unit, "-json", given); code != 0 || out+errs != "" {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
	if data, err := os.ReadFile(unit.Stdout); err != nil || !strings.Contains(string(data), sentence) {
		t.Errorf("%s, %v", data, err)
	}

	for _, flags := range [][]string{{"-findings=depth.json"}, {"-file=spade.json"}, {given, "-team=nobody"}, {"-findings=" + source}} {
		if code, _, errs := vetted(t, unit, flags...); code != exitUsage || errs == "" {
			t.Errorf("%q: exit code %d, %q", flags, code, errs)
		}
	}
	unit.GoFiles = []string{test}
	if code, out, errs := vetted(t, unit, given); code != 0 || out+errs != "" {
		t.Errorf("tests in a package of their own: exit code %d, %q, %q", code, out, errs)
	}
	unit.GoFiles, unit.VetxOnly = []string{test, source}, true
	if code, out, errs := vetted(t, unit, given); code != 0 || out+errs != "" {
		t.Errorf("only imported: exit code %d, %q, %q", code, out, errs)
	}
}

func TestUpwards(t *testing.T) {
	dir := t.TempDir()
	deep := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(deep, 0o777); err != nil {
		t.Fatal(err)
	}
	const name = "spade-test.json"
	if got := upwards(deep, name); got != "" {
		t.Errorf("found %s", got)
	}
	want := inFile(t, filepath.Join(dir, name), "{}")
	if got := upwards(deep, name); got != want {
		t.Errorf("found %q, want %q", got, want)
	}
	nearer := inFile(t, filepath.Join(dir, "a", name), "{}")
	if got := upwards(deep, name); got != nearer {
		t.Errorf("found %q, want %q", got, nearer)
	}
}

func TestRoots(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	deep := filepath.Join(dir, "a", "b")
	if err := os.MkdirAll(deep, 0o777); err != nil {
		t.Fatal(err)
	}
	var c Command
	if got := c.roots(filepath.Join(deep, budgetsName)); len(got) != 1 || got[0] != deep {
		t.Errorf("without a repository: %q", got)
	}
	inFile(t, filepath.Join(dir, ".git"), "gitdir: elsewhere\n")
	if got := c.roots(filepath.Join(deep, budgetsName)); len(got) != 1 || got[0] != dir {
		t.Errorf("in a repository: %q, want %s", got, dir)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Skipf("skipped: no symbolic links: %v", err)
	}
	if got := c.roots(filepath.Join(link, "a", budgetsName)); len(got) != 2 || got[0] != link || got[1] != dir {
		t.Errorf("by a link: %q, want %s and %s", got, link, dir)
	}
}
