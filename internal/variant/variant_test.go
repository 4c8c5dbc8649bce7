// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package variant

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/overlay"
)

// TestMain lets this test's executable stand for a tool of the go command: it prints its name, its arguments and SPADE_CHECKS.
func TestMain(m *testing.M) {
	if os.Getenv("VARIANT_TOOL") == "" {
		os.Exit(m.Run())
	}
	os.Stdout.WriteString(strings.Join(append([]string{filepath.Base(os.Args[0])}, os.Args[1:]...), " ") + " [" + os.Getenv(checksVariable) + "]\n")
	if len(os.Args) > 1 && os.Args[1] == "fail" {
		os.Exit(7)
	}
	os.Exit(0)
}

// tools makes a directory with this executable under the names of tools.
func tools(t *testing.T, names ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "go1.26.8-0123")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := os.Symlink(self, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	return dir
}

func TestExec(t *testing.T) {
	built, stock := tools(t, "compile", "asm"), tools(t, "compile", "asm", "link")
	for _, test := range []struct {
		args string
		want string
		code int
	}{
		{"STOCK/compile -o x.a x.go", "compile -o x.a x.go [deep]", 0},
		{"STOCK/asm -V", "asm -V [deep]", 0},
		{"STOCK/compile -V=full", "compile -V=full [deep] spade-deep-go1.26.8-0123", 0},
		{"STOCK/asm -V=full", "asm -V=full [deep] spade-deep-go1.26.8-0123", 0},
		{"STOCK/link -V=full", "link -V=full []", 0},
		{"STOCK/link fail", "link fail []", 7},
		{"STOCK/compile fail", "compile fail [deep]", 7},
	} {
		args := append([]string{built, "deep"}, strings.Fields(strings.ReplaceAll(test.args, "STOCK", stock))...)
		var out, errs strings.Builder
		code, err := Exec(args, append(os.Environ(), "VARIANT_TOOL=1"), nil, &out, &errs)
		if err != nil || code != test.code || strings.TrimSpace(out.String()) != test.want {
			t.Errorf("%s: exit code %d, error %v, %q; want %d, %q\n%s", test.args, code, err, out.String(), test.code, test.want, errs.String())
		}
	}
	if _, err := Exec([]string{built, "all"}, nil, nil, nil, nil); err == nil {
		t.Error("no error without a tool")
	}
	if _, err := Exec([]string{built, "all", filepath.Join(stock, "nosuch")}, nil, nil, nil, nil); err == nil {
		t.Error("no error for a tool that does not exist")
	}
}

// What Flag quotes, the go command runs.
func TestFlag(t *testing.T) {
	for _, test := range []struct{ self, want string }{
		{"/bin/spade", "/bin/spade toolexec /dir all"},
		{"/my bin/spade", "'/my bin/spade' toolexec /dir all"},
		{"/it's/spade", `"/it's/spade" toolexec /dir all`},
	} {
		if got, err := Flag(test.self, "/dir", NoChecks); got != test.want || err != nil {
			t.Errorf("%s: got %s, error %v; want %s", test.self, got, err, test.want)
		}
	}
	if got, err := Flag(`/it's "mine"/spade`, "/dir", NoChecks); err == nil {
		t.Errorf("both quotes: no error, but %s", got)
	}
}

// fakeGoroot makes a GOROOT with one file to edit, and stock tools.
func fakeGoroot(t *testing.T) Source {
	t.Helper()
	root := t.TempDir()
	for _, name := range []string{"src/cmd/x/x.go", "pkg/tool/any/compile", "pkg/tool/any/asm"} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("stock"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return Source{
		GOROOT: root, GOVERSION: "go1.26.8 X:none", ID: "0123", Stock: []string{"cmd/x/x.go"},
		Edit: func() (map[string][]byte, error) { return map[string][]byte{"cmd/x/x.go": []byte("edited")}, nil },
	}
}

// Everything that the tools are made from makes another directory.
func TestKey(t *testing.T) {
	s := fakeGoroot(t)
	key := func() string {
		t.Helper()
		key, err := s.key()
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	first := key()
	if first != key() || !strings.HasPrefix(first, "go1.26.8-") {
		t.Errorf("got %s, then %s", first, key())
	}
	seen := map[string]string{first: "nothing"}
	for what, change := range map[string]func(){
		"edits":    func() { s.ID = "4567" },
		"version":  func() { s.GOVERSION = "go1.26.9" },
		"source":   func() { os.WriteFile(filepath.Join(s.GOROOT, "src/cmd/x/x.go"), []byte("other text"), 0o666) },
		"compiler": func() { os.WriteFile(filepath.Join(s.GOROOT, "pkg/tool/any/compile"), []byte("other text"), 0o666) },
	} {
		change()
		if was, found := seen[key()]; found {
			t.Errorf("a change of %s gives the directory for %s", what, was)
		}
		seen[key()] = what
	}
	s.Stock = append(s.Stock, "cmd/nosuch.go")
	if _, err := s.key(); err == nil {
		t.Error("no error for a file that does not exist")
	}
}

// A build that fails leaves nothing behind, and says what the go command said.
func TestEnsureFails(t *testing.T) {
	s := fakeGoroot(t)
	var err error
	if s.Go, err = exec.LookPath("go"); err != nil {
		t.Fatal(err)
	}
	cache, err := overlay.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	announced := 0
	for range 2 {
		_, err = Ensure(cache, s, func() { announced++ })
		var failed *BuildError
		if !errors.As(err, &failed) || failed.Output == "" {
			t.Errorf("error %v, want a *BuildError with output", err)
		}
	}
	if announced != 2 {
		t.Errorf("announced %d times, want 2: a failed build must not be kept", announced)
	}
}

// Once: what is built is kept, also when several ask at once.
func TestOnce(t *testing.T) {
	cache, err := overlay.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	built := make(chan string, 10)
	dirs := make(chan string, 5)
	for range 5 {
		go func() {
			dir, err := cache.Once("name", func(dir string) error {
				built <- dir
				return os.WriteFile(filepath.Join(dir, "file"), nil, 0o666)
			})
			if err != nil {
				t.Error(err)
			}
			dirs <- dir
		}()
	}
	for range 5 {
		if _, err := os.Stat(filepath.Join(<-dirs, "file")); err != nil {
			t.Error(err)
		}
	}
	if len(built) != 1 {
		t.Errorf("built %d times", len(built))
	}
}
