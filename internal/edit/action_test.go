// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package edit

import (
	"strings"
	"testing"
)

// Each case is the stock text and the edited one, both after "package p\n".
var goldenTests = []struct {
	what    string
	name    string
	actions []Action
	stock   string
	want    string
}{
	{"prologue", "f", []Action{Prologue("g()")},
		"func f() {\n\tx()\n}\n",
		"func f() { g();\n\tx()\n}\n"},
	{"prologue of a one-line function", "f", []Action{Prologue("g()")},
		"func f() { x() }\n",
		"func f() { g(); x() }\n"},
	{"prologue of an empty function", "f", []Action{Prologue("g()")},
		"func f() {}\n",
		"func f() { g();}\n"},
	{"prologue with a comment on the line of the brace", "f", []Action{Prologue("g();")},
		"func f() { // why\n\tx()\n}\n",
		"func f() { g(); // why\n\tx()\n}\n"},
	{"prologue of a method", "(*T).f", []Action{Prologue("g()")},
		"func (t *T) f() {\n}\nfunc (t U) f() {\n}\n",
		"func (t *T) f() { g();\n}\nfunc (t U) f() {\n}\n"},
	{"prologue of a generic method", "(*T).f", []Action{Prologue("g()")},
		"func (t *T[K, V]) f() {\n}\n",
		"func (t *T[K, V]) f() { g();\n}\n"},
	{"prologue of a value method", "T.f", []Action{Prologue("g()")},
		"func (T[K]) f() {\n}\n",
		"func (T[K]) f() { g();\n}\n"},

	{"before", "f", []Action{Before(Calls("x"), "g()")},
		"func f() {\n\ty()\n\tx()\n}\n",
		"func f() {\n\ty()\n\tg(); x()\n}\n"},
	{"before and after a call in a condition", "f", []Action{Before(Calls("x"), "g()"), After(Calls("x"), "h()")},
		"func f() {\n\tif x() {\n\t\ty()\n\t} else if z() {\n\t}\n}\n",
		"func f() {\n\tg(); if x() {\n\t\ty()\n\t} else if z() {\n\t}; h()\n}\n"},
	{"before a labelled loop", "f", []Action{Before(Starts("L:"), "g()")},
		"func f() {\nL:\n\tfor {\n\t\tcontinue L\n\t}\n}\n",
		"func f() {\ng(); L:\n\tfor {\n\t\tcontinue L\n\t}\n}\n"},
	{"before the loop within a label", "f", []Action{Before(Calls("x"), "g()"), After(Calls("x"), "h()")},
		"func f() {\nL:\n\tfor x() {\n\t\tbreak L\n\t}\n}\n",
		"func f() {\ng(); L:\n\tfor x() {\n\t\tbreak L\n\t}; h()\n}\n"},
	{"in a case", "f", []Action{Before(Calls("x"), "g()"), After(Calls("x"), "h()")},
		"func f() {\n\tswitch {\n\tcase a:\n\t\tx()\n\tcase b:\n\t}\n}\n",
		"func f() {\n\tswitch {\n\tcase a:\n\t\tg(); x(); h()\n\tcase b:\n\t}\n}\n"},
	{"in a case of one line", "f", []Action{Before(Calls("x"), "g()"), After(Calls("x"), "h()")},
		"func f() {\n\tswitch { case a: x(); case b: }\n}\n",
		"func f() {\n\tswitch { case a: g(); x(); h(); case b: }\n}\n"},
	{"a case's expression stands for the switch", "f", []Action{Before(Calls("x"), "g()")},
		"func f() {\n\tswitch {\n\tcase x():\n\t}\n}\n",
		"func f() {\n\tg(); switch {\n\tcase x():\n\t}\n}\n"},
	{"a communication stands for the select", "f", []Action{Before(Calls("x"), "g()")},
		"func f() {\n\tselect {\n\tcase v := <-x():\n\t\ty(v)\n\t}\n}\n",
		"func f() {\n\tg(); select {\n\tcase v := <-x():\n\t\ty(v)\n\t}\n}\n"},
	{"after, before the comment", "f", []Action{After(Assigns("x"), "g()")},
		"func f() {\n\tx := 1 // why\n\ty(x)\n}\n",
		"func f() {\n\tx := 1; g() // why\n\ty(x)\n}\n"},
	{"after an explicit semicolon's statement", "f", []Action{After(Assigns("x"), "g()")},
		"func f() { x := 1; y(x); }\n",
		"func f() { x := 1; g(); y(x); }\n"},
	{"after a label without a statement", "f", []Action{After(Starts("L:"), "g()")},
		"func f() {\n\tgoto L\nL:\n}\n",
		"func f() {\n\tgoto L\nL:; g()\n}\n"},
	{"within a function literal", "f", []Action{Before(Calls("x"), "g()")},
		"func f() {\n\tsystemstack(func() { x() })\n}\n",
		"func f() {\n\tsystemstack(func() { g(); x() })\n}\n"},
	{"order at one place", "f", []Action{Before(Calls("x"), "b()"), Prologue("p()"), After(Calls("x"), "c()"), Before(Calls("x"), "b2()"), After(Calls("x"), "c2()")},
		"func f() {x()}\n",
		"func f() { p();b(); b2(); x(); c(); c2()}\n"},
	{"assignments", "f", []Action{
		Before(Assigns("a.b.c"), "one()"), Before(Nth(2, Assigns("d")), "two()"), Before(Nth(-1, Assigns("d")), "last()")},
		"func f() {\n\tx, a.b.c = 1, 2\n\tvar d = 1\n\td += 2\n\td++\n}\n",
		"func f() {\n\tone(); x, a.b.c = 1, 2\n\tvar d = 1\n\ttwo(); d += 2\n\tlast(); d++\n}\n"},
	{"ifs", "f", []Action{Before(IfUses("a.b"), "g()"), Inside(IfUses("c"), "h()")},
		"func f() {\n\tif a.b == 1 {\n\t\tuse(a.b, c)\n\t} else if x := c; x {\n\t}\n}\n",
		"func f() {\n\tg(); if a.b == 1 {\n\t\tuse(a.b, c)\n\t} else if x := c; x { h();\n\t}\n}\n"},
	{"inside a labelled loop", "f", []Action{Inside(Starts("L:"), "g()")},
		"func f() {\nL:\n\tfor i := range n {\n\t\tx(i)\n\t\tbreak L\n\t}\n}\n",
		"func f() {\nL:\n\tfor i := range n { g();\n\t\tx(i)\n\t\tbreak L\n\t}\n}\n"},
	{"uses are not fields and labels", "f", []Action{Before(Uses("x"), "g()")},
		"func f() {\nx:\n\ta.x = 1\n\ty(x + 1)\n\tgoto x\n}\n",
		"func f() {\nx:\n\ta.x = 1\n\tg(); y(x + 1)\n\tgoto x\n}\n"},
	{"within another statement", "f", []Action{Before(Within(IfUses("b"), Calls("x")), "g()")},
		"func f() {\n\tif a {\n\t\tx()\n\t}\n\tif b {\n\t\tx()\n\t}\n}\n",
		"func f() {\n\tif a {\n\t\tx()\n\t}\n\tif b {\n\t\tg(); x()\n\t}\n}\n"},
	{"within does not find the outer statement", "f", []Action{Before(Within(Calls("a"), Uses("b")), "g()")},
		"func f() {\n\ta(b, func() {\n\t\tx(b)\n\t})\n}\n",
		"func f() {\n\ta(b, func() {\n\t\tg(); x(b)\n\t})\n}\n"},
	{"returns", "f", []Action{Before(Nth(2, Returns()), "g()")},
		"func f() int {\n\tif a {\n\t\treturn 1\n\t}\n\treturn 2\n}\n",
		"func f() int {\n\tif a {\n\t\treturn 1\n\t}\n\tg(); return 2\n}\n"},
	{"a generic call", "f", []Action{Before(Calls("x"), "g()")},
		"func f() {\n\tx[int](1)\n}\n",
		"func f() {\n\tg(); x[int](1)\n}\n"},
	{"layout does not count", "f", []Action{Before(Calls("a . b"), "g()")},
		"func f() {\n\ta.\n\t\tb()\n}\n",
		"func f() {\n\tg(); a.\n\t\tb()\n}\n"},
	{"a function literal of a variable", "var v", []Action{Before(Calls("x"), "g()")},
		"var v = func() {\n\tx()\n}\n",
		"var v = func() {\n\tg(); x()\n}\n"},
	{"a statement replaced", "f", []Action{ReplaceStmt(Calls("x"), "g()"), ReplaceStmt(Calls("y"), "")},
		"func f() {\n\tx(1,\n\t\t2) // why\n\ty()\n\tz()\n}\n",
		"func f() {\n\tg()\n // why\n\t\n\tz()\n}\n"},

	{"call", "f", []Action{ReplaceCall("x", "y(1)")},
		"func f() {\n\tz := x(a, b) + 1\n}\n",
		"func f() {\n\tz := y(1) + 1\n}\n"},
	{"call with arguments", "f", []Action{ReplaceCall("a.x", `y($2, "$1", $1)`)},
		"func f() {\n\ta.x(p+q, r)\n}\n",
		"func f() {\n\ty(r, \"$1\", p+q)\n}\n"},
	{"all arguments", "f", []Action{ReplaceCall("x", "y(p, $*)"), ReplaceCall("z", "y($*)")},
		"func f() {\n\tx(a, b...)\n\tz()\n}\n",
		"func f() {\n\ty(p, a, b...)\n\ty()\n}\n"},
	{"call wrapped", "f", []Action{ReplaceCall("x", "y($0)")},
		"func f() {\n\tx(func() {\n\t\tz()\n\t})\n}\n",
		"func f() {\n\ty(x(func() {\n\t\tz()\n\t}))\n}\n"},
	{"call wrapped and its inside edited", "f", []Action{ReplaceCall("x", "y(1, $1)"), Before(Calls("z"), "g()"), Before(Calls("x"), "h()"), After(Calls("x"), "i()")},
		"func f() {\n\tx(func() {\n\t\tz()\n\t})\n}\n",
		"func f() {\n\th(); y(1, func() {\n\t\tg(); z()\n\t}); i()\n}\n"},
	{"call of several lines", "f", []Action{ReplaceCall("x", "y($1, p, $2)")},
		"func f() {\n\tx(\n\t\ta,\n\n\t\tb, // why\n\t)\n\tz()\n}\n",
		"func f() {\n\ty(\na, \n\np, b,\n)\n\tz()\n}\n"},
	{"call of several lines by a name", "f", []Action{ReplaceCall("x", "y")},
		"func f() {\n\tv := x(\n\t\ta,\n\t)\n\tz()\n}\n",
		"func f() {\n\tv := (\n\ny)\n\tz()\n}\n"},
	{"operands get parentheses", "f", []Action{ReplaceCall("x", "a + $1*2")},
		"func f() {\n\tv := 3 * x(b-c)\n}\n",
		"func f() {\n\tv := 3 * (a + (b-c)*2)\n}\n"},
	{"expression", "f", []Action{ReplaceExpr("a.b < c", "$0 && d")},
		"func f() {\n\tif a.b<c || e {\n\t}\n}\n",
		"func f() {\n\tif ((a.b<c) && d) || e {\n\t}\n}\n"},
	{"expression in a statement", "f", []Action{ReplaceExprIn(Calls("y"), "x", "z"), ReplaceCallIn(Calls("q"), "p", "r()")},
		"func f() {\n\tx(x)\n\ty(x)\n\tp()\n\tq(p())\n}\n",
		"func f() {\n\tx(x)\n\ty(z)\n\tp()\n\tq(r())\n}\n"},
	{"go and defer", "f", []Action{ReplaceCall("x", "y($1)"), ReplaceCall("z", "w()")},
		"func f() {\n\tgo x(1)\n\tdefer z()\n}\n",
		"func f() {\n\tgo y(1)\n\tdefer w()\n}\n"},

	{"fields", "type t", []Action{AddFields("f int; g bool")},
		"type t struct {\n\ta int // why\n}\n",
		"type t struct {\n\ta int // why\nf int; g bool }\n"},
	{"fields on one line", "type t", []Action{AddFields("f int")},
		"type t struct{ a int }\n",
		"type t struct{ a int ; f int }\n"},
	{"fields after a semicolon", "type t", []Action{AddFields("f int")},
		"type t struct{ a int; /* why */ }\n",
		"type t struct{ a int; /* why */ f int }\n"},
	{"fields of an empty struct", "type t", []Action{AddFields("f int")},
		"type t struct{}\n",
		"type t struct{f int }\n"},
	{"fields of a struct in a group", "type t", []Action{AddFields("f int")},
		"type (\n\ts struct {\n\t}\n\tt struct {\n\t\ta struct{}\n\t}\n)\n",
		"type (\n\ts struct {\n\t}\n\tt struct {\n\t\ta struct{}\n\tf int }\n)\n"},

	{"rename a function", "f", []Action{Rename("stockf")},
		"// f does.\n//\n//go:nosplit\nfunc f() { f() }\n",
		"// f does.\n//\n//go:nosplit\nfunc stockf() { f() }\n"},
	{"rename in a group", "var b", []Action{Rename("stockb")},
		"var (\n\ta int\n\tb, c int\n)\n",
		"var (\n\ta int\n\tstockb, c int\n)\n"},
	{"rename a type and edit it", "type t", []Action{Rename("stockt"), AddFields("f int")},
		"type t struct {\n}\n",
		"type stockt struct {\nf int }\n"},

	{"remove a function", "f", []Action{Remove()},
		"//go:linkname g\n\n// f does.\n//\n//go:linkname f q.f\n//go:nosplit\nfunc f() {\n\tx()\n}\n\nfunc g() {}\n",
		"//go:linkname g\n\n          \n  \n                   \n            \n          \n\t   \n \n\nfunc g() {}\n"},
	{"remove with directives away from the doc comment", "f", []Action{Remove()},
		"import _ \"unsafe\"\n\n//go:noinline\n\nfunc f() {}\n\n//go:linkname f q.f\n",
		"import _ \"unsafe\"\n\n             \n\n           \n\n                   \n"},
	{"remove with a linkname within", "f", []Action{Remove()},
		"func f() {\n\t//go:linkname f q.f\n}\n",
		"          \n\t                   \n \n"},
	{"remove between semicolons", "var b", []Action{Remove()},
		"var a int; var b int /* why */; var c int\n",
		"var a int;           /* why */  var c int\n"},
	{"remove from a group", "type b", []Action{Remove()},
		"type (\n\ta int\n\t// b is.\n\tb struct {\n\t}\n)\n",
		"type (\n\ta int\n\t        \n\t          \n\t \n)\n"},
	{"remove a constant that iota counts", "const b", []Action{Remove()},
		"const (\n\ta = iota\n\tb\n\tc\n)\n",
		"const (\n\ta = iota\n\t_\n\tc\n)\n"},
	{"remove one of two", "var a", []Action{Remove()},
		"//go:linkname a\nvar a, b = f()\n",
		"               \nvar _, b = f()\n"},
	{"remove between line directives", "f", []Action{Remove()},
		"// f does.\n//line x.y:5\nfunc f() {}\n",
		"          \n//line x.y:5\n           \n"},
}

