// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package pclntab

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-delve/delve/pkg/dwarf/frame"
	"github.com/go-delve/delve/pkg/dwarf/regnum"
)

const hello = `package main

import "fmt"

func main() { fmt.Println("hello") }
`

// build returns the path of a binary of hello, built with settings of the environment and arguments of go build.
func build(t *testing.T, env []string, args ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a program")
	}
	dir := t.TempDir()
	source, binary := filepath.Join(dir, "hello.go"), filepath.Join(dir, "hello")
	if err := os.WriteFile(source, []byte(hello), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", append(append([]string{"build", "-o", binary}, args...), source)...)
	cmd.Env = append(os.Environ(), append([]string{"GOFLAGS=", "GOOS=linux"}, env...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

func readText(t *testing.T, path string) *Text {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := ReadText(f)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestAgainstDWARF compares the distance of the stack pointer at every program counter with what the compiler has written for
// debuggers: by delve's reader, the canonical frame address as a distance from the stack pointer.
func TestAgainstDWARF(t *testing.T) {
	for arch, stackPointer := range map[string]uint64{"amd64": regnum.AMD64_Rsp, "arm64": regnum.ARM64_SP} {
		t.Run(arch, func(t *testing.T) {
			path := build(t, []string{"GOARCH=" + arch, "CGO_ENABLED=0"})
			text := readText(t, path)
			entries := debugFrame(t, path)
			compared, functions := 0, 0
			for i := range text.Len() {
				f, err := text.Func(i)
				if err != nil {
					t.Fatal(err)
				}
				entry, err := entries.FDEForPC(text.Start + f.Entry)
				if err != nil {
					continue
				}
				functions++
				start := uint64(0)
				for d, err := range f.Deltas() {
					if err != nil {
						t.Fatal(err)
					}
					for _, pc := range []uint64{start, (start + d.End) / 2, d.End - 1} {
						if at := text.Start + f.Entry + pc; at < entry.End() {
							compareFrame(t, text, f, pc, entry, stackPointer)
							compared++
						}
					}
					start = d.End
				}
			}
			if functions < 1000 || compared < 10_000 {
				t.Errorf("only %d program counters of %d functions were compared", compared, functions)
			}
		})
	}
}

// compareFrame compares the distance at the program counter pc, an offset from f's entry, with entry.
func compareFrame(t *testing.T, text *Text, f Func, pc uint64, entry *frame.FrameDescriptionEntry, stackPointer uint64) {
	t.Helper()
	context, err := entry.EstablishFrame(text.Start + f.Entry + pc)
	if err != nil {
		t.Fatal(err)
	}
	rule := context.CFA
	if rule.Rule != frame.RuleCFA || rule.Reg != stackPointer {
		t.Fatalf("%s+%#x: the frame is not given from the stack pointer", f.Name, pc)
	}
	got, ok := f.SP().At(pc)
	if want := rule.Offset - text.ReturnAddress; !ok || got != want {
		t.Fatalf("%s+%#x: %d bytes, DWARF says %d", f.Name, pc, got, want)
	}
}

func debugFrame(t *testing.T, path string) frame.FrameDescriptionEntries {
	t.Helper()
	f, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	section := f.Section(".debug_frame")
	if section == nil {
		t.Fatal("the binary has no .debug_frame")
	}
	data, err := section.Data()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := frame.Parse(data, binary.LittleEndian, 0, 8, 0)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// TestStart finds the text in binaries of every kind: the code of main.main starts where the symbol table says, or would say.
func TestStart(t *testing.T) {
	for _, test := range []struct {
		name string
		env  []string
		args []string
		cgo  bool
	}{
		{name: "plain", env: []string{"GOARCH=amd64"}},
		{name: "arm64", env: []string{"GOARCH=arm64"}},
		{name: "pie", env: []string{"GOARCH=amd64"}, args: []string{"-buildmode=pie"}},
		{name: "external", args: []string{"-ldflags=-linkmode=external"}, cgo: true},
		{name: "external pie", args: []string{"-buildmode=pie", "-ldflags=-linkmode=external"}, cgo: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			cgo := "CGO_ENABLED=0"
			if test.cgo {
				if _, err := exec.LookPath("gcc"); err != nil {
					t.Skip("needs gcc")
				}
				cgo = "CGO_ENABLED=1"
			}
			path := build(t, append(test.env, cgo), test.args...)
			text := readText(t, path)
			want := symbol(t, path, "main.main")
			i, ok := text.Find(want - text.Start)
			if !ok {
				t.Fatalf("no function at %#x", want)
			}
			if f, err := text.Func(i); err != nil || f.Name != "main.main" || f.Entry+text.Start != want {
				t.Errorf("at %#x is %s, which starts at %#x, %v", want, f.Name, f.Entry+text.Start, err)
			}
			stripped := build(t, append(test.env, cgo), strippedToo(test.args)...)
			if again := readText(t, stripped); again.Start == 0 || again.Len() != text.Len() {
				t.Errorf("stripped: %d functions from %#x, want %d", again.Len(), again.Start, text.Len())
			}
		})
	}
}

// strippedToo adds -s -w to the linker's flags in args.
func strippedToo(args []string) []string {
	var flags []string
	ldflags := "-ldflags=-s -w"
	for _, a := range args {
		if more, found := strings.CutPrefix(a, "-ldflags="); found {
			ldflags += " " + more
		} else {
			flags = append(flags, a)
		}
	}
	return append(flags, ldflags)
}

func symbol(t *testing.T, path, name string) uint64 {
	t.Helper()
	f, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	symbols, err := f.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range symbols {
		if s.Name == name {
			return s.Value
		}
	}
	t.Fatalf("no symbol %s", name)
	return 0
}

// TestOwnPlaces compares file and line of this test's own code with the runtime's.
func TestOwnPlaces(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text := readText(t, path)
	for i := range text.Len() {
		f, err := text.Func(i)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "github.com/spadego/spade/internal/pclntab.TestOwnPlaces" {
			file, line := f.Places().At(0)
			if filepath.Base(file) != "text_test.go" || line != f.StartLine || line == 0 {
				t.Errorf("TestOwnPlaces starts at %s:%d, and at %d", file, line, f.StartLine)
			}
			return
		}
	}
	t.Error("this test is not in its own binary")
}

func TestNoText(t *testing.T) {
	if _, err := ReadText(strings.NewReader("#!/bin/sh\n")); err != ErrNoTable {
		t.Errorf("error %v", err)
	}
	if _, err := ReadText(io.NewSectionReader(bytes.NewReader(nil), 0, 0)); err != ErrNoTable {
		t.Errorf("error %v", err)
	}
}
