// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
)

func TestTree(t *testing.T) {
	files := tree{"runtime/spade_a.go": []byte("a"), "runtime/internal/x.go": []byte("xx"), "top.go": nil}
	if err := fstest.TestFS(files, "runtime/spade_a.go", "runtime/internal/x.go", "top.go"); err != nil {
		t.Error(err)
	}
	if err := fstest.TestFS(tree{}); err != nil {
		t.Error(err)
	}
}

func TestJoin(t *testing.T) {
	joined, err := join(tree{
		"dir/slot.go":         []byte("package runtime\n"),
		"dir/mem_linux.go":    nil,
		"dir/asm_amd64.s":     nil,
		"dir/slot_test.go":    nil,
		"dir/README.md":       nil,
		"dir/deeper/other.go": nil,
	}, "dir", "some/pkg")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = fs.WalkDir(joined, ".", func(path string, e fs.DirEntry, err error) error {
		if !e.IsDir() {
			got = append(got, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"some/pkg/spade_asm_amd64.s", "some/pkg/spade_mem_linux.go", "some/pkg/spade_slot.go"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
