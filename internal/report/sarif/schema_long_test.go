// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package sarif

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestSchema validates what is written with the JSON schema of SARIF 2.1.0, which a module on the proxy holds, and a validator that is
// not ours. The validator is a program in testdata, with a go.mod of its own.
func TestSchema(t *testing.T) {
	validate := func(input []byte) (string, error) {
		cmd := exec.Command("go", "run", ".")
		cmd.Dir = "testdata/validate"
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		cmd.Stdin = bytes.NewReader(input)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	cmd := exec.Command("go", "mod", "download")
	cmd.Dir = "testdata/validate"
	if out, err := cmd.CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("go mod download: %v, and CI=true\n%s", err, out)
		}
		t.Skipf("skipped: the module with the schema is neither in the module cache nor to be had: %v\n%s", err, out)
	}
	for name, input := range map[string][]byte{"all rules": written(t, messages()), "nothing found": written(t, messages()[:3])} {
		if out, err := validate(input); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	for from, to := range map[string]string{`"ruleIndex"`: `"rulesIndex"`, `"startLine": 12`: `"startLine": 0`, `"level": "error"`: `"level": "fatal"`} {
		broken := strings.Replace(string(written(t, messages())), from, to, 1)
		if out, err := validate([]byte(broken)); err == nil || !strings.Contains(out, "schema") {
			t.Errorf("with %s: %v, want an error\n%s", to, err, out)
		}
	}
}
