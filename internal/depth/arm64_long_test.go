// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long && linux

package depth

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestArm64Frames lets tests of the standard library run for linux/arm64, by an emulator, and compares the frames that goroutines had with
// the binary's table.
func TestArm64Frames(t *testing.T) {
	emulator, err := exec.LookPath("qemu-aarch64")
	if err != nil {
		t.Skip("there is no qemu-aarch64, which runs programs for linux/arm64")
	}
	dir := t.TempDir()
	run := func(env []string, command ...string) {
		t.Helper()
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Env = append(os.Environ(), env...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
	spade := filepath.Join(dir, "spade")
	run(nil, "go", "build", "-buildvcs=false", "-o", spade, "../../cmd/spade")
	for _, name := range []string{"strings", "sort", "text/template", "encoding/json"} {
		binary, report := filepath.Join(dir, "binary"), filepath.Join(dir, filepath.Base(name)+".json")
		run([]string{"GOARCH=arm64", "CGO_ENABLED=0", "GOFLAGS=", "SPADECACHE=" + filepath.Join(dir, "cache")}, spade, "go", "test", "-c", "-o", binary, name)
		run([]string{"GOSPADE=highwater=1,report=json:" + report}, emulator, binary, "-test.short", "-test.run=^Test[A-M]")
		compareReport(t, name, binary, report)
	}
}

func compareReport(t *testing.T, name, binary, report string) {
	t.Helper()
	c := codeOf(t, binary)
	r, err := os.Open(report)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	stacks, err := ReadStacks(r)
	if err != nil {
		t.Fatal(err)
	}
	k := frameCheck{unchecked: map[string]int64{}, wrong: map[string]bool{}}
	for _, s := range stacks {
		if len(s.At) > 0 {
			frames, whole := c.layOut(s)
			k.heights(c, frames, whole)
		}
	}
	t.Logf("%s: %d frames, %d as predicted, not compared %v", name, k.frames, k.same, k.unchecked)
	for what := range k.wrong {
		t.Error(what)
	}
	if k.frames < 1000 || c.text.ReturnAddress != 0 {
		t.Errorf("%d frames", k.frames)
	}
}
