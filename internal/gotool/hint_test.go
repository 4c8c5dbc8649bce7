// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"bytes"
	"errors"
	"flag"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("u", false, "update the golden files")

var wantedSize = regexp.MustCompile(`(?:go |func).*_(\d+KB)\b`)

// wantedLines returns the sizes that names in the text say.
func wantedLines(t *testing.T, text []byte) map[int]int64 {
	lines := map[int]int64{}
	for i, line := range strings.Split(string(text), "\n") {
		if m := wantedSize.FindStringSubmatch(line); m != nil {
			lines[i+1] = 0
			if m[1] != "0KB" {
				size, err := parseSize(m[1])
				if err != nil {
					t.Fatal(err)
				}
				lines[i+1] = size
			}
		}
	}
	return lines
}

// TestWriteHints: golden files; what is formatted stays so, and a second time nothing changes.
func TestWriteHints(t *testing.T) {
	files, err := filepath.Glob("testdata/hint/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			golden, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in, want := golden.Files[0].Data, golden.Files[1].Data
			formatted, err := format.Source(in)
			if err != nil {
				t.Fatal(err)
			}
			out, err := WriteHints("in.go", in, wantedLines(t, in))
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				golden.Files[1].Data, want = out, out
				if err := os.WriteFile(file, txtar.Format(golden), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(out, want) {
				t.Errorf("with hints:\n%s", out)
			}
			if again, err := format.Source(out); err != nil || bytes.Equal(in, formatted) != bytes.Equal(out, again) {
				t.Errorf("formatted:\n%s\n%v", again, err)
			}
			if again, err := WriteHints("out.go", out, wantedLines(t, out)); err != nil || !bytes.Equal(again, out) {
				t.Errorf("a second time:\n%s\n%v", again, err)
			}
			s, err := readHints("out.go", out)
			if err != nil {
				t.Fatal(err)
			}
			of := map[int]int64{}
			for _, h := range s.hints {
				of[h.Of] = h.Size
			}
			for line, size := range wantedLines(t, out) {
				if of[line] != size && !s.beginsWithin(line) {
					t.Errorf("line %d has a hint of %d bytes, want %d", line, of[line], size)
				}
			}
		})
	}
}

// TestHintedFiles: which files are read, also when nothing has changed, and when something has.
func TestHintedFiles(t *testing.T) {
	root := t.TempDir()
	cache, err := OpenCache(filepath.Join(root, ".cache"))
	if err != nil {
		t.Fatal(err)
	}
	const hinted = "package p\n\n//spade:stack 4KB\nfunc f() {}\n"
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	check := func(replaced map[string]string, want ...string) {
		t.Helper()
		for range 2 {
			s := &sourceFiles{cache: cache, replaced: replaced}
			var got []string
			for _, f := range s.hinted(root) {
				below, err := filepath.Rel(root, f.name)
				if err != nil || string(f.text) != hinted {
					t.Errorf("%s, %v: %q", f.name, err, f.text)
				}
				got = append(got, filepath.ToSlash(below))
			}
			if !slices.Equal(got, want) {
				t.Errorf("files with hints: %q, want %q", got, want)
			}
		}
	}
	check(nil)
	for _, name := range []string{"a.go", "b/b_test.go", "b/b.txt", ".b/b.go", "_b/b.go", "b/.b.go", "b/_b.go", "vendor/c/c.go", "b/testdata/b.go", "d/d.go"} {
		write(name, hinted)
	}
	write("c.go", "package p\n")
	write("d/go.mod", "module d\n")
	check(nil, "a.go", "b/b_test.go")
	write("c.go", hinted)
	check(nil, "a.go", "b/b_test.go", "c.go")
	write("a.go", "package p\n")
	check(nil, "b/b_test.go", "c.go")
	in := func(name string) string { return filepath.Join(root, filepath.FromSlash(name)) }
	check(map[string]string{in("a.go"): in("c.go"), in("c.go"): "", in("e/e.go"): in("c.go"), in("e/e.s"): in("c.go")}, "a.go", "b/b_test.go", "e/e.go")
	check(nil, "b/b_test.go", "c.go")
}

