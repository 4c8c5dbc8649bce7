// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"fmt"
	"path/filepath"
	"strings"
)

// brokenModule writes a module with something for the tools to find.
func brokenModule(b *bench) (string, error) {
	files := map[string]string{
		"broken/go.mod":  "module broken\n\ngo 1.26\n",
		"broken/good.go": "package broken\n\nimport \"net/http\"\n\n// Serve serves.\nfunc Serve() error { return http.ListenAndServe(\"127.0.0.1:0\", nil) }\n",
		"broken/odd.go":  "package broken\n\nimport \"fmt\"\n\nfunc Odd(x int) bool {\n\tfmt.Printf(\"%d\\n\", \"text\")\n\treturn x == x\n}\n",
	}
	for name, content := range files {
		if err := b.write(name, content); err != nil {
			return "", err
		}
	}
	return filepath.Join(b.dir, "broken"), nil
}

// goplsSteps: diagnostics for a file with a type error, none for a good one, and a definition in the standard library.
var goplsSteps = []step{{"check", func(b *bench) error {
	dir, err := brokenModule(b)
	if err != nil {
		return err
	}
	if err := b.write("broken/wrong.go", "package broken\n\nvar Wrong int = \"text\"\n"); err != nil {
		return err
	}
	out, _, err := b.runCode(dir, b.exe, "check", "wrong.go")
	if err != nil {
		return err
	}
	if !strings.Contains(out, "wrong.go:3:") || !strings.Contains(out, "int") {
		return fmt.Errorf("gopls check wrong.go: %q", out)
	}
	if out, code, err := b.runCode(dir, b.exe, "check", "good.go"); err != nil || code != 0 || out != "" {
		return fmt.Errorf("gopls check good.go: exit code %d, %v: %q", code, err, out)
	}
	out, code, err := b.runCode(dir, b.exe, "definition", "good.go:6:42")
	if err != nil || code != 0 {
		return fmt.Errorf("gopls definition: exit code %d, %v: %s", code, err, out)
	}
	if !strings.Contains(out, "func http.ListenAndServe") {
		return fmt.Errorf("gopls definition: %q", out)
	}
	return nil
}}}

// staticcheckSteps: known findings in a small module, and packages of the standard library from end to end.
var staticcheckSteps = []step{
	{"findings", func(b *bench) error {
		dir, err := brokenModule(b)
		if err != nil {
			return err
		}
		out, code, err := b.runCode(dir, b.exe, "./...")
		if err != nil {
			return err
		}
		if code != 1 || !strings.Contains(out, "SA4000") || !strings.Contains(out, "SA5009") {
			return fmt.Errorf("exit code %d: %s", code, out)
		}
		return nil
	}},
	{"standard library", func(b *bench) error {
		out, code, err := b.runCode(b.dir, b.exe, "-checks=SA1*,SA4*,SA5*", "text/template", "encoding/json")
		if err != nil {
			return err
		}
		if code > 1 || strings.Contains(out, "(compile)") {
			return fmt.Errorf("exit code %d: %s", code, out)
		}
		return nil
	}},
}
