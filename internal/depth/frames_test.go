// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
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

func compareFrames(t *testing.T, binary, list string) {
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
	data, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	checked, functions, callee := 0, map[string]bool{}, ""
	for line := range strings.Lines(string(data)) {
		var pc uint64
		var height int64
		if line == "\n" {
			callee = ""
			continue
		}
		if _, err := fmt.Sscanf(line, "%x %d", &pc, &height); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		i, ok := text.Find(pc - 1 - text.Start)
		if !ok {
			t.Fatalf("%#x is in no function", pc)
		}
		function, err := text.Func(i)
		if err != nil {
			t.Fatal(err)
		}
		at := pc - 1 - text.Start - function.Entry // in the call
		if callee == sigpanic {
			at++ // the instruction that faulted
		}
		if got, ok := function.SP().At(at); !ok || got != height {
			t.Errorf("%s+%#x, which calls %s: %d bytes in the table, %v; %d were observed", function.Name, at, callee, got, ok, height)
		}
		checked++
		callee = function.Name
		functions[callee] = true
	}
	t.Logf("%d frames of %d functions", checked, len(functions))
	if checked < 1000 || len(functions) < 100 {
		t.Errorf("only %d frames of %d functions", checked, len(functions))
	}
}
