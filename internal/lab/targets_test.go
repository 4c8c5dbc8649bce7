// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/gotool"
)

// TestTargets asks of each of Go's targets whether stacks grow in place there, and of some of them what becomes of a build without
// checks: on all but one it is refused in a sentence.
func TestTargets(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: builds the spade command")
	}
	out, err := exec.Command("go", "tool", "dist", "list").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Fields(string(out))
	inPlace := 0
	for _, target := range all {
		if goos, goarch, _ := strings.Cut(target, "/"); gotool.GrowsInPlace(goos, goarch) {
			inPlace++
		}
	}
	if inPlace == 0 || len(all) < 40 {
		t.Errorf("in place on %d of %d targets", inPlace, len(all))
	}
	for _, target := range []string{"linux/arm64", "linux/386", "darwin/arm64", "windows/amd64", "freebsd/amd64"} {
		goos, goarch, _ := strings.Cut(target, "/")
		cmd := exec.Command(spadeCommand(t), "-stacks=fault", "go", "build", "-o", os.DevNull, "../../lab/hello")
		cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch)
		said, err := cmd.CombinedOutput()
		if want := "this is for linux/amd64, and the target is " + target; err == nil || !strings.Contains(string(said), want) {
			t.Errorf("%s: %v, want %q in\n%s", target, err, want, said)
		}
	}
	t.Attr("targets", fmt.Sprint(len(all)))
	t.Attr("inplace-targets", fmt.Sprint(inPlace))
	t.Attr("fault-targets", "1")
}

// spadeCommand builds spade, and returns its path.
func spadeCommand(t *testing.T) string {
	t.Helper()
	path := t.TempDir() + "/spade"
	if out, err := exec.Command("go", "build", "-o", path, "../../cmd/spade").CombinedOutput(); err != nil {
		t.Fatalf("building spade: %v\n%s", err, out)
	}
	return path
}
