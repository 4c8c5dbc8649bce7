// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Goroutines, one after another, go 16 KB deep; the program prints how many of them found themselves on another stack at the end.
const retainProgram = `package main

import "unsafe"

//go:noinline
func down(n int) (sum int) {
	var frame [512]byte
	if frame[n&511] = byte(n); n > 0 {
		sum = down(n - 1)
	}
	return sum + int(frame[n&511])
}

func main() {
	moved := 0
	done := make(chan bool)
	for range 100 {
		go func() {
			var here byte
			before := uintptr(unsafe.Pointer(&here))
			down(32)
			done <- uintptr(unsafe.Pointer(&here)) != before
		}()
		if <-done {
			moved++
		}
	}
	println(moved)
}
`

func TestRetain(t *testing.T) {
	s, err := Retain()
	if err != nil {
		t.Fatal(err)
	}
	goroot := installed(t)
	for _, m := range s.Verify(goroot) {
		t.Error(m)
	}
	if moved := runOver(t, goroot, nil, retainProgram); moved != "100" {
		t.Errorf("on the stock runtime, %s of 100 goroutines moved: the program shows nothing", moved)
	}
	files, err := s.Apply(goroot)
	if err != nil {
		t.Fatal(err)
	}
	files["runtime/spade_marker.go"] = []byte("package runtime\n\nvar spadeMarker = `marked`\n")
	if moved := runOver(t, goroot, files, retainProgram); len(moved) > 1 {
		t.Errorf("%s of 100 goroutines grew although the one before them had left its stack", moved)
	}
}

// runOver runs a program on a runtime with files in place of the stock ones, and returns what it printed on standard error.
func runOver(t *testing.T, goroot string, files Files, program string) string {
	t.Helper()
	dir := t.TempDir()
	put := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	replace := map[string]string{}
	for name, text := range files {
		replace[filepath.Join(goroot, "src", filepath.FromSlash(name))] = put(strings.ReplaceAll(name, "/", "-"), text)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "run", "-overlay="+put("overlay.json", overlay), put("main.go", []byte(program)))
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOGC=off", "GODEBUG=", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}
