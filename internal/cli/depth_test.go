// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOverlaid(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "with space")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	by := write("by.go", "package p")
	overlay := write("overlay.json", `{"Replace": {"/src/p/a.go": `+quoted(by)+`, "/src/p/gone.go": ""}}`)
	for _, goflags := range []string{"'-overlay=" + overlay + "'", `-mod=mod "-overlay=` + overlay + `" -x`} {
		got, err := overlaid(goflags)
		if err != nil || len(got) != 1 || string(got["/src/p/a.go"]) != "package p" {
			t.Errorf("%s: %q, %v", goflags, got, err)
		}
	}
	for _, goflags := range []string{"-mod=mod", "-overlay=" + filepath.Join(dir, "none.json"), "-overlay=" + by} {
		if got, err := overlaid(goflags); err == nil {
			t.Errorf("%s: no error, but %q", goflags, got)
		}
	}
}

func quoted(path string) string { return `"` + filepath.ToSlash(path) + `"` }
