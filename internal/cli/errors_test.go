// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/gotool"
)

func TestAdvice(t *testing.T) {
	for _, test := range []struct {
		err  error
		code int
		next string // part of what to do next
	}{
		{&usageError{"verify", "names no binary"}, exitUsage, "spade help"},
		{gotool.ErrNoGo, exitUsage, "PATH"},
		{&gotool.VersionError{Version: "go1.25.3", GOROOT: "/go"}, exitUsage, "GOTOOLCHAIN"},
		{&gotool.EditedError{GOROOT: "/sdk"}, exitUsage, "PATH"},
		{&gotool.ProofError{Binary: "app", Why: "stock"}, exitProof, "spade doctor"},
		{&gotool.CacheError{Dir: "/cache", Err: errors.New("full")}, exitUsage, "SPADECACHE"},
		{&gotool.CacheInModcacheError{Dir: "/m/cache", GOMODCACHE: "/m"}, exitUsage, "SPADECACHE"},
		{&gotool.ConflictError{User: "mine.json", Path: "/go/src/runtime/stack.go"}, exitUsage, "overlay"},
		{&gotool.CompilerError{Compiler: "gccgo"}, exitUsage, "-compiler"},
		{&gotool.MismatchError{}, exitUsage, gotool.Supported},
	} {
		wrapped := fmt.Errorf("while building: %w", test.err)
		for _, err := range []error{test.err, wrapped} {
			next, code := advice(err)
			if code != test.code || !strings.Contains(next, test.next) || next == "" {
				t.Errorf("%T: code %d, %q; want code %d, ...%s...", test.err, code, next, test.code, test.next)
			}
		}
	}
}

// TestAdviceForGo: the go command has said what is wrong; its exit code is passed on.
func TestAdviceForGo(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs sh")
	}
	failed := exec.Command(sh, "-c", "exit 7").Run()
	if next, code := advice(&gotool.CommandError{Args: []string{"env"}, Err: failed}); code != 7 || next != "" {
		t.Errorf("code %d, %q; want 7, nothing", code, next)
	}
	if _, code := advice(&gotool.CommandError{Args: []string{"env"}, Err: errors.New("not started")}); code != exitUsage {
		t.Errorf("code %d for a go command that did not start, want %d", code, exitUsage)
	}
}
