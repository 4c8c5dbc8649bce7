// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAgain edits a program. An analysis by the record of the one before has to find what one of the whole source finds, or say that it can't.
func TestAgain(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	base := t.TempDir()
	if err := os.CopyFS(base, os.DirFS("testdata/edited")); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(base, "go.mod"), "module edited\n\ngo 1.26\n")
	var record bytes.Buffer
	a, _ := analyseIn(t, base, nil)
	if a.Record == nil {
		t.Fatal("no record")
	}
	if err := a.Record.Write(&record); err != nil {
		t.Fatal(err)
	}
	for _, edit := range []struct {
		name, file, old, new string
		why                  string // the record does not do
	}{
		{"nothing", "main.go", "", "", ""},
		{"a comment", "main.go", "// of the square", "// of the\n// square", ""},
		{"a line before all", "main.go", "type shape", "// A shape has an area.\ntype shape", ""},
		{"a constant", "main.go", "local[n%100]", "local[n%90]", ""},
		{"the end", "lib/lib.go", "return 2 * n", "return 3 * n", ""},
		{"a larger frame", "main.go", "[32]int", "[320]int", ""},
		{"a larger type", "lib/lib.go", "Steps [3]", "Steps [4]", "other functions may be called"},
		{"a statement that was left out", "main.go", "checks     = false", "checks     = true", "defers, as it did not before"},
		{"a call that was left out", "main.go", "calls      = false", "calls      = true", "has another indirect call"},
		{"a call by name that was left out", "main.go", "calculates = false", "calculates = true", ""},
		{"a call by name", "main.go", "	var local [32]int\n", "	var local [32]int\n	n += unused(n)\n", ""},
		{"a call less", "main.go", "sum(local[:]) // of", "local[3] // of", ""},
		{"a function", "main.go", "type circle", "//go:noinline\nfunc more(n int) int { var local [500]int; return sum(local[:n]) }\n\ntype circle", ""},
		{"a function that is called", "main.go", "func unused(n int) int {", "func more(n int) int { var local [500]int; return sum(local[:n]) }\n\n//go:noinline\nfunc unused(n int) int { more(n); ", ""},
		{"a method by name", "main.go", "	var local [32]int\n", "	var local [32]int\n	mu.Lock()\n	mu.Unlock()\n", ""},
		{"a method of a type that is not exported", "main.go", "	fmt.Println(1.5)\n", "	fmt.Println(1.5, (&square{}).area(n))\n", ""},
		{"such a method that nothing called", "main.go", "	fmt.Println(1.5)\n", "	fmt.Println(1.5, (&lonely{}).never(n))\n", "calls (*edited.lonely).never, as nothing did before"},
		{"an error that is not nil", "main.go", "	fmt.Println(1.5)\n", "	if remember != nil && known == nil {\n		fmt.Println(1.5)\n	}\n	fmt.Println(1.5)\n", ""},
		{"a result that is compared with nil", "main.go", "	fmt.Println(1.5)\n", "	if lib.Fails(n) != nil {\n		fmt.Println(1.5)\n	}\n	fmt.Println(1.5)\n", ""},
		{"an error less", "main.go", "	if n > 4 {\n		return lib.Fails(n)\n	}\n", "", "what flows where"},
		{"another order of errors", "main.go", "		return errors.New(\"many\")\n	}\n	if n > 4 {\n		return lib.Fails(n)\n	}\n", "		return lib.Fails(n)\n	}\n	if n > 4 {\n		return errors.New(\"many\")\n	}\n", ""},
		{"an error more", "main.go", "	if n > 4 {\n", "	if n > 7 {\n		return errors.New(\"too many\")\n	}\n	if n > 4 {\n", ""},
		{"an error of another kind", "main.go", "	if n > 4 {\n", "	if n > 7 {\n		return fmt.Errorf(\"too many\")\n	}\n	if n > 4 {\n", "what flows where"},
		{"an error printed again", "main.go", "	if first(n) != nil {\n", "	fmt.Println(err)\n	if first(n) != nil {\n", ""},
		{"an error printed that never was", "main.go", "	if first(n) != nil {\n", "	fmt.Println(first(n))\n	if first(n) != nil {\n", "what flows where"},
		{"an error kept with those of its kind", "main.go", "	if first(n) != nil {\n", "	err = errors.New(\"none\")\n	if first(n) != nil {\n", ""},
		{"an error kept with others", "main.go", "	if first(n) != nil {\n", "	err = first(n)\n	if first(n) != nil {\n", "what flows where"},
		{"a function that hands on an error", "main.go", "//go:noinline\nfunc measure(n int) int {\n", "//go:noinline\nfunc again(n int, known error) error {\n	if n > 8 {\n		return known\n	}\n	return first(n)\n}\n\n//go:noinline\nfunc measure(n int) int {\n	if again(9, errors.New(\"known\")) != nil {\n		n++\n	}\n", ""},
		{"a function that hands on an error to others", "main.go", "//go:noinline\nfunc measure", "//go:noinline\nfunc again(n int) error { return first(n) }\n\nfunc init() { err = again(3) }\n\n//go:noinline\nfunc measure", "what flows where"},
		{"an error by way of a variable", "main.go", "		return errors.New(\"many\")\n", "		err := errors.New(\"many\")\n		if n > 6 {\n			err = lib.Fails(n)\n		}\n		return err\n", ""},
		{"a field", "main.go", "	name             string\n", "	name             string\n	last             int\n	lastMu           sync.Mutex\n", ""},
		{"a field before others", "main.go", "	some, more, most int\n", "	all []string\n	some, more, most int\n", "types, or function values"},
		{"a field less", "main.go", "	some, more, most int\n", "	some, more int\n", ""},
		{"a field with an interface", "main.go", "	name             string\n", "	name             string\n	last             error\n", "types, or function values"},
		{"a field of a type with methods", "main.go", "	name             string\n", "	name             string\n	last             lonely\n", "has a edited.lonely in a struct"},
		{"a field of a small struct", "main.go", "type lonely struct{}", "type lonely struct{ more int }", "types, or function values"},
		{"a method that is called by name", "main.go", "func (l *lonely) never(n int) int { return n }", "func (l *lonely) never(n int) int { return n }\n\n//go:noinline\nfunc (c *counts) all() int { return c.some + sum([]int{c.more, 1}) }\n\nvar _ = counted.all()", ""},
		{"a method of an interface", "main.go", "func (l *lonely) never(n int) int { return n }", "func (l *lonely) never(n int) int { return n }\n\nfunc (l *lonely) area(n int) int { return n }", "types, or function values"},
		{"a constant's type", "lib/lib.go", "Most = 1000", "Most = 1000.5", "which was not edited"},
		{"a constant's value", "lib/lib.go", "Most = 1000", "Most = 1001", ""},
		{"a constant that others do not use", "lib/lib.go", "Least = 1", "Least = 1.5", ""},
		{"a return from a function that defers", "main.go", "	known[key{v}] = n\n", "	if n > 8 {\n		return nil\n	}\n	known[key{v}] = n\n", ""},
		{"a map of strings", "main.go", "	names[counted.name] = n\n", "	names[counted.name] = n\n	names[\"all\"] = n\n", ""},
		{"a map asked in a condition", "main.go", "	if _, is := names[\"a\"]; !is {\n", "	if names[\"a\"] == 0 {\n", "though that line was not edited"},
		{"a map of small numbers", "main.go", "	names[counted.name] = n\n", "	names[counted.name] = n\n	sizes[uint8(n)] = n\n", ""},
		{"a map of structs", "main.go", "	names[counted.name] = n\n", "	names[counted.name] = n\n	known[key{}]++\n", "calls "},
		{"a line elsewhere", "main.go", "	known[key{v}] = n\n	if v == any(n) &&\n		n > 3 {\n		return errors.New(\"a number\")\n	}\n", "	if v == any(n) &&\n		n > 3 {\n		return errors.New(\"a number\")\n	}\n	known[key{v}] = n\n", ""},
		{"a line in another function", "main.go", "	if n > 4 {\n		return lib.Fails(n)\n	}\n	return nil\n}\n\n//go:noinline\nfunc measure(n int) int {\n	counted.some += counted.of.area(n)\n", "	counted.some += counted.of.area(n)\n	if n > 4 {\n		return lib.Fails(n)\n	}\n	return nil\n}\n\n//go:noinline\nfunc measure(n int) int {\n", "though that line was not edited"},
		{"a function that is inlined", "main.go", "	names[counted.name] = n\n", "	names[counted.name] = n\n	if lib.IsKnown(n) {\n		n++\n	}\n", ""},
		{"a function with a literal that is inlined", "main.go", "lib.Thrice(n)", "lib.Thrice(n + 1)", ""},
		{"such a function where it was not", "main.go", "	counted.more = lib", "	counted.some = lib.Thrice(n)\n	counted.more = lib", "is new"},
		{"a literal called in another line", "main.go", "		return double(n)\n", "		n = double(n)\n		return n + 1\n", ""},
		{"a literal called twice", "main.go", "		return double(n)\n", "		n = double(n)\n		return double(n)\n", "types, or function values"},
		{"a comparison in a statement", "main.go", "		n > 3 {\n", "		v != any(err) {\n", "though that line was not edited"},
		{"a result that is kept", "main.go", "	fmt.Println(1.5)\n", "	err = lib.Fails(n)\n	fmt.Println(1.5)\n", "other functions may be called"},
		{"a recursion", "main.go", "	local[n%100] = n\n", "	local[n%100] = n + deeper(n)\n", ""},
		{"a receiver's name", "main.go", "func (c circle) area(n int) int { return 3 * c.inner.area(n) / 4 }", "func (k circle) area(n int) int {\n	return 3 * k.inner.area(n)\n}", ""},
		{"such a call elsewhere", "main.go", "	names[counted.name] = n\n", "	names[counted.name] = n\n	n += counted.of.area(n)\n", ""},
		{"such a call of another value", "main.go", "	names[counted.name] = n\n", "	names[counted.name] = n\n	n += circle{}.inner.area(n)\n", ""},
		{"such a call of a known type", "main.go", "	names[counted.name] = n\n", "	names[counted.name] = n\n	n += shape(circle{}).area(n)\n", "what flows where"},
		{"such a call beside one of a function value", "main.go", "	names[counted.name] = n\n", "	names[counted.name] = n\n	n += counted.of.area(n) + table[0](n)\n", "types, or function values"},
		{"in an edited line", "lib/lib.go", "		do(w)", "		do(w + w)", "has another indirect call"},
		{"another order", "main.go", "	go table[n%2](n)\n	go func() {", "	go func() {\n		table[n%2](n)", "other functions may be called"},
		{"a go statement", "main.go", "	go lib.Work(n)\n", "	go lib.Work(n)\n	go sum(nil)\n", "other functions may be called"},
		{"a literal", "main.go", "	n := len(os.Args)\n", "	n := len(os.Args)\n	func() { println(1) }()\n", "other functions may be called"},
		{"what a table has", "main.go", ", unbounded}", ", unbounded, deeper}", "other functions may be called"},
		{"what was not linked", "main.go", "	n := len(os.Args)\n", "	n := len(os.Args)\n	registers()\n", "is new"},
		{"a method", "main.go", "type circle", "func (s *square) String() string { return \"square\" }\n\ntype circle", "other functions may be called"},
		{"a print", "main.go", "	n := len(os.Args)\n", "	n := len(os.Args)\n	fmt.Println(n, 1)\n", ""},
		{"a print of another type", "main.go", "	n := len(os.Args)\n", "	n := len(os.Args)\n	fmt.Println(known)\n", "other functions may be called"},
		{"a print of another declared type", "main.go", "	n := len(os.Args)\n", "	n := len(os.Args)\n	fmt.Println(key{})\n", "passes a edited.key"},
		{"a print less", "main.go", "	fmt.Println(1.5)\n", "", "nothing passes a float64"},
		{"a defer in a loop", "main.go", "	mu.Lock()\n	defer mu.Unlock()\n", "	for range n {\n		mu.Lock()\n		defer mu.Unlock()\n	}\n", "other functions may be called"},
		{"an assertion", "main.go", "	return unbounded(n - 1)", "	return unbounded(n - 1) //spade:calls unbounded", "assertions"},
		{"an import", "main.go", "	\"os\"\n", "	\"os\"\n	_ \"net/url\"\n", "what is imported"},
		{"what is captured", "main.go", "println(word, n)", "println(word, &n)", "is new"},
	} {
		t.Run(strings.ReplaceAll(edit.name, " ", "_"), func(t *testing.T) {
			path := filepath.Join(base, edit.file)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if edit.old != "" && strings.Count(string(before), edit.old) != 1 {
				t.Fatalf("%q is not once in %s", edit.old, edit.file)
			}
			writeFile(t, path, strings.Replace(string(before), edit.old, edit.new, 1))
			defer writeFile(t, path, string(before))
			r, err := ReadRecord(bytes.NewReader(record.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			again, err := analyseIn(t, base, r)
			switch {
			case edit.why != "":
				if !errors.As(err, new(*NewFactsError)) || !strings.Contains(err.Error(), edit.why) {
					t.Fatalf("%v, want that the record does not do: %s", err, edit.why)
				}
				return
			case err != nil:
				t.Fatal(err)
			}
			fresh, _ := analyseIn(t, base, nil)
			if got, want := emitted(t, again), emitted(t, fresh); got != want {
				t.Errorf("by the record:\n%s\nby the source:\n%s", got, want)
			}
		})
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// analyseIn builds the program in a directory and analyses it: by a record, if there is one.
func analyseIn(t *testing.T, dir string, r *Record) (*Analysis, error) {
	t.Helper()
	return analyseMain(t, dir, ".", r)
}

// analyseMain is analyseIn for a main package below the directory.
func analyseMain(t *testing.T, dir, main string, r *Record) (*Analysis, error) {
	t.Helper()
	from := Source{Dir: dir, Env: environment(), Main: main, Record: true}
	a, err := analyseBinary(t, built(t, dir, from.Env, main), from, r)
	if r == nil && err != nil {
		t.Fatal(err)
	}
	return a, err
}

func emitted(t *testing.T, a *Analysis) string {
	t.Helper()
	c := &collector{}
	if err := a.Emit("", "", c); err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(c.DepthReport, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