// FuzzWriteHints: whatever the text is, what comes out is Go if it was, with one hint of that size for each place, and so it stays.
func FuzzWriteHints(f *testing.F) {
	files, _ := filepath.Glob("testdata/hint/*.txtar")
	for _, file := range files {
		golden, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(golden.Files[0].Data, int64(16<<10))
		f.Add(golden.Files[1].Data, int64(0))
	}
	f.Add([]byte("package p\r\n\r\n// f\r\n//spade:stack 1KB\r\nfunc f() { go f() }//spade:stack 2MB\r\n"), int64(4096))
	f.Add([]byte("package A\nvar A=0(func(A){\n/**/go 0()})"), int64(15<<10))
	f.Add([]byte("package p\n\nvar x = f(`\n`, func() {\n/*\n*/\tgo f()\n})\n"), int64(4096))
	f.Add([]byte("package A\n//spa\rde:stack 1\nfunc A()"), int64(4096))
	f.Add([]byte("package p;func f(){go f()}//spade:stack 1KB"), int64(0))
	f.Fuzz(func(t *testing.T, text []byte, size int64) {
		s, err := readHints("p.go", text)
		if err != nil || s == nil {
			return
		}
		size = size & (MaxHint - 1) &^ 1023
		lines := map[int]int64{}
		for line := range s.spots() {
			lines[line] = size
		}
		out, err := WriteHints("p.go", text, lines)
		if err != nil {
			t.Fatal(err)
		}
		after, err := readHints("p.go", out)
		if err != nil || after == nil {
			t.Fatalf("%q becomes %q: %v", text, out, err)
		}
		if len(after.spots()) != len(lines) {
			t.Fatalf("%q becomes %q, with other places", text, out)
		}
		of := map[int]int64{}
		for _, h := range after.hints {
			of[h.Of] = h.Size
		}
		for line := range after.spots() {
			if of[line] != size && !after.beginsWithin(line) {
				t.Fatalf("%q becomes %q: line %d has %d, want %d", text, out, line, of[line], size)
			}
		}
	})
}

func TestWriteHintsElsewhere(t *testing.T) {
	var wrong *HintError
	if _, err := WriteHints("p.go", []byte("package p\n\nvar x int\n"), map[int]int64{3: 4096}); !errors.As(err, &wrong) || wrong.Line != 3 {
		t.Errorf("error %v", err)
	}
	if _, err := WriteHints("p.go", []byte("packages p\n"), nil); err == nil {
		t.Error("no error for what is not Go")
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{
		"16KB": 16 << 10, "1KiB": 1 << 10, "4MB": 4 << 20, "2MiB": 2 << 20, "5000": 5000, "100B": 100,
		"": 0, "KB": 0, "16kb": 0, "16 KB": 0, "-1KB": 0, "0": 0, "1.5MB": 0, "5MB": 0, "99999999999999999999": 0, "16KBMB": 0,
	} {
		got, err := parseSize(text)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("%q is %d, %v; want %d", text, got, err, want)
		}
		if err == nil && got >= 1<<10 && got%(1<<10) == 0 {
			if again, err := parseSize(FormatSize(got)); err != nil || again != got {
				t.Errorf("%q is written %s", text, FormatSize(got))
			}
		}
	}
	for size, want := range map[int64]int{1: 0, 2048: 0, 2049: 1, 4096: 1, 4097: 2, 4 << 20: 11} {
		if got := sizeIndex(size); got != want {
			t.Errorf("index of %d: %d, want %d", size, got, want)
		}
	}
}

// TestLinkerFlags: each of the user's flags gets the hints, in its place.
func TestLinkerFlags(t *testing.T) {
	const set = "-X=runtime.spadeHints=h"
	for _, test := range []struct {
		goflags string
		args    []string
		want    []string
	}{
		{"", []string{"build", "."}, []string{"build", "-ldflags=" + set, "."}},
		{"", []string{"build", "-ldflags", "-s", "-v", "."}, []string{"build", "-ldflags=" + set, "-ldflags=-s " + set, "-v", "."}},
		{"", []string{"build", "--ldflags=a/...=-s", "-ldflags=", "."}, []string{"build", "-ldflags=" + set, "-ldflags=a/...=-s " + set, "-ldflags=" + set, "."}},
		{"-v -ldflags=-w", []string{"run", ".", "-ldflags=x"}, []string{"run", "-ldflags=" + set, "-ldflags=-w " + set, ".", "-ldflags=x"}},
		{"'-ldflags=-w -s'", []string{"test", "-ldflags=-X=a.b=c", "."}, []string{"test", "-ldflags=" + set, "-ldflags=-w -s " + set, "-ldflags=-X=a.b=c " + set, "."}},
		{"", []string{"build", "-ldflags=wrong", "."}, []string{"build", "-ldflags=" + set, "-ldflags=wrong", "."}},
	} {
		p := &plan{inv: parse(test.args), goTool: &Go{Env: map[string]string{"GOFLAGS": test.goflags}}, hints: "h"}
		own, inv := p.linkerFlags()
		if got := inv.with(own...); !slices.Equal(got, test.want) {
			t.Errorf("GOFLAGS=%q go %q becomes %q, want %q", test.goflags, test.args, got, test.want)
		}
		p.hints = ""
		if own, inv := p.linkerFlags(); !slices.Equal(inv.with(own...), test.args) {
			t.Errorf("without hints, go %q becomes %q", test.args, inv.with(own...))
		}
	}
}
