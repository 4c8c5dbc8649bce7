// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package facts

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// compiled returns what the compiler of the Go that runs this test says, with the given flags, when it compiles a file of testdata
// for an architecture.
func compiled(t *testing.T, file, arch string, flags ...string) string {
	t.Helper()
	object := filepath.Join(t.TempDir(), "object")
	args := append([]string{"tool", "compile", "-p", "facts", "-o", object}, flags...)
	cmd := exec.Command("go", append(args, filepath.Join("testdata", file))...)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return string(out)
}

var (
	symbol      = regexp.MustCompile(`^facts\.(\w+) STEXT`)
	instruction = regexp.MustCompile(`^\t0x[0-9a-f]+ \d+ \(.*?\)\t(.*)$`)
)

// code returns the instructions of a function in a listing, a string each with one space after the name; those that
// only tell the linker something are left out.
func code(t *testing.T, listing, function string) []string {
	t.Helper()
	var list []string
	inside := false
	for line := range strings.Lines(listing) {
		line = strings.TrimSuffix(line, "\n")
		if m := symbol.FindStringSubmatch(line); m != nil {
			inside = m[1] == function
			continue
		}
		m := instruction.FindStringSubmatch(line)
		if !inside || m == nil {
			continue
		}
		name, operands, _ := strings.Cut(m[1], "\t")
		switch name {
		case "TEXT", "FUNCDATA", "PCDATA", "NOP":
			continue
		}
		list = append(list, strings.TrimSpace(name+" "+operands))
	}
	if len(list) == 0 {
		t.Fatalf("the listing has no function %s:\n%s", function, listing)
	}
	return list
}

// TestEntrySequence reads what runs before a function's body. On amd64 the check of a small frame is a comparison and a jump, of
// a larger one an instruction more; on arm64 and ppc64le g's word is loaded first. All compare with the word at offset 16 of g,
// unsigned, and call morestack unless the stack pointer is above: amd64 and arm64 jump to the call, ppc64le jumps over it. A
// leaf with a small frame has no check.
func TestEntrySequence(t *testing.T) {
	for _, test := range []struct {
		arch, function string
		want           []string // a regular expression for each of the first instructions
	}{
		{"amd64", "small", []string{`^CMPQ SP, 16\(R14\)$`, `^JLS \d+$`}},
		{"amd64", "large", []string{`^LEAQ -\d+\(SP\), R\w+$`, `^CMPQ R\w+, 16\(R14\)$`, `^JLS \d+$`}},
		{"arm64", "small", []string{`^MOVD 16\(g\), R\d+$`, `^CMP R\d+, RSP$`, `^BLS \d+$`}},
		{"arm64", "large", []string{`^MOVD 16\(g\), R\d+$`, `^SUB \$\d+, RSP, R\d+$`, `^CMP R\d+, R\d+$`, `^BLS \d+$`}},
		{"ppc64le", "small", []string{`^MOVD 16\(g\), R\d+$`, `^CMPU R\d+, R1$`, `^BLT \d+$`}},
		{"ppc64le", "large", []string{`^MOVD 16\(g\), R\d+$`, `^ADD \$-\d+, R1, R\d+$`, `^CMPU R\d+, R\d+$`, `^BLT \d+$`}},
	} {
		listing := compiled(t, "entry.go", test.arch, "-S")
		got := code(t, listing, test.function)
		for i, want := range test.want {
			if i >= len(got) || !regexp.MustCompile(want).MatchString(got[i]) {
				t.Errorf("%s %s: instruction %d is not %s in %q", test.arch, test.function, i+1, want, got)
				break
			}
		}
		if !strings.Contains(strings.Join(got, "\n"), "runtime.morestack_noctxt(SB)") {
			t.Errorf("%s %s calls no morestack: %q", test.arch, test.function, got)
		}
		if leaf := strings.Join(code(t, listing, "leaf"), "\n"); strings.Contains(leaf, "morestack") {
			t.Errorf("%s leaf has a check:\n%s", test.arch, leaf)
		}
	}
}

// TestStackWriteBarrier looks for the write barrier in two functions that store a pointer: the one that stores it in a variable
// of its own has none.
func TestStackWriteBarrier(t *testing.T) {
	listing := compiled(t, "barrier.go", "amd64", "-S")
	for function, want := range map[string]bool{"toHeap": true, "toStack": false} {
		all := strings.Join(code(t, listing, function), "\n")
		if got := strings.Contains(all, "runtime.writeBarrier(SB)"); got != want {
			t.Errorf("%s tests for a write barrier: %v, want %v\n%s", function, got, want, all)
		}
	}
}

// TestEscapeFlow has the compiler explain three ways to escape, and one way to pass a pointer on that is none.
func TestEscapeFlow(t *testing.T) {
	said := compiled(t, "escape.go", "amd64", "-m=2")
	for _, want := range []string{
		`escape.go:\d+:\d+: returned escapes to heap in returns`, `flow: ~r0 ← &returned`,
		`escape.go:\d+:\d+: stored escapes to heap in stores`, `flow: \{heap\} ← &stored`,
		`escape.go:\d+:\d+: passed escapes to heap in passes`, `parameter p leaks to \{heap\}`,
		`p does not escape`,
	} {
		if !regexp.MustCompile(want).MatchString(said) {
			t.Errorf("nothing matches %q in\n%s", want, said)
		}
	}
	if strings.Contains(said, "moved to heap: lent") {
		t.Errorf("a variable whose address is only lent escapes:\n%s", said)
	}
}

// TestFieldOrder has the compiler's decision on two structs with the same fields in another order, of other sizes: it is the same.
func TestFieldOrder(t *testing.T) {
	said := compiled(t, "fields.go", "amd64", "-m")
	if strings.Contains(said, "moved to heap: stays") {
		t.Errorf("a struct escapes that is only used:\n%s", said)
	}
	for _, name := range []string{"wideGoes", "narrowGoes"} {
		if !strings.Contains(said, "moved to heap: "+name) {
			t.Errorf("%s does not escape, and its address is kept:\n%s", name, said)
		}
	}
	listing := compiled(t, "fields.go", "amd64", "-S")
	for function, size := range map[string]string{"wideSize": "24", "narrowSize": "16"} {
		if got := code(t, listing, function)[0]; !strings.HasPrefix(got, "MOVL $"+size+",") {
			t.Errorf("%s begins with %q, want %s bytes", function, got, size)
		}
	}
}
