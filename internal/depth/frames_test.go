// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/spadego/spade/internal/pclntab"
)

// TestObservedFrames compares every frame that goroutines of the corpus had, as their frame pointers tell, with the height that the binary's
// table has for it.
func TestObservedFrames(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the corpus measures itself in assembly for amd64")
	}
	if testing.Short() {
		t.Skip("builds and runs a program")
	}
	for _, flags := range []string{"-gcflags=", "-gcflags=all=-l", "-gcflags=all=-N -l"} {
		binary := filepath.Join(t.TempDir(), "corpus")
		build := exec.Command("go", "build", "-o", binary, flags, "./testdata/corpus")
		build.Env = environment()
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		list := filepath.Join(t.TempDir(), "frames")
		observed(t, binary, list)
		compareFrames(t, binary, list)
	}
}

// codeOf reads the code of a binary.
func codeOf(t *testing.T, binary string) *code {
	t.Helper()
	f, err := os.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := pclntab.ReadText(f)
	if err != nil {
		t.Fatal(err)
	}
	c := newCode(text)
	if err := c.read(); err != nil {
		t.Fatal(err)
	}
	return c
}

func compareFrames(t *testing.T, binary, list string) {
	t.Helper()
	c := codeOf(t, binary)
	k := frameCheck{unchecked: map[string]int64{}, wrong: map[string]bool{}}
	functions := map[int]bool{}
	for _, s := range readFrames(t, c, list) {
		frames, whole := c.layOut(s)
		k.heights(c, frames, whole)
		for _, f := range frames {
			functions[f.function] = true
		}
	}
	for what := range k.wrong {
		t.Error(what)
	}
	t.Logf("%d frames of %d functions; not compared %v", k.frames, len(functions), k.unchecked)
	if k.frames < 1000 || len(functions) < 100 || len(k.unchecked) > 1 || k.unchecked[byFault] > 1 {
		t.Errorf("only %d frames of %d functions; not compared %v", k.frames, len(functions), k.unchecked)
	}
}