func TestGolden(t *testing.T) {
	for _, test := range goldenTests {
		t.Run(test.what, func(t *testing.T) {
			stock, want := "package p\n"+test.stock, "package p\n"+test.want
			got, err := applyOne(t, stock, test.name, test.actions...)
			if err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("got\n%q\nwant\n%q", got, want)
			}
			checkLines(t, stock, got)
			crlf, err := applyOne(t, strings.ReplaceAll(stock, "\n", "\r\n"), test.name, test.actions...)
			if err != nil {
				t.Fatal("with CRLF:", err)
			}
			checkLines(t, stock, strings.ReplaceAll(crlf, "\r\n", "\n"))
		})
	}
}

func TestRefused(t *testing.T) {
	const f = "package p\nfunc f() int {\n\tx(1)\n\tx(2)\n\tgoto L\nL:\n\treturn 1\n}\nfunc asm()\ntype t struct {\n}\nvar f2 = 1\nfunc _() {}\nfunc d() {\n\tdefer q()\n}\nfunc m() {\n\tx(func() {\n\t}, 1)\n}\n"
	tests := []struct {
		what, name string
		actions    []Action
		want       string
	}{
		{"no match", "f", []Action{Before(Calls("y"), "g()")}, `Calls("y") matches no statement`},
		{"two matches", "f", []Action{Before(Calls("x"), "g()")}, `Calls("x") matches 2 statements (lines 3, 4): pick one with Nth or Within`},
		{"nth of too few", "f", []Action{Before(Nth(3, Calls("x")), "g()")}, `Nth(3, Calls("x")) matches no statement`},
		{"zeroth", "f", []Action{Before(Nth(0, Calls("x")), "g()")}, "counts from 1"},
		{"after return", "f", []Action{After(Returns(), "g()")}, "after which nothing runs"},
		{"after goto", "f", []Action{After(Starts("goto"), "g()")}, "after which nothing runs"},
		{"after labelled return", "f", []Action{After(Starts("L:"), "g()")}, "after which nothing runs"},
		{"inside no block", "f", []Action{Inside(Returns(), "g()")}, "without a block"},
		{"two calls", "f", []Action{ReplaceCall("x", "g()")}, "calls x 2 times, not once"},
		{"no call", "f", []Action{ReplaceCall("y", "g()")}, "calls y 0 times, not once"},
		{"too few arguments", "f", []Action{ReplaceCallIn(Nth(1, Calls("x")), "x", "g($2)")}, "the call has 1 arguments, no $2"},
		{"several lines out of order", "m", []Action{ReplaceCall("x", "g($2, $1)")}, "$1 has several lines"},
		{"arguments of an expression", "f", []Action{ReplaceExpr("1", "g($1)")}, "only a call has arguments"},
		{"all arguments outside of a call", "f", []Action{ReplaceCall("x", "g + $*")}, "must be among those of a call"},
		{"two lines", "f", []Action{Prologue("g()\nh()")}, "more than one line"},
		{"comment", "f", []Action{Prologue("g() // why")}, "has a comment"},
		{"open comment", "f", []Action{Prologue("g() /*")}, "is not Go"},
		{"no code", "f", []Action{Prologue(" ; ")}, "there is no code"},
		{"no Go", "f", []Action{Prologue("g(")}, "is not Go"},
		{"open raw string", "f", []Action{Prologue("g(`")}, "is not Go"},
		{"brace closed", "f", []Action{Prologue("}; func g() {")}, "closes a brace"},
		{"statement for an expression", "f", []Action{ReplaceExpr("2", "g(); h()")}, "is not"},
		{"empty pattern", "f", []Action{Before(Calls(""), "g()")}, "the pattern is empty"},
		{"no function", "type t", []Action{Prologue("g()")}, "has no body"},
		{"no body", "asm", []Action{Prologue("g()")}, "has no body"},
		{"no struct", "f", []Action{AddFields("a int")}, "is not a struct type"},
		{"method field", "type t", []Action{AddFields("a()")}, "is not Go"},
		{"rename without a body", "asm", []Action{Rename("g")}, "has no body"},
		{"rename to a keyword", "f", []Action{Rename("func")}, "not an identifier"},
		{"rename to a name that is there", "f", []Action{Rename("f2")}, "declares f2 already"},
		{"remove the nameless", "_", []Action{Remove()}, "has no name"},
		{"edit of the removed", "f", []Action{Remove(), Prologue("g()")}, `change the same text`},
		{"replaced twice", "f", []Action{ReplaceExpr("2", "3"), ReplaceStmt(Nth(2, Calls("x")), "g()")}, "change the same text"},
		{"wrapped twice", "f", []Action{ReplaceExpr("2", "g($0)"), ReplaceExpr("2", "h($0)")}, "change the same text"},
		{"names are no expressions", "f", []Action{ReplaceExpr("f", "g()")}, "has the expression f 0 times"},
		{"invalid outcome", "d", []Action{ReplaceCall("q", "r")}, `p/p.go: d: ReplaceCall("q", "r"): gives no valid Go: expression in defer must be function call`},
		{"not a language version", "f", []Action{Only("go1.26.8", Prologue("g()"))}, "not a language version"},
		{"wrong within Only", "f", []Action{Only("go1.27", Prologue(""))}, "there is no code"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			got, err := applyOne(t, f, test.name, test.actions...)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q; result\n%s", err, test.want, got)
			}
		})
	}
}

func TestSpliceKeepsLines(t *testing.T) {
	data := []byte("a\nb\nc\n")
	for _, test := range []struct {
		splice splice
		want   bool
	}{
		{splice{start: 0, end: 3, text: "x\ny"}, true},
		{splice{start: 1, end: 1, text: "x"}, true},
		{splice{start: 0, end: 3, text: "x"}, false},
		{splice{start: 1, end: 1, text: "\n"}, false},
	} {
		if got := test.splice.keepsLines(data); got != test.want {
			t.Errorf("%+v: got %v", test.splice, got)
		}
	}
}
