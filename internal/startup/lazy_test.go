// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lazyFiles is a module with variables of all kinds. Where there is a comment "refused: ...", the refusal of the variable on the line below it says so.
var lazyFiles = map[string]string{
	"go.mod": "module example.com/lazy\n\ngo 1.26\n",
	"main.go": `// Package comment.
package main

import (
	"fmt"
	"os"
	"regexp"
	"sort"
	"strings"
	tt "text/template"
	_ "unsafe" // for go:linkname

	"example.com/lazy/dep"
)

// word matches words.
var word = regexp.MustCompile("^[a-z]+$") // at the end

var (
	// squares is a table.
	squares map[int]int = table(100)

	page = tt.Must(tt.New("page").Funcs(tt.FuncMap{"up": strings.ToUpper}).Parse("{{up .}}"))
	list = []string{
		strings.Repeat("a", 3), // first
		"b",
	}

	// refused: calls os.Getenv, of which it is not known what it does
	env = os.Getenv("X")
	// refused: uses the variable counter
	counted = count()
	// refused: uses the variable counter
	address = &counter
	// refused: it is assigned to at main.go:
	counter = strings.Count("aaa", "a")
	// refused: its address is taken at main.go:
	taken = strings.Repeat("x", 10)
	// refused: an init function uses it at main.go:
	early = strings.Repeat("x", 11)
	// refused: another variable is initialized with it at main.go:
	base = strings.Repeat("x", 12)
	// refused: uses the variable base
	derived = base + "y"
	// refused: it is a struct or an array
	pair = [2]string{strings.Repeat("x", 2)}
	// refused: its initializer is not one of its own
	left, right = strings.Repeat("x", 1), 2
	// refused: its initializer is not one of its own
	both, neither, none = strings.Cut("a=b", "=")
	// refused: it is exported
	Exported = strings.Repeat("x", 13)
	// refused: starts a goroutine
	started = start()
	// refused: uses a channel
	received = receive()
	// refused: formats a value that may have methods
	formatted = fmt.Sprint(dep.New())
	// refused: its type is one of package example.com/lazy/dep/inner, which its file does not import
	foreign = dep.Inner()
	// refused: mentions the name
	elsewhere = strings.Repeat("x", 14)
	// refused: a method that takes its address is called at main.go:
	pointed = words{"a"}
	// refused: calls print
	printed = func() int { print(); return 1 }()
	// refused: a go:linkname directive names it
	linked = strings.Repeat("x", 15)
	// refused: calls the method String of an interface
	method = text(dep.New())
	// refused: it is assigned to at main.go:
	ranged = strings.Count("aaa", "aa")
	// refused: it is assigned to at main.go:
	set = strings.Repeat("x", 16)
	// refused: calls sort.Sort
	sorted = func() words { w := words{"b", "a"}; sort.Sort(w); return w }()
	// refused: calls text/template.ParseFiles
	files = func() *tt.Template { t, _ := tt.ParseFiles("none"); return t }()
)

//go:linkname linked

type words []string

func (w words) Len() int           { return len(w) }
func (w words) Less(i, j int) bool { counter++; return w[i] < w[j] }
func (w words) Swap(i, j int)      { w[i], w[j] = w[j], w[i] }

func (w *words) add() { *w = append(*w, "b") }

func table(n int) map[int]int {
	squares := map[int]int{}
	for i := range n {
		squares[i] = i * i
	}
	return squares
}

func count() int { return counter }

func start() int { go func() {}(); return 1 }

func receive() int { c := make(chan int, 1); c <- 1; return <-c }

func text(s fmt.Stringer) string { return s.String() }

func init() { fmt.Println(early) }

func main() {
	counter++
	for ranged = range 2 {
	}
	(set), _ = "", 0
	fmt.Println(word.MatchString("abc"), (squares)[3], len(list), list[0], env, counted, address, &taken, derived, pair, left, right)
	squares[3] = 10
	for range squares {
	}
	page.Execute(os.Stdout, "x")
	pointed.add()
	fmt.Println(both, neither, none, started, received, formatted, foreign, elsewhere, printed, linked, squares[3], method, files, ranged, set, sorted)
}
`,
	"main_test.go": `package main

import "testing"

func TestWord(t *testing.T) {
	word := word
	if !word.MatchString("abc") || squares[3] != 9 {
		t.Error("wrong")
	}
}
`,
	"other_windows.go": "package main\n\nfunc init() { elsewhere = \"\" }\n",
	"dep/dep.go": `package dep

import "example.com/lazy/dep/inner"

type T int

func (t T) String() string { return "T" }

func New() T { return 1 }

func Inner() *inner.T { return &inner.T{} }
`,
	"dep/inner/inner.go": "package inner\n\ntype T struct{}\n",
}

