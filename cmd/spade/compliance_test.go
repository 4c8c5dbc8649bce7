// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long && linux

package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestBazel runs the example's tests in Bazel: as they are, then with a larger frame, and then with a budget that nothing has. Debian
// has a Bazel that needs nothing from the network, in the package bazel-bootstrap.
func TestBazel(t *testing.T) {
	bazel, err := exec.LookPath("bazel")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("bazel is not installed, and CI=true; Debian has it in the package bazel-bootstrap")
		}
		t.Skip("skipped: bazel is not installed; Debian has it in the package bazel-bootstrap")
	}
	b := newBazel(t, bazel)
	size, budgets := filepath.Join(b.dir, "storefront", "size.go"), filepath.Join(b.dir, "spade.json")

	b.wants(map[string]bool{"billing": true, "storefront": true})
	if !b.analysed {
		t.Error("nothing was analysed")
	}

	edit(t, size, "formSize = 3000", "formSize = 8000")
	b.wants(map[string]bool{"billing": true, "storefront": false})
	for _, sentence := range []string{
		"bytes of stack, 4496 more than its budget of 6144",
		"example.com/shop/storefront.Handle grew from 3048 to 8048 bytes",
		"team storefront", "Note: A form is 3000 bytes.",
	} {
		if log := strings.Join(strings.Fields(b.log("storefront")), " "); !strings.Contains(log, sentence) {
			t.Errorf("the log does not say %q:\n%s", sentence, log)
		}
	}

	edit(t, size, "formSize = 8000", "formSize = 3000")
	edit(t, budgets, `"example.com/shop/billing.*"`, `"example.com/shop/bills.*"`)
	b.wants(map[string]bool{"billing": false, "storefront": true})
	if log := b.log("billing"); !strings.Contains(log, "No entry is named example.com/shop/bills.*") {
		t.Errorf("the log does not name the budget:\n%s", log)
	}
	edit(t, budgets, `"note": "A form`, `"note": "One form`)
	b.wants(map[string]bool{"billing": false, "storefront": true})
	if b.analysed {
		t.Error("another budget has the program analysed again")
	}
}

// A bazelRun is a workspace, and what the last run of its tests has said.
type bazelRun struct {
	t        *testing.T
	bazel    string
	dir      string
	options  []string
	env      []string
	output   string
	analysed bool
}

// newBazel copies the example to a workspace of its own.
func newBazel(t *testing.T, bazel string) *bazelRun {
	t.Helper()
	temp := t.TempDir()
	b := &bazelRun{t: t, bazel: bazel, dir: filepath.Join(temp, "workspace")}
	copyTree(t, "../../examples/bazel", b.dir, nil)
	// Bazel's own workspace names an archive for reports on coverage, even if nobody asks for one.
	coverage := filepath.Join(temp, "coverage")
	if err := os.Mkdir(coverage, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"WORKSPACE": "",
		"BUILD":     `filegroup(name = "coverage_report_generator", visibility = ["//visibility:public"])` + "\n",
	} {
		if err := os.WriteFile(filepath.Join(coverage, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	b.options = []string{"--override_repository=remote_coverage_tools=" + coverage, "--jobs=2", "--curses=no", "--color=no", "--test_tag_filters=stack_compliance"}
	spade, err := exec.LookPath("spade")
	if err != nil {
		t.Fatal(err)
	}
	b.env = append(os.Environ(),
		"PATH="+strings.Join([]string{filepath.Dir(spade), filepath.Join(host.GOROOT, "bin"), os.Getenv("PATH")}, string(filepath.ListSeparator)),
		"GOCACHE="+host.GOCACHE, "GOPROXY=off", "GOTOOLCHAIN=local", "GOFLAGS=", "GOENV=off", "SPADECACHE="+filepath.Join(temp, "cache"), "CGO_ENABLED=0")
	t.Cleanup(func() {
		b.run("shutdown")
		// what Bazel has written can't be written to
		exec.Command("chmod", "-R", "u+w", temp).Run()
	})
	return b
}

// run runs a command of Bazel, with a server and a cache of its own.
func (b *bazelRun) run(command string, args ...string) error {
	root := filepath.Join(filepath.Dir(b.dir), "root")
	cmd := exec.Command(b.bazel, slices.Concat([]string{"--output_user_root=" + root, "--max_idle_secs=60", command}, args)...)
	cmd.Dir, cmd.Env = b.dir, b.env
	out, err := cmd.CombinedOutput()
	b.output = string(out)
	return err
}

// wants runs all tests that have the tag, and wants those of the teams to pass or to fail as told.
func (b *bazelRun) wants(teams map[string]bool) {
	b.t.Helper()
	err := b.run("test", append(b.options, "--subcommands", "//...")...)
	b.analysed = strings.Contains(b.output, "Finding how deep the goroutines of //:server_findings get")
	failing := slices.Contains([]bool{teams["billing"], teams["storefront"]}, false)
	if (err != nil) != failing {
		b.t.Fatalf("bazel test: %v\n%s", err, b.output)
	}
	for team, pass := range teams {
		var result struct {
			Suites []struct {
				Failures int `xml:"failures,attr"`
				Errors   int `xml:"errors,attr"`
			} `xml:"testsuite"`
		}
		if err := xml.Unmarshal([]byte(readText(b.t, b.logs(team, "test.xml"))), &result); err != nil {
			b.t.Fatal(err)
		}
		if len(result.Suites) != 1 || (result.Suites[0].Failures+result.Suites[0].Errors == 0) != pass {
			b.t.Errorf("the test of team %s: %+v, want it to pass: %v\n%s", team, result, pass, b.log(team))
		}
	}
}

func (b *bazelRun) logs(team, name string) string {
	return filepath.Join(b.dir, "bazel-testlogs", fmt.Sprintf("%s_stacks", team), name)
}

func (b *bazelRun) log(team string) string {
	b.t.Helper()
	return readText(b.t, b.logs(team, "test.log"))
}

// edit replaces text that is there once.
func edit(t *testing.T, name, from, to string) {
	t.Helper()
	text := readText(t, name)
	if strings.Count(text, from) != 1 {
		t.Fatalf("%s does not hold %q once", name, from)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(text, from, to, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
}
