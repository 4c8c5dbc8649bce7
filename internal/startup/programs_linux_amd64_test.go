// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package startup

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spadego/spade/internal/finding"
)

// realPrograms are programs with what is known to be slow in their start. SPADE_PROGRAMS may name a directory where they are kept.
var realPrograms = []struct {
	name, module, version, pkg string
	main                       string // source, instead of a main package
	slow                       string // a package that is among the three that take longest; "" for none
}{
	{name: "hello", main: "package main\n\nfunc main() {}\n"},
	{name: "gh", module: "github.com/cli/cli/v2", version: "v2.62.0", pkg: "github.com/cli/cli/v2/cmd/gh", slow: "github.com/gdamore/tcell/v2"},
	{name: "hugo", module: "github.com/gohugoio/hugo", version: "v0.165.0", pkg: "github.com/gohugoio/hugo", slow: "github.com/alecthomas/chroma/v2/styles"},
	{name: "validator", module: "github.com/go-playground/validator/v10", version: "v10.4.1",
		main: "package main\n\nimport \"github.com/go-playground/validator/v10\"\n\nfunc main() { validator.New() }\n",
		slow: "github.com/go-playground/validator/v10"},
}

// TestPrograms: the parts of each start add up to what its runs without cuts take, and what is known to be slow is found. How much the
// cuts cost is printed.
func TestPrograms(t *testing.T) {
	kept := os.Getenv("SPADE_PROGRAMS")
	if kept == "" {
		kept = t.TempDir()
	}
	for _, p := range realPrograms {
		t.Run(p.name, func(t *testing.T) {
			s := &Subject{Set: finding.New, Name: p.name, Binary: filepath.Join(kept, p.name), Env: os.Environ(), Dir: t.TempDir()}
			if _, err := os.Stat(s.Binary); err != nil {
				buildReal(t, s.Binary, p.module, p.version, p.pkg, p.main)
			}
			l := measure(t, s, Options{Runs: 20, Timeout: time.Minute})
			total, plain := l.Start.Total, l.Start.Plain
			t.Logf("%s ms, the parts %s ms; without cuts %s ms; low ends of the spreads %s ms and %s ms, %+.1f%% with cuts", finding.Millis(total.Mean),
				finding.Millis(l.Start.Parts), finding.Millis(plain.Mean), finding.Millis(total.Low), finding.Millis(plain.Low),
				100*(finding.Ratio(total.Low, plain.Low)-1))
			if apart := finding.Ratio(l.Start.Parts, total.Mean) - 1; apart > 0.05 || apart < -0.05 {
				t.Errorf("the parts differ from the total by %.1f%%", 100*apart)
			}
			var packages []finding.StartPart
			for _, part := range l.Parts {
				if part.Kind == finding.PartPackage {
					packages = append(packages, part)
				}
			}
			slices.SortFunc(packages, func(a, b finding.StartPart) int { return int(b.Clock.Mean - a.Clock.Mean) })
			names := ""
			for _, part := range packages[:min(3, len(packages))] {
				names += " " + part.Package
			}
			if p.slow != "" && !strings.Contains(names+" ", " "+p.slow+" ") {
				t.Errorf("%s is not among%s", p.slow, names)
			}
		})
	}
}

// buildReal builds a main package of a module, or a main package with this source that needs the module.
func buildReal(t *testing.T, binary, module, version, pkg, source string) {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"go.mod": "module example.com/real\n\ngo 1.26\n"}
	if module != "" {
		files["go.mod"] += "\nrequire " + module + " " + version + "\n"
	}
	if source != "" {
		files["main.go"], pkg = source, "."
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "build", "-mod=mod", "-o", binary, pkg)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		if text := string(out); os.Getenv("CI") != "true" && (strings.Contains(text, "dial tcp") || strings.Contains(text, "module lookup disabled")) {
			t.Skipf("skipped: %s needs the module proxy, which does not answer", module)
		}
		t.Fatalf("%v\n%s", err, out)
	}
}
