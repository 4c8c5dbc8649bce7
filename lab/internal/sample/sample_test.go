// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sample

import (
	"bytes"
	"regexp"
	"runtime"
	"testing"
)

func TestEndPrintsOneBenchmarkLine(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	var out bytes.Buffer
	Begin().End(&out, "Deep/16KB", 10)
	want := regexp.MustCompile(`^BenchmarkDeep/16KB-2\t10\t\S+ ns/op\t\S+ cpu-ns/op\t[^\n]*\S+ peak-bytes[^\n]*\n$`)
	if !want.Match(out.Bytes()) {
		t.Errorf("printed %q", &out)
	}
}

func TestNameOfOneProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var out bytes.Buffer
	Begin().End(&out, "Deep/16KB", 10)
	if !bytes.HasPrefix(out.Bytes(), []byte("BenchmarkDeep/16KB\t10\t")) {
		t.Errorf("printed %q", &out)
	}
}

func TestMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("skipped: memory is known on linux only")
	}
	var out bytes.Buffer
	if err := Memory(&out, "Memory/shallow", 10); err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`^BenchmarkMemory/shallow(-\d+)?\t10\t[1-9]\d+ held-bytes\t[1-9]\d+ resident-bytes\t[1-9]\d+ pagetable-bytes\t`)
	if !want.Match(out.Bytes()) {
		t.Errorf("printed %q", &out)
	}
}