// lazyModule writes the module and returns the request for a variable in it.
func lazyModule(t *testing.T) func(name string) LazyRequest {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: runs the go command")
	}
	dir := t.TempDir()
	for name, content := range lazyFiles {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	env := append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	cmd := exec.Command("go", append(slices.Clone(ListFlags), ".")...)
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	list, err := ReadPackages(strings.NewReader(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	return func(name string) LazyRequest { return LazyRequest{Name: name, Dir: dir, Env: env, Packages: list} }
}

// TestLazyRefused asks for every variable that lazyFiles says is refused.
func TestLazyRefused(t *testing.T) {
	request := lazyModule(t)
	loaded, err := request("").load()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(lazyFiles["main.go"], "\n")
	tried := 0
	for i, line := range lines {
		want, ok := strings.CutPrefix(strings.TrimSpace(line), "// refused: ")
		if !ok {
			continue
		}
		name := strings.Trim(strings.Fields(lines[i+1])[0], ",")
		_, err := request(name).decide(loaded)
		var refused *RefusedError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
		tried++
	}
	if tried < 20 {
		t.Errorf("only %d variables were tried", tried)
	}
	for name, want := range map[string]string{"nothing": "has a variable nothing", "fmt.word": "has a variable fmt.word"} {
		if _, err := request(name).decide(loaded); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLazy rewrites variables one after the other, and runs the tests after each.
func TestLazy(t *testing.T) {
	request := lazyModule(t)
	dir := request("").Dir
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	for _, test := range []struct {
		name string
		want []string
	}{
		{"word", []string{
			"// word matches words.\nvar word = sync.OnceValue(func() *regexp.Regexp {\n\treturn regexp.MustCompile(\"^[a-z]+$\")\n}) // at the end\n",
			"fmt.Println(word().MatchString(\"abc\"), ", "\"strings\"\n\t\"sync\"\n\ttt \"text/template\"\n",
		}},
		{"example.com/lazy.squares", []string{
			"\t// squares is a table.\n\tsquares = sync.OnceValue(func() map[int]int {\n\t\treturn table(100)\n\t})\n", "(squares())[3]", "\tsquares()[3] = 10\n",
			"for range squares() {", "\tsquares := map[int]int{}\n",
		}},
		{"main.page", []string{"page = sync.OnceValue(func() *tt.Template {", "page().Execute("}},
		{"list", []string{"list = sync.OnceValue(func() []string {\n\t\treturn []string{\n\t\t\tstrings.Repeat(\"a\", 3), // first\n", "len(list()), list()[0]"}},
	} {
		r, err := Lazy(request(test.name))
		if err != nil {
			t.Fatal(err)
		}
		before := read("main.go")
		if err := r.Apply(); err != nil {
			t.Fatal(err)
		}
		after := read("main.go")
		for _, want := range test.want {
			if !strings.Contains(after, want) {
				t.Errorf("%s: no %q in\n%s", test.name, want, after)
			}
		}
		if r.Package != "main" || !slices.Equal(r.Tests, []string{"example.com/lazy"}) {
			t.Errorf("package %s, tests of %q", r.Package, r.Tests)
		}
		if err := r.Undo(); err != nil || read("main.go") != before {
			t.Errorf("%s: undone it is another file, %v", test.name, err)
		}
		if err := r.Apply(); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("go", "test", "./...")
		cmd.Dir, cmd.Env = dir, request("").Env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", test.name, err, out)
		}
		if err := r.Apply(); err == nil || !strings.Contains(err.Error(), "has changed meanwhile") {
			t.Errorf("applied twice: %v", err)
		}
	}
	if got := read("main_test.go"); !strings.Contains(got, "word := word()\n\tif !word.MatchString(\"abc\") || squares()[3] != 9 {") {
		t.Errorf("the test is\n%s", got)
	}
}
