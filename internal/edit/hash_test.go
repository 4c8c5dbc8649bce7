// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import "testing"

// hashOf returns the hash of the declaration name of src, which needs no package
// clause.
func hashOf(t *testing.T, src, name string) string {
	t.Helper()
	s, err := parse("p/p.go", "", []byte("package p\n"+src))
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return d.hash()
}

func TestHash(t *testing.T) {
	tests := []struct {
		what, name string
		a, b       string
		same       bool
	}{
		{"layout", "f", "func f() { x(1); y(2) }", "func f() {\n\tx(\n\t\t1,\n\t)\n\n\ty(2)\n}\n", true},
		{"comments", "f", "func f() { x() }", "// f does.\nfunc f() { /* now */ x() // why\n}", true},
		{"windows lines", "f", "//go:nosplit\nfunc f() {\n\tx(`a\nb`)\n}\n", "//go:nosplit\r\nfunc f() {\r\n\tx(`a\r\nb`)\r\n}\r\n", true},
		{"group", "var v", "var v int", "var (\n\tu = 1\n\tv int\n)", true},
		{"struct on one line", "type t", "type t struct{ a int; b bool }", "type t struct {\n\ta int\n\tb bool\n}", true},
		{"place of a linkname", "f", "//go:linkname f q.f\n//go:nosplit\nfunc f() {}", "//go:nosplit\nfunc f() {}\n\n//go:linkname f  q.f", true},
		{"directive apart from its function", "f", "//go:nosplit\nfunc f() {}", "//go:nosplit\n\nfunc f() {}", true},
		{"directive of the declaration before", "f", "//go:nosplit\nfunc g() {}\nfunc f() {}", "func g() {}\nfunc f() {}", true},
		{"directive of the spec before", "type t", "type (\n\t//go:x\n\ts int\n\tt int\n)", "type (\n\ts int\n\tt int\n)", true},
		{"linkname of another", "f", "//go:linkname g q.g\nfunc f() {}\nfunc g() {}", "func f() {}\nfunc g() {}", true},
		{"build constraint", "f", "//go:generate x\nfunc f() {}", "func f() {}", true},
		{"constant with its own value", "const c", "const c = 1", "const (\n\tb = iota\n\tc = 1\n)", true},

		{"literal", "f", "func f() { x(1) }", "func f() { x(2) }", false},
		{"name", "f", "func f() { x() }", "func f() { y() }", false},
		{"operator", "f", "func f() { x(a + b) }", "func f() { x(a - b) }", false},
		{"order", "f", "func f() { x(); y() }", "func f() { y(); x() }", false},
		{"result", "f", "func f() {}", "func f() (x int) {}", false},
		{"blank in a string", "f", `func f() { x("a b") }`, `func f() { x("ab") }`, false},
		{"operator or two", "f", "func f() { x(a && b) }", "func f() { x(a & &b) }", false},
		{"directive", "f", "//go:nosplit\nfunc f() {}", "func f() {}", false},
		{"no directive", "f", "//go:nosplit\nfunc f() {}", "// go:nosplit\nfunc f() {}", false},
		{"directive within", "f", "func f() {\n\t//go:noinline\n\tx()\n}", "func f() {\n\tx()\n}", false},
		{"linkname", "f", "func f() {}\n//go:linkname f q.f", "func f() {}\n//go:linkname f q.g", false},
		{"kind of declaration", "f", "func f() {}", "func f()", false},
		{"place under iota", "const c", "const (\n\ta = iota\n\tc\n)", "const (\n\ta = iota\n\tb\n\tc\n)", false},
		{"repeated expression", "const c", "const (\n\tb = 1\n\tc\n)", "const (\n\tb = 2\n\tc\n)", false},
		{"field", "type t", "type t struct{ a int }", "type t struct{ a, b int }", false},
		{"tag", "type t", "type t struct{ a int `x` }", "type t struct{ a int `y` }", false},
		{"alias", "type t", "type t = int", "type t int", false},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			a, b := hashOf(t, test.a, test.name), hashOf(t, test.b, test.name)
			if (a == b) != test.same {
				t.Errorf("same hash: %v, want %v (%s, %s)", a == b, test.same, a, b)
			}
			if len(a) != 16 {
				t.Errorf("hash %q is not 16 digits", a)
			}
		})
	}
}

// Known hashes outlive changes of this package: the algorithm must not drift.
func TestHashIsFixed(t *testing.T) {
	if got, want := hashOf(t, "//go:nosplit\nfunc f(a int) { x(a, \"b\") }", "f"), "fa9b97c8559becab"; got != want {
		t.Errorf("hash %s, want %s: known.txt would have to be learned again", got, want)
	}
}

func TestLookup(t *testing.T) {
	const src = "package p\nfunc init() {}\nfunc init() {}\nfunc (p *pool[T]) get() {}\nfunc (pool[T]) put() {}\ntype (\n\tpool[T any] struct{}\n)\n"
	s, err := parse("p/p.go", "", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"init": "declared 2 times", "nothing": "no such declaration", "pool": "no such declaration", "get": "no such declaration",
		"(*pool).get": "", "pool.put": "", "type pool": "",
	} {
		_, err := s.lookup(name)
		if got := errText(err); got != want {
			t.Errorf("%s: error %q, want %q", name, got, want)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
